"""The number of web servers."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, fail, need
from checks.sources import GUIDE
from mwaa.classes import CLASSES
from mwaa.subject import Subject


class WebserversInRange(Check):
    id = "mwaa-environment-webservers-in-range"
    title = "The number of web servers suits the class"
    severity = "mandatory"
    why = "MWAA refuses other numbers: mw1.micro has one web server, the others two to five."
    remedy = Remedy(
        setting="minWebservers and maxWebservers",
        command="aws mwaa update-environment --name NAME --min-webservers 2 --max-webservers 2",
    )
    source = GUIDE + "environment-class.html"

    def judge(self, subject: Subject) -> Iterator[Finding]:
        environment = subject.environment
        name = need(environment.environment_class, "the environment class")
        least = need(environment.min_webservers, "the least number of web servers")
        most = need(environment.max_webservers, "the most web servers")
        allowed = CLASSES.get(name or "mw1.small")
        for count in (least, most):
            if allowed and count is not None and not allowed.webservers.allows(count):
                yield fail(f"{count} web servers; {allowed.name} allows {allowed.webservers}")
        if least is not None and most is not None and least > most:
            yield fail(f"minWebservers {least} above maxWebservers {most}")
