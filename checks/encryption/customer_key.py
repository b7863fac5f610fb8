"""Whose key encrypts the environment."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, fail, need
from checks.sources import GUIDE
from mwaa.subject import Key, Subject


class CustomerKey(Check):
    id = "mwaa-encryption-customer-key"
    title = "A customer managed key encrypts the environment"
    severity = "mandatory"
    why = (
        "With a key of AWS the execution role must be allowed any foreign key, and nobody here can "
        "audit, rotate or withdraw it. The key cannot be changed after the create."
    )
    remedy = Remedy(
        setting="encryption: customer-managed",
        command="aws mwaa create-environment --kms-key KEY_ARN ... (only at create)",
    )
    source = GUIDE + "custom-keys-certs.html"
    frameworks = ("NIST 800-53 SC-12", "PCI DSS 3.6")

    def judge(self, subject: Subject) -> Iterator[Finding]:
        if need(subject.environment.kms_key, "the KMS key") is None:
            yield fail("no KMS key is given, so AWS uses a key of its own")
            return
        if isinstance(subject.key, Key) and subject.key.manager == "AWS":
            yield fail("the key is managed by AWS", subject.key.id)
