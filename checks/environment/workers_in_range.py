"""The number of workers."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, fail, need
from checks.sources import API
from mwaa.subject import Subject


class WorkersInRange(Check):
    id = "mwaa-environment-workers-in-range"
    title = "The least number of workers is at least one and not above the most"
    severity = "mandatory"
    why = "MWAA refuses the environment otherwise."
    remedy = Remedy(
        setting="minWorkers and maxWorkers",
        command="aws mwaa update-environment --name NAME --min-workers 1 --max-workers 5",
    )
    source = API + "API_CreateEnvironment.html"

    def judge(self, subject: Subject) -> Iterator[Finding]:
        least = need(subject.environment.min_workers, "the least number of workers")
        most = need(subject.environment.max_workers, "the most workers")
        # Without a number MWAA takes 1 and 10.
        least, most = 1 if least is None else least, 10 if most is None else most
        if not 1 <= least <= most:
            yield fail(f"minWorkers {least}, maxWorkers {most}")
