"""The number of web servers."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from mwaa.service.classes import CLASSES
from policy.rules.rule import Finding, Fix, Rule, fail, require
from policy.rules.sources import GUIDE


class WebserversInRange(Rule):
    id = "mwaa-environment-webservers-in-range"
    title = "The number of web servers suits the class"
    enforcement = "mandatory"
    severity = "high"
    why = "MWAA refuses other numbers: mw1.micro has one web server, the others two to five."
    fix = Fix(
        setting="minWebservers and maxWebservers",
        command="aws mwaa update-environment --name NAME --min-webservers 2 --max-webservers 2",
    )
    source = GUIDE + "environment-class.html"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        environment = platform.environment
        name = require(environment.environment_class, "the environment class")
        least = require(environment.min_webservers, "the least number of web servers")
        most = require(environment.max_webservers, "the most web servers")
        allowed = CLASSES.get(name or "mw1.small")
        for count in (least, most):
            if allowed and count is not None and not allowed.webservers.allows(count):
                yield fail(f"{count} web servers; {allowed.name} allows {allowed.webservers}")
        if least is not None and most is not None and least > most:
            yield fail(f"minWebservers {least} above maxWebservers {most}")
