"""Default encryption of the bucket."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, fail, need
from checks.lookups import bucket
from checks.sources import S3
from mwaa.subject import Subject


class EncryptedWithKms(Check):
    id = "mwaa-storage-encrypted-with-kms"
    title = "With a customer managed key the bucket is encrypted with KMS and bucket keys"
    severity = "advisory"
    why = "Else DAGs lie outside of the key's protection, or each object costs a KMS request."
    remedy = Remedy(
        setting="existingBucketName: empty, to have the bucket made",
        command="aws s3api put-bucket-encryption --bucket BUCKET"
        " --server-side-encryption-configuration ... (BucketKeyEnabled true)",
    )
    source = S3 + "bucket-key.html"
    frameworks = ("AWS FSBP S3.17", "checkov CKV_AWS_145")

    def judge(self, subject: Subject) -> Iterator[Finding]:
        if need(subject.environment.kms_key, "the KMS key") is None:
            return
        found = bucket(subject)
        encryption = need(found.encryption, "the bucket's encryption")
        if encryption is None or not need(encryption.algorithm, "its algorithm").startswith("aws:"):
            yield fail("the bucket is not encrypted with KMS", found.id)
        elif not need(encryption.bucket_key, "whether bucket keys are on"):
            yield fail("bucket keys are off", found.id)
