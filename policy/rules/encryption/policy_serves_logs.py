"""CloudWatch Logs and the key."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from mwaa.names import LOG_TYPES
from policy.analysis.iam.kms import logs_may_use
from policy.analysis.verdict import Verdict
from policy.rules.facts.resources import key
from policy.rules.rule import Finding, Fix, Rule, fail, require, undecided
from policy.rules.sources import LOGS


class PolicyServesLogs(Rule):
    id = "mwaa-encryption-policy-serves-logs"
    title = "The key's policy lets CloudWatch Logs encrypt the five log groups"
    enforcement = "mandatory"
    severity = "high"
    why = "Else: the KMS key does not exist or is not allowed to be used with the log group."
    fix = Fix(
        setting="encryption: customer-managed, or another policy of existingKeyArn",
        command="aws kms put-key-policy --key-id KEY --policy-name default --policy"
        " KEY_POLICY (and the statements that others need)",
    )
    source = LOGS + "encrypt-log-data-kms.html"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        found = key(platform)
        if found is None:
            return
        name = require(platform.environment.name, "the environment's name")
        account = platform.account
        region, owner = require(account.region, "the region"), require(account.id, "the account")
        partition = require(account.partition, "the partition")
        for suffix in LOG_TYPES.values():
            arn = f"arn:{partition}:logs:{region}:{owner}:log-group:airflow-{name}-{suffix}"
            proof = logs_may_use(found, region=region, log_group_arn=arn)
            if proof.verdict is Verdict.FAIL:
                yield fail(proof.reason, found.id, fix=f"{proof.remedy}, of key {found.id}")
                return
            if proof.verdict is Verdict.UNKNOWN:
                undecided(proof.reason)
