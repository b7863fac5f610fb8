"""IAM: whose an access key is, is looked for where there are keys.

moto 5.2.5 looks into all partitions of every account for each request that it does not know, and
so makes an IAM of each of them first, with more than a thousand of AWS's own policies in each.
"""

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.iam import models

from rehearsal.emulator.registry import SeamError


def _account_of(access_key: str) -> str:
    for account, partitions in list(models.iam_backends.items()):
        for backend in list(partitions.values()):
            if access_key in backend.access_keys:
                return str(account)
    return str(DEFAULT_ACCOUNT_ID)


def apply() -> None:
    """Replace the function that every request asks."""
    if not hasattr(models, "get_account_id_from"):
        raise SeamError(
            "moto no longer has moto.iam.models.get_account_id_from: look whether the patch is "
            "still needed"
        )
    setattr(models, "get_account_id_from", _account_of)  # noqa: B010
