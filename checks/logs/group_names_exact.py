"""The names of log groups made in advance."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, each, fail, need
from checks.sources import GUIDE
from mwaa.naming import meant_log_group
from mwaa.subject import LogGroup, Subject


class GroupNamesExact(Check):
    id = "mwaa-logs-group-names-exact"
    title = "Log groups of the environment have exactly the names that MWAA uses"
    severity = "mandatory"
    why = "Beside a group of another spelling MWAA makes its own, without retention and key."
    remedy = Remedy(
        setting="environmentName (names follow from it)",
        command="aws logs delete-log-group --log-group-name WRONG",
    )
    source = GUIDE + "monitoring-airflow.html"

    def judge(self, subject: Subject) -> Iterator[Finding]:
        environment = need(subject.environment.name, "the environment's name")

        def one(group: LogGroup) -> Iterator[Finding]:
            name = need(group.name, "a log group's name")
            # Only a near miss is a mistake: another environment's name may begin alike.
            meant = meant_log_group(environment, name)
            if meant and name != meant:
                yield fail(f"log group {name}; MWAA writes to {meant}", group.id)

        return each(need(subject.log_groups, "the log groups"), one)
