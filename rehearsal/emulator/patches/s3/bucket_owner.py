"""S3: a request that expects another owner of the bucket than it has is refused.

moto 5.2.5 does not read the expectation.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-owner-condition.html
"""

from typing import Any

from moto.s3.exceptions import S3AccessDeniedError
from moto.s3.models import s3_backends
from moto.s3.responses import S3Response

from rehearsal.emulator.patches.seam import around

HEADER = "x-amz-expected-bucket-owner"


def apply() -> None:
    """Wrap requests to buckets and to objects."""
    for name in ("_bucket_response", "_key_response"):

        @around(S3Response, name)
        def answer(original: Any, response: Any, request: Any, *args: Any, **more: Any) -> Any:
            full_url = args[0] if args else more["full_url"]
            bucket = response.parse_bucket_name_from_url(request, full_url)
            expected = request.headers.get(HEADER)
            if expected and s3_backends.bucket_accounts.get(bucket, ("", expected))[1] != expected:
                raise S3AccessDeniedError
            return original(response, request, *args, **more)
