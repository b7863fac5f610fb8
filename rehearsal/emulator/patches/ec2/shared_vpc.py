"""RAM and EC2: a shared subnet is there for the accounts it is shared with, and its VPC, routes and
access lists with it; they make security groups and interfaces in it, and nothing else of the VPC.

moto 5.2.5 writes a share down, and gives nobody anything of it.
https://docs.aws.amazon.com/vpc/latest/userguide/vpc-share-limitations.html and, for the refusal,
https://repost.aws/knowledge-center/vpc-interface-endpoint-creation-errors
"""

from typing import Any

from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import EC2Backend, ec2_backends
from moto.ec2.models.route_tables import RouteTable
from moto.ram.models import ResourceAccessManagerBackend

from rehearsal.emulator.patches.seam import around

# What only the owner of a VPC makes in it.
OWNERS = ("create_vpc_endpoint", "create_subnet", "create_route_table")


class _RefusedError(EC2ClientError):
    """Code and message as given; defined outside moto's packages."""


def _account(principal: str) -> str:
    """The account of a principal: its number, or the ARN of its root."""
    return principal.split(":")[4] if principal.startswith("arn:") else principal


def _share(owner: Any, participant: Any, subnet_id: str) -> None:
    subnet = owner.get_subnet(subnet_id)
    participant.vpcs[subnet.vpc_id] = owner.vpcs[subnet.vpc_id]
    participant.subnets[subnet.availability_zone][subnet_id] = subnet
    for kind in ("route_tables", "network_acls"):
        theirs = getattr(owner, kind)
        getattr(participant, kind).update(
            {key: one for key, one in theirs.items() if one.vpc_id == subnet.vpc_id}
        )


def apply() -> None:
    """Wrap the share, and what a participant may not do."""

    @around(ResourceAccessManagerBackend, "create_resource_share")
    def share(original: Any, backend: Any, **given: Any) -> Any:
        answer = original(backend, **given)
        for arn in given.get("resourceArns") or ():
            _, _, service, region, account, resource = arn.split(":", 5)
            if service != "ec2" or not resource.startswith("subnet/"):
                continue
            for principal in given.get("principals") or ():
                _share(
                    ec2_backends[account][region],
                    ec2_backends[_account(principal)][region],
                    resource.removeprefix("subnet/"),
                )
        return answer

    for name in OWNERS:

        @around(EC2Backend, name)
        def make(original: Any, backend: Any, *args: Any, **more: Any) -> Any:
            vpc = backend.vpcs.get(more.get("vpc_id") or (args[0] if args else None))
            if vpc is not None and vpc.owner_id != backend.account_id:
                raise _RefusedError(
                    "UnauthorizedOperation", "This operation does not support shared VPCs."
                )
            made = original(backend, *args, **more)
            if isinstance(made, RouteTable):
                every: list[Any] = [one for _, _, one in ec2_backends.iter_backends()]
                for other in every:
                    if made.vpc_id in other.vpcs:
                        other.route_tables[made.id] = made
            return made
