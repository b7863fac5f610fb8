"""How the environment names its key."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, fail, need
from checks.sources import GUIDE
from mwaa.subject import Subject


class KeyNamedByArn(Check):
    id = "mwaa-encryption-key-named-by-arn"
    title = "The environment names its key by the key's ARN"
    severity = "mandatory"
    why = "MWAA does not support aliases, and the provider refuses key ids."
    remedy = Remedy(
        setting="existingKeyArn: arn:aws:kms:REGION:ACCOUNT:key/ID",
        command="aws kms describe-key --key-id alias/NAME --query KeyMetadata.Arn",
    )
    source = GUIDE + "custom-keys-certs.html"

    def judge(self, subject: Subject) -> Iterator[Finding]:
        name = need(subject.environment.kms_key, "the KMS key")
        # Before the key exists its URN stands for the ARN.
        if name is not None and not name.startswith("urn:") and ":key/" not in name:
            yield fail(f"the key is named {name!r}")
