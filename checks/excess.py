"""What the execution role may do beyond need, as several rules ask for it."""

from collections.abc import Iterator

from checks.check import Finding, fail, need, unknown
from checks.lookups import role
from mwaa.subject import Subject, known
from proofs.excess import UNREADABLE, find
from proofs.verdict import Verdict


def excessive(subject: Subject, kind: str) -> Iterator[Finding]:
    """The excess of one kind; a policy that cannot be read may hold more of it."""
    found = role(subject)
    policies = found.policies if known(found.policies) else ()
    # What an unread policy can be about is known to be harmless to these rules.
    bounded = {
        f"policy {policy.name if known(policy.name) else policy.id}"
        for policy in policies
        if known(policy.concerns)
    }
    for excess in need(find(subject), "the role's policies"):
        unread = excess.kind == UNREADABLE
        if unread and excess.statement is not None and excess.statement.policy in bounded:
            continue
        if unread or excess.kind == kind:
            verdict = fail if excess.verdict is Verdict.FAIL else unknown
            yield verdict(excess.reason, found.id)
