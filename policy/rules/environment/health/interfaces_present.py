"""The environment's network interfaces."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.rules.facts.resources import group_ids, subnet_ids
from policy.rules.rule import AFTERWARDS, LIVE, Finding, Fix, Rule, fail, require
from policy.rules.sources import GUIDE


class InterfacesPresent(Rule):
    id = "mwaa-environment-interfaces-present"
    title = "Both subnets hold network interfaces of the environment in use"
    enforcement = "mandatory"
    severity = "high"
    why = "Without interfaces no scheduler or worker runs in that zone."
    fix = Fix(command="aws ec2 describe-network-interfaces --filters Name=group-id,Values=GROUP")
    source = GUIDE + "networking-about.html"
    origins = LIVE
    stages = AFTERWARDS

    def judge(self, platform: Platform) -> Iterator[Finding]:
        if platform.environment.status != "AVAILABLE":
            return
        interfaces = require(platform.interfaces, "the network interfaces")
        ours = set(group_ids(platform))
        for identity in subnet_ids(platform):
            inside = [i for i in interfaces if i.subnet == identity and ours & {*i.security_groups}]
            if not any(interface.status == "in-use" for interface in inside):
                yield fail(f"no interface of the environment is in use in subnet {identity}")
