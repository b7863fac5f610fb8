"""Whose key encrypts the environment."""

from collections.abc import Iterator

from mwaa.model.platform import Key, Platform
from policy.rules.rule import Finding, Fix, Rule, fail, require
from policy.rules.sources import GUIDE


class CustomerKey(Rule):
    id = "mwaa-encryption-customer-key"
    title = "A customer managed key encrypts the environment"
    enforcement = "mandatory"
    severity = "medium"
    why = (
        "With a key of AWS the execution role must be allowed any foreign key, and nobody here can "
        "audit, rotate or withdraw it. The key cannot be changed after the create."
    )
    fix = Fix(
        setting="encryption: customer-managed",
        command="aws mwaa create-environment --name NAME --kms-key NEW_KEY (only at create)",
    )
    source = GUIDE + "custom-keys-certs.html"
    frameworks = ("NIST 800-53 SC-12", "PCI DSS 3.6")

    def judge(self, platform: Platform) -> Iterator[Finding]:
        if require(platform.environment.kms_key, "the KMS key") is None:
            yield fail("no KMS key is given, so AWS uses a key of its own")
            return
        if isinstance(platform.key, Key) and platform.key.manager == "AWS":
            yield fail("the key is managed by AWS", platform.key.id)
