"""The environment class."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, fail, need
from checks.sources import GUIDE
from mwaa.classes import CLASSES
from mwaa.subject import Subject


class ClassKnown(Check):
    id = "mwaa-environment-class-known"
    title = "The environment class is given and exists"
    severity = "mandatory"
    why = "An unknown class fails the create; a missing one leaves capacity and cost to a default."
    remedy = Remedy(
        setting=f"environmentClass: {', '.join(CLASSES)}",
        command="aws mwaa update-environment --name NAME --environment-class mw1.small",
    )
    source = GUIDE + "environment-class.html"

    def judge(self, subject: Subject) -> Iterator[Finding]:
        name = need(subject.environment.environment_class, "the environment class")
        if name is None:
            yield fail("no environment class is given; MWAA would choose mw1.small")
        elif name not in CLASSES:
            yield fail(f"class {name}; there are {', '.join(CLASSES)}")
