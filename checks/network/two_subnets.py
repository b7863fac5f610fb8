"""The number of subnets."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, fail
from checks.lookups import subnet_ids
from checks.sources import API
from mwaa.subject import Subject


class TwoSubnets(Check):
    id = "mwaa-network-two-subnets"
    title = "The environment stands in exactly two subnets"
    severity = "mandatory"
    why = "MWAA refuses any other number, and the subnets cannot be changed later."
    remedy = Remedy(
        setting="existingSubnetIds: two",
        command="aws mwaa create-environment --network-configuration SubnetIds=ONE,TWO,... ...",
    )
    source = API + "API_NetworkConfiguration.html"

    def judge(self, subject: Subject) -> Iterator[Finding]:
        count = len(subnet_ids(subject))
        if count != 2:
            yield fail(f"{count} subnets")
