"""What the execution role may do beyond what MWAA needs, as several rules ask for it."""

from collections.abc import Iterator

from mwaa.model.platform import Platform, known
from policy.analysis.iam.excessive_permissions import UNREADABLE, find
from policy.analysis.verdict import Verdict
from policy.rules.facts.resources import role
from policy.rules.rule import Finding, fail, require, unknown


def excessive(platform: Platform, kind: str) -> Iterator[Finding]:
    """The excessive permissions of one kind; a policy that cannot be read may hold more of it."""
    found = role(platform)
    policies = found.policies if known(found.policies) else ()
    # What an unread policy can be about is known to be harmless to these rules.
    bounded = {
        f"policy {policy.name if known(policy.name) else policy.id}"
        for policy in policies
        if known(policy.concerns)
    }
    for permission in require(find(platform), "the role's policies"):
        unread = permission.kind == UNREADABLE
        if unread and permission.statement is not None and permission.statement.policy in bounded:
            continue
        if unread or permission.kind == kind:
            if permission.verdict is Verdict.FAIL:
                yield fail(permission.reason, found.id, fix=permission.remedy)
            else:
                yield unknown(permission.reason, found.id)
