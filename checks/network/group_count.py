"""The number of security groups."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, fail
from checks.lookups import group_ids
from checks.sources import API
from mwaa.subject import Subject


class GroupCount(Check):
    id = "mwaa-network-group-count"
    title = "The environment has one to five security groups"
    severity = "mandatory"
    why = "MWAA refuses any other number."
    remedy = Remedy(
        setting="additionalSecurityGroupIds: four at most",
        command="aws mwaa update-environment --name NAME --network-configuration"
        " SecurityGroupIds=GROUP",
    )
    source = API + "API_NetworkConfiguration.html"

    def judge(self, subject: Subject) -> Iterator[Finding]:
        count = len(group_ids(subject))
        if not 1 <= count <= 5:
            yield fail(f"{count} security groups")
