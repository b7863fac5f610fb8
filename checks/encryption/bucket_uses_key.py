"""The bucket's key."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, fail, need
from checks.lookups import bucket
from checks.sources import GUIDE
from mwaa.subject import Subject, known


class BucketUsesKey(Check):
    id = "mwaa-encryption-bucket-uses-key"
    title = "A bucket encrypted with KMS uses the environment's key"
    severity = "mandatory"
    why = "The execution role may use that key and no other: DAGs would be unreadable."
    remedy = Remedy(
        setting="encryption and existingBucketName with one key",
        command="aws s3api put-bucket-encryption --bucket BUCKET"
        " --server-side-encryption-configuration ...",
    )
    source = GUIDE + "mwaa-s3-bucket.html"

    def judge(self, subject: Subject) -> Iterator[Finding]:
        found = bucket(subject)
        encryption = need(found.encryption, "the bucket's encryption")
        if encryption is None or need(encryption.algorithm, "its algorithm") == "AES256":
            return
        theirs = need(encryption.key, "the bucket's key")
        ours = need(subject.environment.kms_key, "the KMS key")
        key = subject.key
        names = {ours}
        if known(key) and key is not None:
            names |= {key.id} | ({key.arn} if known(key.arn) else set())
        if theirs not in names and not (theirs and ours and theirs.endswith(ours.split("/")[-1])):
            yield fail("the bucket is encrypted with another key than the environment", found.id)
