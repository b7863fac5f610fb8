"""The number of schedulers."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from mwaa.service.classes import CLASSES
from policy.rules.rule import Finding, Fix, Rule, fail, require
from policy.rules.sources import GUIDE


class SchedulersInRange(Rule):
    id = "mwaa-environment-schedulers-in-range"
    title = "The number of schedulers suits the class"
    enforcement = "mandatory"
    severity = "high"
    why = "MWAA refuses other numbers: mw1.micro has one scheduler, the others two to five."
    fix = Fix(
        setting="schedulers",
        command="aws mwaa update-environment --name NAME --schedulers 2",
    )
    source = GUIDE + "environment-class.html"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        name = require(platform.environment.environment_class, "the environment class")
        count = require(platform.environment.schedulers, "the number of schedulers")
        allowed = CLASSES.get(name or "mw1.small")
        if allowed and count is not None and not allowed.schedulers.allows(count):
            yield fail(f"{count} schedulers; {allowed.name} allows {allowed.schedulers}")
