"""EC2: the default security group of a VPC admits its own members.

moto 5.2.5 gives it no rule in.
https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html
"""

from typing import Any

from moto.ec2.models import EC2Backend

from rehearsal.emulator.patches.seam import around


def apply() -> None:
    """Wrap the making of groups."""

    @around(EC2Backend, "create_security_group")
    def create(original: Any, backend: Any, *args: Any, **more: Any) -> Any:
        group = original(backend, *args, **more)
        if group.is_default:
            backend.authorize_security_group_ingress(
                group.id,
                ip_protocol="-1",
                from_port=None,
                to_port=None,
                ip_ranges=[],
                source_groups=[{"GroupId": group.id, "OwnerId": backend.account_id}],
            )
        return group
