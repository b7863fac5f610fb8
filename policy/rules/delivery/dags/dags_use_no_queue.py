"""Queues that tasks name."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.rules.facts.artifacts import sources
from policy.rules.rule import FILES, Finding, Fix, Rule, fail
from policy.rules.sources import GUIDE


class DagsUseNoQueue(Rule):
    id = "mwaa-delivery-dags-use-no-queue"
    title = "No task names a queue of its own"
    enforcement = "mandatory"
    severity = "high"
    why = "MWAA's workers read one queue: a task in another waits without end and without a log."
    fix = Fix(command="grep -rn 'queue=' dags (and remove the argument)")
    source = GUIDE + "t-apache-airflow-202.html"
    origins = FILES

    def judge(self, platform: Platform) -> Iterator[Finding]:
        yield from sources(
            platform,
            lambda name, file: [
                fail(f"{name}:{spot.line} sends a task to a queue of its own")
                for spot in file.queues
            ],
        )
