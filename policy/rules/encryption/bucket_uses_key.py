"""The bucket's key."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.rules.facts.resources import bucket, same_key
from policy.rules.rule import Finding, Fix, Rule, fail, require
from policy.rules.sources import GUIDE


class BucketUsesKey(Rule):
    id = "mwaa-encryption-bucket-uses-key"
    title = "A bucket encrypted with KMS uses the environment's key"
    enforcement = "mandatory"
    severity = "medium"
    why = "The execution role may use that key and no other: DAGs would be unreadable."
    fix = Fix(
        setting="encryption and existingBucketName with one key",
        command="aws s3api put-bucket-encryption --bucket BUCKET"
        " --server-side-encryption-configuration"
        " 'Rules=[{ApplyServerSideEncryptionByDefault={SSEAlgorithm=aws:kms,KMSMasterKeyID=KEY},"
        "BucketKeyEnabled=true}]'",
    )
    source = GUIDE + "mwaa-s3-bucket.html"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        found = bucket(platform)
        encryption = require(found.encryption, "the bucket's encryption")
        if encryption is None or require(encryption.algorithm, "its algorithm") == "AES256":
            return
        theirs = require(encryption.key, "the bucket's key")
        if theirs is None or not same_key(platform, theirs):
            yield fail("the bucket is encrypted with another key than the environment", found.id)
