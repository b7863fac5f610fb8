"""The environment's network interfaces."""

from collections.abc import Iterator

from checks.check import LIVE, Check, Finding, Remedy, fail, need
from checks.lookups import group_ids, subnet_ids
from checks.sources import GUIDE
from mwaa.subject import Subject


class InterfacesPresent(Check):
    id = "mwaa-environment-interfaces-present"
    title = "Both subnets hold network interfaces of the environment in use"
    severity = "mandatory"
    why = "Without interfaces no scheduler or worker runs in that zone."
    remedy = Remedy(
        command="aws ec2 describe-network-interfaces --filters Name=group-id,Values=GROUP"
    )
    source = GUIDE + "networking-about.html"
    origins = LIVE

    def judge(self, subject: Subject) -> Iterator[Finding]:
        if subject.environment.status != "AVAILABLE":
            return
        interfaces = need(subject.interfaces, "the network interfaces")
        ours = set(group_ids(subject))
        for identity in subnet_ids(subject):
            inside = [i for i in interfaces if i.subnet == identity and ours & {*i.security_groups}]
            if not any(interface.status == "in-use" for interface in inside):
                yield fail(f"no interface of the environment is in use in subnet {identity}")
