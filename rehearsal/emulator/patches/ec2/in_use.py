"""EC2: what something else depends on is not deleted.

moto 5.2.5 deletes subnets that hold network interfaces and groups that interfaces or other
groups' rules refer to. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteSubnet.html
and https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteSecurityGroup.html
"""

from typing import Any

from moto.ec2.exceptions import DependencyViolationError
from moto.ec2.models import EC2Backend

from rehearsal.emulator.patches.seam import around


def _members(backend: Any, group: str) -> bool:
    return any(group in {member.id for member in eni.group_set} for eni in backend.enis.values())


def _referred(backend: Any, group: str) -> bool:
    return any(
        rule.source_group.get("GroupId") == group
        for groups in backend.groups.values()
        for other in groups.values()
        if other.id != group
        for rule in (*other.ingress_rules, *other.egress_rules)
    )


def apply() -> None:
    """Wrap both deletions."""

    @around(EC2Backend, "delete_subnet")
    def delete_subnet(original: Any, backend: Any, subnet_id: str) -> Any:
        if any(eni.subnet.id == subnet_id for eni in backend.enis.values()):
            raise DependencyViolationError(
                f"The subnet '{subnet_id}' has dependencies and cannot be deleted."
            )
        return original(backend, subnet_id)

    @around(EC2Backend, "delete_security_group")
    def delete_group(
        original: Any, backend: Any, name: str | None = None, group_id: str | None = None
    ) -> Any:
        if group_id and (_members(backend, group_id) or _referred(backend, group_id)):
            raise DependencyViolationError(f"resource {group_id} has a dependent object")
        return original(backend, name, group_id)
