"""What mw1.micro cannot do."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from mwaa.service.classes import CLASSES
from policy.rules.rule import Finding, Fix, Rule, fail, require
from policy.rules.sources import GUIDE


class MicroNotScaling(Rule):
    id = "mwaa-environment-micro-not-scaling"
    title = "A class without scaling has one worker and asks for no more"
    enforcement = "mandatory"
    severity = "high"
    why = "mw1.micro runs one hybrid worker and scheduler; MWAA refuses or ignores other numbers."
    fix = Fix(
        setting="environmentClass: mw1.small, or maxWorkers: 1",
        command="aws mwaa update-environment --name NAME --environment-class mw1.small",
    )
    source = GUIDE + "environment-class.html"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        name = require(platform.environment.environment_class, "the environment class")
        allowed = CLASSES.get(name or "mw1.small")
        if allowed is None or allowed.scales:
            return
        for setting, value in (
            ("minWorkers", platform.environment.min_workers),
            ("maxWorkers", platform.environment.max_workers),
        ):
            count = require(value, setting)
            if count is not None and count != 1:
                yield fail(f"{setting} {count} on {allowed.name}")
