"""The number of security groups."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.rules.facts.resources import group_ids
from policy.rules.rule import Finding, Fix, Rule, fail
from policy.rules.sources import API


class GroupCount(Rule):
    id = "mwaa-network-group-count"
    title = "The environment has one to five security groups"
    enforcement = "mandatory"
    severity = "high"
    why = "MWAA refuses any other number."
    fix = Fix(
        setting="additionalSecurityGroupIds: four at most",
        command="aws mwaa update-environment --name NAME --network-configuration"
        " SecurityGroupIds=GROUP",
    )
    source = API + "API_NetworkConfiguration.html"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        count = len(group_ids(platform))
        if not 1 <= count <= 5:
            yield fail(f"{count} security groups")
