"""S3: an object is not encrypted with a key that does not exist or is not enabled.

moto 5.2.5 takes any key id, in the request or as the bucket's default.
https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html (KMS errors)
"""

from typing import Any

from moto.kms.models import kms_backends
from moto.s3.exceptions import S3ClientError
from moto.s3.models import S3Backend

from rehearsal.emulator.patches.seam import around


class _KeyError(S3ClientError):
    """400 with a code of KMS; defined outside moto's packages, so that the code stands."""


def _state(wanted: str, account: str, region: str) -> str | None:
    """The state of a key given by id, alias or ARN; None where there is none."""
    parts = wanted.split(":")
    if len(parts) > 5:
        region, account = parts[3], parts[4]
    backend: Any = kms_backends[account][region]
    if "alias/" in wanted:
        return "Enabled" if backend.get_key_id_from_alias(wanted.rpartition(":")[2]) else None
    key = backend.keys.get(wanted.rpartition("/")[2])
    state: str | None = key.key_state if key else None
    return state


def apply() -> None:
    """Wrap the making of objects."""

    @around(S3Backend, "put_object")
    def put(original: Any, backend: Any, bucket_name: str, *args: Any, **more: Any) -> Any:
        bucket = backend.get_bucket(bucket_name)
        default = (
            (bucket.encryption or {}).get("Rule", {}).get("ApplyServerSideEncryptionByDefault", {})
        )
        wanted = more.get("kms_key_id") or default.get("KMSMasterKeyID")
        if wanted:
            state = _state(wanted, bucket.account_id, bucket.region_name)
            if state is None:
                raise _KeyError("KMS.NotFoundException", f"Key '{wanted}' does not exist")
            if state != "Enabled":
                code = "DisabledException" if state == "Disabled" else "KMSInvalidStateException"
                raise _KeyError(f"KMS.{code}", f"{wanted} is {state}.")
        return original(backend, bucket_name, *args, **more)
