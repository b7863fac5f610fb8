"""KMS: a key that was made without saying what for tells its usage, and that it is of one region.

moto 5.2.5 leaves out of DescribeKey what CreateKey did not give.
https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html (defaults)
"""

from typing import Any

from moto.kms.models import KmsBackend

from rehearsal.emulator.patches.seam import around


def apply() -> None:
    """Wrap the creation."""

    @around(KmsBackend, "create_key")
    def create(original: Any, backend: Any, *args: Any, **more: Any) -> Any:
        key = original(backend, *args, **more)
        key.key_usage = key.key_usage or "ENCRYPT_DECRYPT"
        key.multi_region = bool(key.multi_region)
        return key
