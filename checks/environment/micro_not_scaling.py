"""What mw1.micro cannot do."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, fail, need
from checks.sources import GUIDE
from mwaa.classes import CLASSES
from mwaa.subject import Subject


class MicroNotScaling(Check):
    id = "mwaa-environment-micro-not-scaling"
    title = "A class without scaling has one worker and asks for no more"
    severity = "mandatory"
    why = "mw1.micro runs one hybrid worker and scheduler; MWAA refuses or ignores other numbers."
    remedy = Remedy(
        setting="environmentClass: mw1.small, or maxWorkers: 1",
        command="aws mwaa update-environment --name NAME --environment-class mw1.small",
    )
    source = GUIDE + "environment-class.html"

    def judge(self, subject: Subject) -> Iterator[Finding]:
        name = need(subject.environment.environment_class, "the environment class")
        allowed = CLASSES.get(name or "mw1.small")
        if allowed is None or allowed.scales:
            return
        for setting, value in (
            ("minWorkers", subject.environment.min_workers),
            ("maxWorkers", subject.environment.max_workers),
        ):
            count = need(value, setting)
            if count is not None and count != 1:
                yield fail(f"{setting} {count} on {allowed.name}")
