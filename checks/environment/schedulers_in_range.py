"""The number of schedulers."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, fail, need
from checks.sources import GUIDE
from mwaa.classes import CLASSES
from mwaa.subject import Subject


class SchedulersInRange(Check):
    id = "mwaa-environment-schedulers-in-range"
    title = "The number of schedulers suits the class"
    severity = "mandatory"
    why = "MWAA refuses other numbers: mw1.micro has one scheduler, the others two to five."
    remedy = Remedy(
        setting="schedulers",
        command="aws mwaa update-environment --name NAME --schedulers 2",
    )
    source = GUIDE + "environment-class.html"

    def judge(self, subject: Subject) -> Iterator[Finding]:
        name = need(subject.environment.environment_class, "the environment class")
        count = need(subject.environment.schedulers, "the number of schedulers")
        allowed = CLASSES.get(name or "mw1.small")
        if allowed and count is not None and not allowed.schedulers.allows(count):
            yield fail(f"{count} schedulers; {allowed.name} allows {allowed.schedulers}")
