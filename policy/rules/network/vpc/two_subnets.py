"""The number of subnets."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.rules.facts.resources import subnet_ids
from policy.rules.rule import Finding, Fix, Rule, fail
from policy.rules.sources import API


class TwoSubnets(Rule):
    id = "mwaa-network-two-subnets"
    title = "The environment stands in exactly two subnets"
    enforcement = "mandatory"
    severity = "high"
    why = "MWAA refuses any other number, and the subnets cannot be changed later."
    fix = Fix(
        setting="existingSubnetIds: two",
        command="aws mwaa create-environment --name NAME --network-configuration"
        " SubnetIds=SUBNET,ANOTHER (only at create)",
    )
    source = API + "API_NetworkConfiguration.html"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        count = len(subnet_ids(platform))
        if count != 2:
            yield fail(f"{count} subnets")
