"""One broken fact in the source bucket."""

from mwaa.subject import UNKNOWN, PublicAccessBlock
from tests.checks.cases import bucket, law, subject

ALL = {
    "block_public_acls": True,
    "ignore_public_acls": True,
    "block_public_policy": True,
    "restrict_public_buckets": True,
}

CASES = [
    *law(
        "mwaa-storage-public-access-blocked",
        fail=[
            bucket(public_access=None),
            *(bucket(public_access=PublicAccessBlock(**(ALL | {flag: False}))) for flag in ALL),
        ],
        unknown=[
            bucket(public_access=UNKNOWN),
            bucket(public_access=PublicAccessBlock(**(ALL | {"block_public_policy": UNKNOWN}))),
            subject(bucket=UNKNOWN),
        ],
    ),
]
