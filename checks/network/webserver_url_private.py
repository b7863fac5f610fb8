"""The URL of the living web server."""

from collections.abc import Iterator

from checks.check import LIVE, Check, Finding, Remedy, fail, need
from checks.sources import GUIDE
from mwaa.subject import Subject


class WebserverUrlPrivate(Check):
    id = "mwaa-network-webserver-url-private"
    title = "The web server's URL is a private one"
    severity = "mandatory"
    why = "The access mode is a wish; the URL is what the service made of it."
    remedy = Remedy(
        setting="webserverAccessMode: PRIVATE_ONLY",
        command="aws mwaa update-environment --name NAME --webserver-access-mode PRIVATE_ONLY",
    )
    source = GUIDE + "vpc-vpe-access.html"
    origins = LIVE

    def judge(self, subject: Subject) -> Iterator[Finding]:
        if subject.environment.webserver_access_mode != "PRIVATE_ONLY":
            return
        url = need(subject.environment.webserver_url, "the web server's URL")
        if url is not None and "-vpce." not in url:
            yield fail(f"the web server answers at {url}")
