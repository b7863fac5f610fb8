"""STS: who calls with credentials that belong to nobody is the account's root user.

The emulated AWS takes any credentials and refuses them nothing, which in AWS is true of root alone.
moto 5.2.5 answers with a user that IAM does not know, so that its rights cannot be simulated.
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user.html
"""

from typing import Any

from moto.sts.models import STSBackend

from rehearsal.emulator.patches.seam import around

NOBODY = "user/moto"


def apply() -> None:
    """Wrap GetCallerIdentity."""

    @around(STSBackend, "get_caller_identity")
    def caller(original: Any, backend: Any, *args: Any, **more: Any) -> Any:
        user, arn, account = original(backend, *args, **more)
        if arn.endswith(f":{NOBODY}"):
            arn = f"arn:{backend.partition}:iam::{backend.account_id}:root"
            user = account
        return user, arn, account
