"""S3: a bucket that is made in ``EU`` is in eu-west-1, and says ``EU`` for ever.

moto 5.2.5 refuses the name from eu-west-1, and takes it for a region from us-east-1.
https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html (LocationConstraint)
"""

from typing import Any

from moto.s3.responses import S3Response

from rehearsal.emulator.patches.seam import around

IRELAND = "eu-west-1"


def apply() -> None:
    """Wrap the creation and the question."""

    @around(S3Response, "_get_location_constraint")
    def constraint(original: Any, response: Any) -> Any:
        found = original(response)
        response.in_eu = found == "EU" and response.region in (IRELAND, "us-east-1")
        return IRELAND if response.in_eu else found

    @around(S3Response, "_bucket_response_put")
    def put(original: Any, response: Any, request: Any, bucket_name: str, query: Any) -> Any:
        answer = original(response, request, bucket_name, query)
        if getattr(response, "in_eu", False):
            response.backend.get_bucket(bucket_name).place = "EU"
        return answer

    @around(S3Response, "get_bucket_location")
    def location(original: Any, response: Any) -> Any:
        answer = original(response)
        place = getattr(response.backend.get_bucket(response.bucket_name), "place", "")
        if place:
            status, headers, body = answer
            return status, headers, body.replace(f">{IRELAND}<", f">{place}<")
        return answer
