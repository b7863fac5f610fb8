"""Whether the access mode is written down."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.rules.rule import Finding, Fix, Rule, fail, require
from policy.rules.sources import API


class AccessModeExplicit(Rule):
    id = "mwaa-environment-access-mode-explicit"
    title = "The web server's access mode is written down"
    enforcement = "mandatory"
    severity = "low"
    why = "Without one the service decides who reaches the UI, and its default may change."
    fix = Fix(
        setting="webserverAccessMode: PRIVATE_ONLY",
        command="aws mwaa update-environment --name NAME --webserver-access-mode PRIVATE_ONLY",
    )
    source = API + "API_CreateEnvironment.html"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        if require(platform.environment.webserver_access_mode, "the access mode") is None:
            yield fail("no web server access mode is given")
