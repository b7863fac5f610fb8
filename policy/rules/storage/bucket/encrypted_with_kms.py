"""Default encryption of the bucket."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.rules.facts.resources import bucket
from policy.rules.rule import Finding, Fix, Rule, fail, require
from policy.rules.sources import S3


class EncryptedWithKms(Rule):
    id = "mwaa-storage-encrypted-with-kms"
    title = "With a customer managed key the bucket is encrypted with KMS and bucket keys"
    enforcement = "advisory"
    severity = "medium"
    why = "Else DAGs lie outside of the key's protection, or each object costs a KMS request."
    fix = Fix(
        setting="existingBucketName: empty, to have the bucket made",
        command="aws s3api put-bucket-encryption --bucket BUCKET"
        " --server-side-encryption-configuration"
        " 'Rules=[{ApplyServerSideEncryptionByDefault={SSEAlgorithm=aws:kms,KMSMasterKeyID=KEY},"
        "BucketKeyEnabled=true}]'",
    )
    source = S3 + "bucket-key.html"
    frameworks = ("AWS FSBP S3.17", "checkov CKV_AWS_145")

    def judge(self, platform: Platform) -> Iterator[Finding]:
        if require(platform.environment.kms_key, "the KMS key") is None:
            return
        found = bucket(platform)
        encryption = require(found.encryption, "the bucket's encryption")
        if encryption is None or not require(encryption.algorithm, "its algorithm").startswith(
            "aws:"
        ):
            yield fail("the bucket is not encrypted with KMS", found.id)
        elif not require(encryption.bucket_key, "whether bucket keys are on"):
            yield fail("bucket keys are off", found.id)
