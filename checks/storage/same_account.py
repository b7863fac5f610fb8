"""Whose the bucket is."""

from collections.abc import Iterator

from checks.check import LIVE, Check, Finding, Remedy, fail, need
from checks.lookups import bucket
from checks.sources import GUIDE
from mwaa.subject import Subject


class SameAccount(Check):
    id = "mwaa-storage-same-account"
    title = "The source bucket belongs to the environment's account"
    severity = "mandatory"
    why = "MWAA verifies the account's own public-access block; another account's bucket fails."
    remedy = Remedy(
        setting="existingBucketName: a bucket of this account",
        command="aws s3api head-bucket --bucket BUCKET --expected-bucket-owner ACCOUNT",
    )
    source = GUIDE + "mwaa-s3-bucket.html"
    origins = LIVE

    def judge(self, subject: Subject) -> Iterator[Finding]:
        found = bucket(subject)
        owner = need(found.owner, "the bucket's owner")
        account = need(subject.account.id, "the account")
        if owner != account:
            yield fail(f"the bucket belongs to {owner}", found.id)
