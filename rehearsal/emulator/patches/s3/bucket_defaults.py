"""S3: a new bucket encrypts, keeps the public out and takes no ACLs.

moto 5.2.5 leaves all three unset, and takes any ACL. https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-encryption-faq.html
(since January 2023) and https://docs.aws.amazon.com/AmazonS3/latest/userguide/create-bucket-faq.html
(since April 2023). Encryption that is deleted is SSE-S3 again.
ACLs: https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
"""

from typing import Any

from moto.s3.exceptions import MissingBucket, S3ClientError
from moto.s3.models import S3Backend
from moto.s3.responses import S3Response

from rehearsal.emulator.patches.seam import around

OWNER = "BucketOwnerEnforced"


class _RefusedError(S3ClientError):
    """400 with code and message as given; defined outside moto's packages."""


def _names_acl(headers: Any) -> bool:
    """Whether an ACL is given that is not the owner's own."""
    given = {name.lower(): value for name, value in headers.items()}
    canned = given.get("x-amz-acl", "bucket-owner-full-control")
    return canned != "bucket-owner-full-control" or any(
        name.startswith("x-amz-grant-") for name in given
    )


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
        bucket.ownership_rule = OWNER
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

    @around(S3Response, "_acl_from_headers")
    def acl(original: Any, response: Any, headers: Any) -> Any:
        try:
            rule = response.backend.get_bucket(response.bucket_name).ownership_rule
        except MissingBucket:
            rule = None
        if rule == OWNER and _names_acl(headers) and not getattr(response, "creates", False):
            raise _RefusedError("AccessControlListNotSupported", "The bucket does not allow ACLs")
        return original(response, headers)

    @around(S3Response, "_bucket_response_put")
    def put(original: Any, response: Any, request: Any, bucket_name: str, query: Any) -> Any:
        response.creates = not query
        asked = request.headers.get("x-amz-object-ownership", OWNER)
        acl = request.headers.get("x-amz-acl", "private")
        if response.creates and asked == OWNER and acl != "private":
            raise _RefusedError(
                "InvalidBucketAclWithObjectOwnership",
                "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
            )
        return original(response, request, bucket_name, query)
