"""The zones of the subnets."""

from collections.abc import Iterator

from mwaa.model.platform import Platform, known
from policy.rules.facts.resources import subnets
from policy.rules.rule import Finding, Fix, Rule, fail, require
from policy.rules.sources import GUIDE


class DistinctZones(Rule):
    id = "mwaa-network-distinct-zones"
    title = "The two subnets are in two availability zones"
    enforcement = "mandatory"
    severity = "high"
    why = "MWAA refuses two subnets in one zone."
    fix = Fix(
        setting="availabilityZones: two different ones, or other existingSubnetIds",
        command="aws ec2 describe-subnets --subnet-ids SUBNETS",
    )
    source = GUIDE + "networking-about.html"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        found = subnets(platform)
        # Zone ids compare across accounts; names do where both subnets are of one account.
        by_id = all(known(subnet.zone_id) for subnet in found)
        zones = [
            require(subnet.zone_id if by_id else subnet.zone, "a subnet's zone") for subnet in found
        ]
        if len(set(zones)) < len(zones):
            yield fail(f"both subnets are in {zones[0]}")
