"""The URL of the web server."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.rules.rule import AFTERWARDS, LIVE, Finding, Fix, Rule, fail, require
from policy.rules.sources import GUIDE


class WebserverUrlPrivate(Rule):
    id = "mwaa-network-webserver-url-private"
    title = "The web server's URL is a private one"
    enforcement = "mandatory"
    severity = "medium"
    why = "The access mode says what was asked for, the URL what the service did."
    fix = Fix(
        setting="webserverAccessMode: PRIVATE_ONLY",
        command="aws mwaa update-environment --name NAME --webserver-access-mode PRIVATE_ONLY",
    )
    source = GUIDE + "vpc-vpe-access.html"
    origins = LIVE
    stages = AFTERWARDS

    def judge(self, platform: Platform) -> Iterator[Finding]:
        if platform.environment.webserver_access_mode != "PRIVATE_ONLY":
            return
        url = require(platform.environment.webserver_url, "the web server's URL")
        if url is not None and "-vpce." not in url:
            yield fail(f"the web server answers at {url}")
