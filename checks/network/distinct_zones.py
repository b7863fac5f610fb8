"""The zones of the subnets."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, fail, need
from checks.lookups import subnets
from checks.sources import GUIDE
from mwaa.subject import Subject, known


class DistinctZones(Check):
    id = "mwaa-network-distinct-zones"
    title = "The two subnets are in two availability zones"
    severity = "mandatory"
    why = "MWAA refuses two subnets in one zone."
    remedy = Remedy(
        setting="availabilityZones: two different ones, or other existingSubnetIds",
        command="aws ec2 describe-subnets --subnet-ids ONE TWO",
    )
    source = GUIDE + "networking-about.html"

    def judge(self, subject: Subject) -> Iterator[Finding]:
        found = subnets(subject)
        # Zone ids compare across accounts; names do where both subnets are of one account.
        by_id = all(known(subnet.zone_id) for subnet in found)
        zones = [
            need(subnet.zone_id if by_id else subnet.zone, "a subnet's zone") for subnet in found
        ]
        if len(set(zones)) < len(zones):
            yield fail(f"both subnets are in {zones[0]}")
