"""IAM: MWAA's service-linked role has the name that MWAA knows it by, and is made once.

moto 5.2.5 calls it AWSServiceRoleForairflow, so that who made it by hand has not made it, and names
another error for the second time. https://docs.aws.amazon.com/mwaa/latest/userguide/mwaa-slr.html
Wording: https://github.com/lgallard/terraform-aws-elasticsearch/issues/5
"""

from typing import Any

from moto.iam.exceptions import EntityAlreadyExists, InvalidInput
from moto.iam.models import SERVICE_NAME_CONVERSION, IAMBackend

from rehearsal.emulator.patches.seam import around


def apply() -> None:
    """Add the name where moto has none, and wrap CreateServiceLinkedRole."""
    SERVICE_NAME_CONVERSION.setdefault("airflow", "AmazonMWAA")

    @around(IAMBackend, "create_service_linked_role")
    def create(original: Any, backend: Any, service_name: str, *args: Any, **more: Any) -> Any:
        try:
            return original(backend, service_name, *args, **more)
        except EntityAlreadyExists as taken:
            name = str(taken.message).split()[3]
            raise InvalidInput(
                f"Service role name {name} has been taken in this account, please try a different "
                "suffix."
            ) from None
