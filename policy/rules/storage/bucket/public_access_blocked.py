"""The public-access block of the bucket, or of its account."""

from collections.abc import Iterator
from dataclasses import fields

from mwaa.model.platform import UNKNOWN, Platform, PublicAccessBlock, known
from policy.rules.facts.resources import bucket
from policy.rules.rule import Finding, Fix, Rule, each, fail, require
from policy.rules.sources import GUIDE


class PublicAccessBlocked(Rule):
    id = "mwaa-storage-public-access-blocked"
    title = "All four public-access flags are on, for the source bucket or for its account"
    enforcement = "mandatory"
    severity = "critical"
    why = (
        "MWAA refuses a bucket without them, and DAGs in a public bucket are everyone's to change."
    )
    fix = Fix(
        command="aws s3api put-public-access-block --bucket BUCKET"
        " --public-access-block-configuration BlockPublicAcls=true,IgnorePublicAcls=true,"
        "BlockPublicPolicy=true,RestrictPublicBuckets=true"
    )
    source = GUIDE + "mwaa-s3-bucket.html"
    frameworks = ("AWS FSBP S3.8", "CIS AWS Foundations 2.1.4", "checkov CKV_AWS_53")

    def judge(self, platform: Platform) -> Iterator[Finding]:
        found = bucket(platform)
        own = require(found.public_access, "the bucket's public-access block")
        account = platform.account.public_access
        if platform.origin == "plan" and not known(account):
            # A plan knows no account, and can block what it makes.
            account = None
        if own is None and account is None:
            yield fail("neither the bucket nor the account has a public-access block", found.id)
            return

        def one(flag: str) -> Iterator[Finding]:
            # S3 applies whichever of the two is stricter, flag by flag.
            words = {"bucket": own, "account": account}
            blocks = [UNKNOWN if not known(b) else b and getattr(b, flag) for b in words.values()]
            if True in blocks:
                return
            for whose, on in zip(words, blocks, strict=True):
                require(on, f"the {whose}'s flag {flag}")
            yield fail(f"{flag} is off", found.id)

        yield from each([field.name for field in fields(PublicAccessBlock)], one)
