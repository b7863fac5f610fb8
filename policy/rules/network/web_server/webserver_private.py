"""The web server's access mode."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.rules.rule import Finding, Fix, Rule, fail, require
from policy.rules.sources import GUIDE


class WebserverPrivate(Rule):
    id = "mwaa-network-webserver-private"
    title = "The web server is reachable only inside the VPC"
    enforcement = "mandatory"
    severity = "critical"
    why = "The Airflow UI and REST API run code; on the internet one stolen token is enough."
    fix = Fix(
        setting="webserverAccessMode: PRIVATE_ONLY",
        command="aws mwaa update-environment --name NAME --webserver-access-mode PRIVATE_ONLY",
    )
    source = GUIDE + "configuring-networking.html"
    frameworks = ("CIS AWS Foundations: least exposure", "checkov CKV2_AWS_66")

    def judge(self, platform: Platform) -> Iterator[Finding]:
        mode = require(platform.environment.webserver_access_mode, "the web server's access mode")
        # An allow-list: a rule against PUBLIC_ONLY alone lets PUBLIC_AND_PRIVATE through.
        # Left open, the service and the provider do not even agree on the default.
        if mode != "PRIVATE_ONLY":
            yield fail(f"webserver access mode {mode or 'not given'}; only PRIVATE_ONLY is private")
