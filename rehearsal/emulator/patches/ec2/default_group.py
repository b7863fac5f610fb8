"""EC2: the default security group of a VPC admits its own members, and stays.

moto 5.2.5 gives it no rule in, deletes it, and makes a second one of its name.
https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html and
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html (CannotDelete,
InvalidParameterValue)
"""

from typing import Any

from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import EC2Backend
from moto.ec2.responses import EC2Response

from rehearsal.emulator.patches.seam import around


class _RefusedError(EC2ClientError):
    """Code and message as given; defined outside moto's packages."""


def apply() -> None:
    """Wrap the making and the deletion of groups."""

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

    # A VPC makes and deletes its group by the backend.
    @around(EC2Response, "create_security_group")
    def asked(original: Any, response: Any) -> Any:
        if response._get_param("GroupName") == "default":
            raise _RefusedError(
                "InvalidParameterValue", "Cannot use reserved security group name: default"
            )
        return original(response)

    @around(EC2Response, "delete_security_group")
    def delete(original: Any, response: Any) -> Any:
        wanted = response._get_param("GroupId")
        found = response.ec2_backend.get_security_group_from_id(wanted) if wanted else None
        if found is not None and found.is_default:
            raise _RefusedError(
                "CannotDelete",
                f'the specified group: "{wanted}" name: "default" cannot be deleted by a user',
            )
        return original(response)
