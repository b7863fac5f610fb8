"""Who makes MWAA's grants."""

from collections.abc import Iterator

from checks.check import LIVE, Check, Finding, Remedy, fail, need
from checks.lookups import key
from checks.sources import GUIDE
from mwaa.subject import Subject


class DeployerMayGrant(Check):
    id = "mwaa-encryption-deployer-may-grant"
    title = "The caller may create grants on the key"
    severity = "mandatory"
    why = "MWAA makes four grants with the caller's rights, and fails the create without them."
    remedy = Remedy(command="mwaa permissions deployer (prints the policy the caller needs)")
    source = GUIDE + "custom-keys-certs.html"
    origins = LIVE

    def judge(self, subject: Subject) -> Iterator[Finding]:
        found = key(subject)
        if found is None:
            return
        for right in need(subject.account.caller_rights, "the caller's rights"):
            if right.action == "kms:CreateGrant" and not right.allowed:
                yield fail(f"{subject.account.caller} may not kms:CreateGrant", found.id)
