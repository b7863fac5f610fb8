"""Whether the access mode is written down."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, fail, need
from checks.sources import API
from mwaa.subject import Subject


class AccessModeExplicit(Check):
    id = "mwaa-environment-access-mode-explicit"
    title = "The web server's access mode is written down"
    severity = "mandatory"
    why = "Without one the service decides who reaches the UI, and its default may change."
    remedy = Remedy(
        setting="webserverAccessMode: PRIVATE_ONLY",
        command="aws mwaa update-environment --name NAME --webserver-access-mode PRIVATE_ONLY",
    )
    source = API + "API_CreateEnvironment.html"

    def judge(self, subject: Subject) -> Iterator[Finding]:
        if need(subject.environment.webserver_access_mode, "the access mode") is None:
            yield fail("no web server access mode is given")
