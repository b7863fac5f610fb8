"""The bucket's key."""

from collections.abc import Iterator

from mwaa.model.platform import Platform, known
from policy.rules.facts.resources import bucket
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
        ours = require(platform.environment.kms_key, "the KMS key")
        key = platform.key
        names = {ours}
        if known(key) and key is not None:
            names |= {key.id} | ({key.arn} if known(key.arn) else set())
        if theirs not in names and not (theirs and ours and theirs.endswith(ours.split("/")[-1])):
            yield fail("the bucket is encrypted with another key than the environment", found.id)
