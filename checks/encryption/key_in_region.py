"""Where the key is."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, fail, need
from checks.sources import GUIDE
from mwaa.subject import Subject


class KeyInRegion(Check):
    id = "mwaa-encryption-key-in-region"
    title = "The key is in the environment's region"
    severity = "mandatory"
    why = "A key works in its own region only."
    remedy = Remedy(
        setting="existingKeyArn: a key of aws:region",
        command="aws kms create-key --region REGION",
    )
    source = GUIDE + "custom-keys-certs.html"

    def judge(self, subject: Subject) -> Iterator[Finding]:
        name = need(subject.environment.kms_key, "the KMS key")
        if name is None or not name.startswith("arn:"):
            return
        region = need(subject.account.region, "the region")
        if name.split(":")[3] != region:
            yield fail(f"the key is in {name.split(':')[3]}, the environment in {region}")
