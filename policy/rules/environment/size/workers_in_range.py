"""The number of workers."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.rules.rule import Finding, Fix, Rule, fail, require
from policy.rules.sources import API


class WorkersInRange(Rule):
    id = "mwaa-environment-workers-in-range"
    title = "minWorkers is at least one and not above maxWorkers"
    enforcement = "mandatory"
    severity = "high"
    why = "MWAA refuses the environment otherwise."
    fix = Fix(
        setting="minWorkers and maxWorkers",
        command="aws mwaa update-environment --name NAME --min-workers 1 --max-workers 5",
    )
    source = API + "API_CreateEnvironment.html"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        least = require(platform.environment.min_workers, "the least number of workers")
        most = require(platform.environment.max_workers, "the most workers")
        # Without a number MWAA takes 1 and 10.
        least, most = 1 if least is None else least, 10 if most is None else most
        if not 1 <= least <= most:
            yield fail(f"minWorkers {least}, maxWorkers {most}")
