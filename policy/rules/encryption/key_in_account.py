"""Whose the key is."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.analysis.iam.request import account_of
from policy.rules.rule import Finding, Fix, Rule, fail, require
from policy.rules.sources import GUIDE


class KeyInAccount(Rule):
    id = "mwaa-encryption-key-in-account"
    title = "The key belongs to the environment's account"
    enforcement = "mandatory"
    severity = "high"
    why = (
        "MWAA, S3, SQS and CloudWatch Logs use the key with grants and policies of this account; "
        "nobody here can give them for another account's key."
    )
    fix = Fix(
        setting="existingKeyArn: a key of this account, or encryption: customer-managed",
        command="aws kms create-key (with credentials of the environment's account)",
    )
    source = GUIDE + "custom-keys-certs.html"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        arn = require(platform.environment.kms_key, "the KMS key")
        if arn is None or not arn.startswith("arn:"):
            return
        account = require(platform.account.id, "the account")
        if account_of(arn) != account:
            found = f"the key belongs to account {account_of(arn)}, the environment to {account}"
            yield fail(found, arn)
