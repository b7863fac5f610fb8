"""Who may reach the private web server."""

from collections.abc import Iterator

from mwaa.model.platform import GroupRule, Maybe, Platform, known
from mwaa.service.ports import HTTPS
from policy.rules.facts.resources import group_ids, groups
from policy.rules.rule import Finding, Fix, Rule, fail, require
from policy.rules.sources import GUIDE


class WebserverClients(Rule):
    id = "mwaa-network-webserver-clients"
    title = "Somebody besides the environment may reach the private web server"
    enforcement = "advisory"
    severity = "low"
    why = "Without a client network or group no person can open the Airflow UI."
    fix = Fix(
        setting="webserverClientCidrs or webserverClientSecurityGroupIds",
        command="aws ec2 authorize-security-group-ingress --group-id GROUP --protocol tcp"
        " --port 443 --cidr CIDR_OF_CLIENTS",
    )
    source = GUIDE + "vpc-vpe-access.html"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        if require(platform.environment.webserver_access_mode, "the access mode") == "PUBLIC_ONLY":
            return
        own = set(group_ids(platform))
        rules = [
            rule for item in groups(platform) for rule in require(item.ingress, "a group's ingress")
        ]
        if not any(_admits_clients(rule, own) for rule in rules):
            yield fail("no rule admits anyone else on 443")


def _admits_clients(rule: GroupRule, own: set[Maybe[str]]) -> bool:
    # A rule with an unknown part may be the one; this advice does not guess against it.
    if not known(rule.protocol) or not known(rule.from_port) or not known(rule.to_port):
        return True
    on_https = rule.protocol == "-1" or (
        rule.protocol == "tcp" and (rule.from_port or 0) <= HTTPS <= (rule.to_port or 65535)
    )
    return on_https and not (known(rule.group) and rule.group in own)
