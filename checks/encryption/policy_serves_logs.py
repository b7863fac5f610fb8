"""CloudWatch Logs and the key."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, fail, need, undecided
from checks.lookups import key
from checks.sources import LOGS
from mwaa.naming import LOG_TYPES
from mwaa.subject import Subject
from proofs.kms import logs_may_use
from proofs.verdict import Verdict


class PolicyServesLogs(Check):
    id = "mwaa-encryption-policy-serves-logs"
    title = "The key's policy lets CloudWatch Logs encrypt the five log groups"
    severity = "mandatory"
    why = "Else: the KMS key does not exist or is not allowed to be used with the log group."
    remedy = Remedy(
        setting="encryption: customer-managed, or mend the policy of existingKeyArn",
        command="aws kms put-key-policy --key-id KEY --policy-name default --policy ..."
        " (logs.REGION.amazonaws.com with kms:EncryptionContext:aws:logs:arn)",
    )
    source = LOGS + "encrypt-log-data-kms.html"

    def judge(self, subject: Subject) -> Iterator[Finding]:
        found = key(subject)
        if found is None:
            return
        name = need(subject.environment.name, "the environment's name")
        account = subject.account
        region, owner = need(account.region, "the region"), need(account.id, "the account")
        partition = need(account.partition, "the partition")
        for suffix in LOG_TYPES.values():
            arn = f"arn:{partition}:logs:{region}:{owner}:log-group:airflow-{name}-{suffix}"
            proof = logs_may_use(found, region=region, log_group_arn=arn)
            if proof.verdict is Verdict.FAIL:
                yield fail(proof.reason, found.id)
                return
            if proof.verdict is Verdict.UNKNOWN:
                undecided(proof.reason)
