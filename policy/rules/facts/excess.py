"""What the execution role may do beyond what MWAA needs, as several rules ask for it."""

from collections.abc import Iterator

from mwaa.model.platform import Platform, known
from policy.analysis.iam.excess import UNREADABLE, find
from policy.analysis.verdict import Verdict
from policy.rules.facts.resources import role
from policy.rules.rule import Finding, fail, require, unknown


def excessive(platform: Platform, kind: str) -> Iterator[Finding]:
    """The excess of one kind; a policy that cannot be read may hold more of it."""
    found = role(platform)
    policies = found.policies if known(found.policies) else ()
    # What an unread policy can be about is known to be harmless to these rules.
    bounded = {
        f"policy {policy.name if known(policy.name) else policy.id}"
        for policy in policies
        if known(policy.concerns)
    }
    for excess in require(find(platform), "the role's policies"):
        unread = excess.kind == UNREADABLE
        if unread and excess.statement is not None and excess.statement.policy in bounded:
            continue
        if unread or excess.kind == kind:
            verdict = fail if excess.verdict is Verdict.FAIL else unknown
            yield verdict(excess.reason, found.id)
