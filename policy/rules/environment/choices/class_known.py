"""The environment class."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from mwaa.service.classes import CLASSES
from policy.rules.rule import Finding, Fix, Rule, fail, require
from policy.rules.sources import GUIDE


class ClassKnown(Rule):
    id = "mwaa-environment-class-known"
    title = "The environment class is given and exists"
    enforcement = "mandatory"
    severity = "high"
    why = "An unknown class fails the create; a missing one leaves capacity and cost to a default."
    fix = Fix(
        setting=f"environmentClass: {', '.join(CLASSES)}",
        command="aws mwaa update-environment --name NAME --environment-class mw1.small",
    )
    source = GUIDE + "environment-class.html"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        name = require(platform.environment.environment_class, "the environment class")
        if name is None:
            yield fail("no environment class is given; MWAA would choose mw1.small")
        elif name not in CLASSES:
            yield fail(f"class {name}; there are {', '.join(CLASSES)}")
