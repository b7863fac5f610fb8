"""EC2: DescribeSecurityGroupRules returns the description of every rule.

moto 5.2.5 returns those of address ranges only: a rule on a group or prefix list has none.
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_SecurityGroupRule.html
"""

import inspect
from typing import Any

from moto.ec2.models.security_groups import SecurityGroupRule

from rehearsal.emulator.patches.seam import around
from rehearsal.emulator.registry import SeamError


def _description(rule: Any) -> str | None:
    kept: str | None = getattr(rule, "prefix_list_description", None)
    return rule.ip_range.get("Description") or rule.source_group.get("Description") or kept


def apply() -> None:
    """Read the description where it stands."""
    if not isinstance(vars(SecurityGroupRule).get("description"), property):
        raise SeamError(
            "moto no longer has moto.ec2.models.security_groups.SecurityGroupRule.description as "
            f"a property, which {__name__} patches: look whether the patch is still needed"
        )

    @around(SecurityGroupRule, "__init__")
    def init(original: Any, rule: Any, *args: Any, **more: Any) -> None:
        original(rule, *args, **more)
        given = inspect.signature(original).bind(rule, *args, **more).arguments
        rule.prefix_list_description = (given.get("prefix_list_id") or {}).get("Description")

    setattr(SecurityGroupRule, "description", property(_description))  # noqa: B010 - moto's class
