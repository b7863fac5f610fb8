"""No other keys beside the environment's own."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, fail, need, unknown
from checks.lookups import role
from checks.sources import GUIDE
from mwaa.subject import Subject
from proofs.kms import service_host
from proofs.needs import SERVICE_ACCOUNT
from proofs.permissions import may
from proofs.verdict import Verdict

# A key that nobody has: only a wildcard, or a list of exceptions, can allow it.
NOBODYS = "key/00000000-0000-0000-0000-000000000000"


class OneFormOfKey(Check):
    id = "mwaa-identity-one-form-of-key"
    title = "With a customer managed key the execution role may use no key that is not named"
    severity = "mandatory"
    why = "Statements of both forms contradict, and a wildcard opens the keys of everything else."
    remedy = Remedy(
        setting="existingRoleArn: empty, to have the role made",
        command="aws iam put-role-policy ... (the key's ARN as Resource; no NotResource, no *)",
    )
    source = GUIDE + "mwaa-create-role.html"

    def judge(self, subject: Subject) -> Iterator[Finding]:
        if need(subject.environment.kms_key, "the KMS key") is None:
            return
        identity = role(subject).id
        region = need(subject.account.region, "the region")
        partition = need(subject.account.partition, "the partition")
        account = need(subject.account.id, "the account")
        for owner, whose in (
            (SERVICE_ACCOUNT, "keys of other accounts"),
            (account, "any key of the account"),
        ):
            key = f"arn:{partition}:kms:{region}:{owner}:{NOBODYS}"
            decisions = [
                may(subject, "kms:Decrypt", key, **{"kms:ViaService": service_host(name, region)})
                for name in ("sqs", "s3")
            ]
            for verdict, finding, modal in (
                (Verdict.PASS, fail, "may"),
                (Verdict.UNKNOWN, unknown, "may perhaps"),
            ):
                found = next((d for d in decisions if d.verdict is verdict), None)
                if found is not None:
                    yield finding(
                        f"the role {modal} decrypt with {whose}: {found.reason}", identity
                    )
                    break
