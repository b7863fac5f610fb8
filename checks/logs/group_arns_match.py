"""The groups that the environment says it writes to."""

from collections.abc import Iterator

from checks.check import LIVE, Check, Finding, Remedy, each, fail, need
from checks.lookups import log_modules
from checks.sources import GUIDE
from mwaa.subject import Subject


class GroupArnsMatch(Check):
    id = "mwaa-logs-group-arns-match"
    title = "Every log module that is on writes to a group that exists"
    severity = "mandatory"
    why = "A deleted group is not made again: the logs stay blank."
    remedy = Remedy(
        setting="logLevels (and pulumi up --refresh)",
        command="aws logs create-log-group --log-group-name airflow-NAME-Task",
    )
    source = GUIDE + "t-cloudwatch-cloudtrail-logs.html"
    origins = LIVE

    def judge(self, subject: Subject) -> Iterator[Finding]:
        modules = log_modules(subject)
        names = [need(g.name, "a name") for g in need(subject.log_groups, "the log groups")]

        def one(module: str) -> Iterator[Finding]:
            if modules[module].enabled is not True:
                return
            arn = need(modules[module].log_group_arn, f"the group of the {module} log")
            name = (arn or "").partition(":log-group:")[2].removesuffix(":*")
            if not name:
                yield fail(f"the {module} log is on, and the environment names no group for it")
            elif name not in names:
                yield fail(f"the {module} log's group {name} does not exist")

        return each(modules, one)
