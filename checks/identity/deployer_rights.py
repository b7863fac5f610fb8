"""What the caller of a create must be allowed."""

from collections.abc import Iterator

from checks.check import LIVE, Check, Finding, Remedy, fail, need
from checks.sources import GUIDE
from mwaa.subject import Subject


class DeployerRights(Check):
    id = "mwaa-identity-deployer-rights"
    title = "The caller may do all that creating the environment takes"
    severity = "mandatory"
    why = "MWAA acts with the caller's rights: passes the role, makes endpoints, grants the key."
    remedy = Remedy(command="mwaa permissions deployer (prints the policy the caller needs)")
    source = GUIDE + "access-policies.html"
    origins = LIVE

    def judge(self, subject: Subject) -> Iterator[Finding]:
        caller = subject.account.caller
        for right in need(subject.account.caller_rights, "the caller's rights"):
            # The service-linked role has a rule of its own: it is needed once per account.
            if not right.allowed and right.action != "iam:CreateServiceLinkedRole":
                yield fail(f"{caller} may not {right.action} on {right.resource}: {right.reason}")
