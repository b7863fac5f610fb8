"""The groups that the environment says it writes to."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from mwaa.names import LOG_TYPES
from policy.rules.facts.resources import log_modules
from policy.rules.rule import (
    AFTERWARDS,
    LIVE,
    Finding,
    Fix,
    Rule,
    each,
    fail,
    require,
)
from policy.rules.sources import GUIDE


class GroupArnsMatch(Rule):
    id = "mwaa-logs-group-arns-match"
    title = "Every log module that is on writes to a group that exists"
    enforcement = "mandatory"
    severity = "high"
    why = "A deleted group is not made again: the logs stay blank."
    fix = Fix(
        setting="logLevels (and pulumi up --refresh)",
        command="aws logs create-log-group --log-group-name LOG_GROUP",
    )
    source = GUIDE + "t-cloudwatch-cloudtrail-logs.html"
    origins = LIVE
    stages = AFTERWARDS

    def judge(self, platform: Platform) -> Iterator[Finding]:
        modules = log_modules(platform)
        environment = require(platform.environment.name, "the environment's name")
        names = [require(g.name, "a name") for g in require(platform.log_groups, "the log groups")]

        def one(module: str) -> Iterator[Finding]:
            if modules[module].enabled is not True:
                return
            arn = require(modules[module].log_group_arn, f"the group of the {module} log")
            name = (arn or "").partition(":log-group:")[2].removesuffix(":*")
            if not name:
                what = f"the {module} log is on, and the environment names no group for it"
                yield fail(what, words={"LOG_GROUP": f"airflow-{environment}-{LOG_TYPES[module]}"})
            elif name not in names:
                what = f"the {module} log's group {name} does not exist"
                yield fail(what, words={"LOG_GROUP": name})

        return each(modules, one)
