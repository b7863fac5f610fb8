"""How the environment names its key."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.rules.rule import Finding, Fix, Rule, fail, require
from policy.rules.sources import GUIDE


class KeyNamedByArn(Rule):
    id = "mwaa-encryption-key-named-by-arn"
    title = "The environment names its key by the key's ARN"
    enforcement = "mandatory"
    severity = "high"
    why = "MWAA does not support aliases, and the provider refuses key ids."
    fix = Fix(
        setting="existingKeyArn: arn:aws:kms:REGION:ACCOUNT:key/ID",
        command="aws kms describe-key --key-id KEY --query KeyMetadata.Arn",
    )
    source = GUIDE + "custom-keys-certs.html"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        name = require(platform.environment.kms_key, "the KMS key")
        # Before the key exists its URN stands for the ARN.
        if name is not None and not name.startswith("urn:") and ":key/" not in name:
            yield fail(f"the key is named {name!r}")
