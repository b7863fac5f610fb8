"""Where the key is."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.rules.rule import Finding, Fix, Rule, fail, require
from policy.rules.sources import GUIDE


class KeyInRegion(Rule):
    id = "mwaa-encryption-key-in-region"
    title = "The key is in the environment's region"
    enforcement = "mandatory"
    severity = "high"
    why = "A key works in its own region only."
    fix = Fix(
        setting="existingKeyArn: a key of aws:region",
        command="aws kms create-key --region REGION",
    )
    source = GUIDE + "custom-keys-certs.html"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        name = require(platform.environment.kms_key, "the KMS key")
        if name is None or not name.startswith("arn:"):
            return
        region = require(platform.account.region, "the region")
        if name.split(":")[3] != region:
            yield fail(f"the key is in {name.split(':')[3]}, the environment in {region}")
