"""S3: a new bucket encrypts, keeps the public out and has no ACLs.

moto 5.2.5 leaves all three unset. https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-encryption-faq.html
(since January 2023) and https://docs.aws.amazon.com/AmazonS3/latest/userguide/create-bucket-faq.html
(since April 2023). Encryption that is deleted is SSE-S3 again.
"""

from typing import Any

from moto.s3.models import S3Backend

from rehearsal.emulator.patches.seam import around


def _encrypt(bucket: Any) -> None:
    default = {"SSEAlgorithm": "AES256"}
    bucket.encryption = {
        "Rule": {"ApplyServerSideEncryptionByDefault": default, "BucketKeyEnabled": "false"}
    }


def apply() -> None:
    """Wrap the creation of buckets and the deletion of their encryption."""

    @around(S3Backend, "create_bucket")
    def create(original: Any, backend: Any, *args: Any, **more: Any) -> Any:
        bucket = original(backend, *args, **more)
        _encrypt(bucket)
        bucket.ownership_rule = "BucketOwnerEnforced"
        backend.put_public_access_block(
            bucket.name,
            dict.fromkeys(
                (
                    "BlockPublicAcls",
                    "IgnorePublicAcls",
                    "BlockPublicPolicy",
                    "RestrictPublicBuckets",
                ),
                "true",
            ),
        )
        return bucket

    @around(S3Backend, "delete_bucket_encryption")
    def plain(original: Any, backend: Any, bucket_name: str) -> None:
        original(backend, bucket_name)
        _encrypt(backend.get_bucket(bucket_name))
