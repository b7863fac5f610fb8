"""Whose the bucket is."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.rules.facts.resources import bucket
from policy.rules.rule import LIVE, Finding, Fix, Rule, fail, require
from policy.rules.sources import GUIDE


class SameAccount(Rule):
    id = "mwaa-storage-same-account"
    title = "The source bucket belongs to the environment's account"
    enforcement = "mandatory"
    severity = "high"
    why = "MWAA verifies the account's own public-access block; another account's bucket fails."
    fix = Fix(
        setting="existingBucketName: a bucket of this account",
        command="aws s3api head-bucket --bucket BUCKET --expected-bucket-owner ACCOUNT",
    )
    source = GUIDE + "mwaa-s3-bucket.html"
    origins = LIVE

    def judge(self, platform: Platform) -> Iterator[Finding]:
        found = bucket(platform)
        owner = require(found.owner, "the bucket's owner")
        account = require(platform.account.id, "the account")
        if owner != account:
            yield fail(f"the bucket belongs to {owner}", found.id)
