"""What the execution role and the caller may do, as several rules ask for it."""

from collections.abc import Callable, Iterator

from mwaa.model.platform import Decision, Document, Maybe, Platform, Policy, known
from policy.analysis.iam import caller
from policy.analysis.iam.evaluate import evaluate
from policy.analysis.iam.permissions import Permission, prove
from policy.analysis.iam.request import Request
from policy.analysis.iam.required import RequiredPermission
from policy.analysis.verdict import Verdict
from policy.rules.facts.resources import role
from policy.rules.rule import Finding, fail, require, undecided, unknown


def missing_permissions(platform: Platform, *topics: str) -> Iterator[Finding]:
    """The required permissions of the topics that are not given, one finding for each reason."""
    identity = role(platform).id
    broken: dict[str, Permission] = {}
    doubtful: dict[str, Permission] = {}
    for permission in prove(platform):
        if permission.required.topic not in topics or permission.verdict is Verdict.PASS:
            continue
        by_action = broken if permission.verdict is Verdict.FAIL else doubtful
        by_action.setdefault(permission.required.action, permission)
    for one in broken.values():
        # One more policy of the role gives what no policy gives, and nothing that another denies.
        yield fail(one.proof.reason, identity, fix="" if one.is_ungiven else one.proof.remedy)
    for one in doubtful.values():
        yield unknown(one.proof.reason, identity)


def caller_may(
    platform: Platform, asked: Callable[[Decision], bool], resource: str | None = None
) -> Iterator[Finding]:
    """The rights that the caller of a create lacks, or may lack, among those ``asked`` for."""
    rights = require(caller.rights(platform), "the caller's rights")
    found = [right for right in rights if asked(right)]
    if not found:
        undecided("not known: the caller's rights")
    who = platform.account.caller
    doubtful: dict[tuple[str, str], list[str]] = {}
    for right in found:
        if not known(right.allowed):
            doubtful.setdefault((right.resource, right.reason), []).append(right.action)
        elif not right.allowed:
            what = f"{right.action} on {right.resource}"
            yield fail(f"{who} may not {what}: {right.reason}", resource)
    for (where, reason), actions in doubtful.items():
        what = f"{', '.join(actions)} on {where}"
        yield unknown(f"whether {who} may {what} is not known: {reason}", resource)


def layer_allows(
    platform: Platform,
    required: RequiredPermission,
    *,
    boundary: Maybe[Policy | None] = None,
    resource: Maybe[Document | None] = None,
    endpoint: Maybe[Document | None] = None,
) -> Verdict:
    """Whether one layer of policy lets it pass, whatever the role's own policies say."""
    forms = required.resources
    if not isinstance(forms, tuple):
        undecided(f"the resource of {required.action} cannot be known yet")
    verdicts = {
        evaluate(
            Request(
                action=required.action,
                resource=form,
                principal=role(platform).arn,
                context=required.context,
            ),
            identity=None,
            boundary=boundary,
            resource=resource,
            endpoint=endpoint,
        ).verdict
        for form in forms
    }
    # AWS writes some resources in two forms, and a policy may name either.
    for verdict in (Verdict.PASS, Verdict.UNKNOWN):
        if verdict in verdicts:
            return verdict
    return Verdict.FAIL
