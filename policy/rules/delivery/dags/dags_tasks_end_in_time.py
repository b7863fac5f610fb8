"""How long tasks may run."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from mwaa.service.image import TASK_HOURS
from policy.rules.facts.artifacts import sources
from policy.rules.rule import FILES, Finding, Fix, Rule, fail
from policy.rules.sources import GUIDE


class DagsTasksEndInTime(Rule):
    id = "mwaa-delivery-dags-tasks-end-in-time"
    title = f"No task is allowed to run for more than {TASK_HOURS} hours"
    enforcement = "advisory"
    severity = "medium"
    why = f"After {TASK_HOURS} h the queue hands a task that still runs to a second worker."
    fix = Fix(command="grep -rn execution_timeout dags (and split the task, or defer it)")
    source = GUIDE + "t-apache-airflow-202.html"
    origins = FILES

    def judge(self, platform: Platform) -> Iterator[Finding]:
        yield from sources(
            platform,
            lambda name, file: [
                fail(f"{name}:{line} has an execution_timeout of {hours:g} h")
                for line, hours in file.hours
                if hours > TASK_HOURS
            ],
        )
