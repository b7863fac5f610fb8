"""Who may use a KMS key: its policy, the account it delegates to, and its grants.

A key policy must let a principal in; identity policies count only where it delegates to the
account. Sources: https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html and
https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from mwaa.model.platform import (
    UNKNOWN,
    Document,
    Grant,
    Key,
    Maybe,
    Policy,
    known,
)
from mwaa.names import dns_suffix_of
from policy.analysis.iam.evaluate import Decision, evaluate
from policy.analysis.iam.request import Request, account_of, is_role_of
from policy.analysis.iam.statements import entries
from policy.analysis.verdict import Proof, Verdict, every, some

LOGS_ACTIONS = ("kms:Encrypt", "kms:Decrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo",
                "kms:GenerateDataKey", "kms:DescribeKey")  # fmt: skip
"""What CloudWatch Logs does with the key of an encrypted log group."""


def service_host(service: str, region: str) -> str:
    """``logs`` -> ``logs.<region>.amazonaws.com``: a principal, and a ``kms:ViaService`` value."""
    return f"{service}.{region}.{dns_suffix_of(region)}"


def decide(
    request: Request,
    key: Key,
    identity: Maybe[Iterable[Policy]] = (),
    *,
    boundary: Maybe[Policy | None] = None,
    endpoint: Maybe[Document | None] = None,
) -> Decision:
    """Whether the request on the key is allowed by its policy, an identity policy or a grant.

    A key without a policy of its own has the default one, which delegates to its account. That a
    key is another account's is said before any fault of its policy.
    """
    owner = account_of(key.arn) if known(key.arn) else ""
    foreign = (
        owner and known(request.principal) and account_of(request.principal) not in ("", owner)
    )
    if not foreign:
        return _decided(request, key, identity, boundary, endpoint)
    asked = replace(request, resource_account=owner)
    decision = _decided(asked, key, identity, boundary, endpoint)
    if decision.verdict is Verdict.PASS:
        return decision
    unseen = "" if known(key.policy) else ", whose policy cannot be read from here"
    reason = f"the key belongs to account {owner}{unseen}: {decision.reason}"
    return replace(decision, reason=reason)


def _decided(
    request: Request,
    key: Key,
    identity: Maybe[Iterable[Policy]],
    boundary: Maybe[Policy | None],
    endpoint: Maybe[Document | None],
) -> Decision:
    policy = key.policy
    if policy is None:
        policy = default_policy(request)
    decision = evaluate(
        request, identity, boundary=boundary, resource=policy, endpoint=endpoint,
        resource_decides=True,
    )  # fmt: skip
    if decision.verdict is Verdict.PASS or decision.explicit:
        return decision
    granted = _grants(request, key.grants)
    if granted is Verdict.PASS and decision.denied_by != "endpoint":
        return Decision(Verdict.PASS, "a grant on the key allows it")
    if granted is Verdict.UNKNOWN and decision.verdict is Verdict.FAIL:
        return Decision(Verdict.UNKNOWN, f"{decision.reason}; the key's grants are not known")
    return decision


def default_policy(request: Request) -> Maybe[Document]:
    """The policy AWS gives a key made without one: its account decides by identity policies.

    Source: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
    """
    parts = request.resource.split(":") if known(request.resource) else []
    if len(parts) < 6 or not parts[4].isdigit():
        return UNKNOWN
    root = f"arn:{parts[1]}:iam::{parts[4]}:root"
    statement = {"Effect": "Allow", "Principal": {"AWS": root}, "Action": "kms:*", "Resource": "*"}
    return {"Version": "2012-10-17", "Statement": [statement]}


def _grants(request: Request, grants: Maybe[tuple[Grant, ...]]) -> Verdict:
    """A grant names operations without the service prefix. Its constraints are not in the model,
    so a grant alone makes the answer unknown for a request with an encryption context."""
    if not known(grants):
        return Verdict.UNKNOWN
    if not known(request.principal):
        return Verdict.UNKNOWN if grants else Verdict.FAIL
    operation = request.action.removeprefix("kms:")
    who = request.principal
    matching = [
        g
        for g in grants
        if operation in g.operations and (g.grantee == who or is_role_of(g.grantee, who))
    ]
    if not matching:
        return Verdict.FAIL
    keyed = any(name.lower().startswith("kms:encryptioncontext") for name in request.context)
    return Verdict.UNKNOWN if keyed else Verdict.PASS


def logs_may_use(key: Key, *, region: str, log_group_arn: str) -> Proof:
    """CloudWatch Logs may encrypt the log group with the key.

    The service sends the log group's ARN as encryption context; a statement may ask for it.
    """
    principal = service_host("logs", region)
    parts = log_group_arn.split(":")
    context: Mapping[str, Maybe[str | tuple[str, ...] | None]] = {
        "kms:EncryptionContext:aws:logs:arn": log_group_arn,
        "kms:EncryptionContextKeys": ("aws:logs:arn",),
        "aws:SourceArn": log_group_arn,
        "aws:SourceAccount": parts[4] if len(parts) > 4 else UNKNOWN,
    }
    decisions = []
    for action in LOGS_ACTIONS:
        request = Request(action=action, resource=key.arn, principal=principal, context=context)
        decisions.append((action, decide(request, key)))
    verdict = every(d.verdict for _, d in decisions)
    action, decision = next((a, d) for a, d in decisions if d.verdict is verdict)
    if verdict is Verdict.PASS:
        hop = f"{decision.statement} lets {principal} encrypt {log_group_arn}"
        return Proof(verdict, hop, (hop,))
    name = "refuses" if verdict is Verdict.FAIL else "may refuse"
    return Proof(
        verdict,
        f"the policy of key {key.id} {name} {action} to {principal} for {log_group_arn}: "
        f"{decision.reason}",
        remedy=f"allow {principal} Encrypt*, Decrypt*, ReEncrypt*, GenerateDataKey* and Describe* "
        f"with kms:EncryptionContext:aws:logs:arn like {log_group_arn}",
    )


def delegates_to_account(key: Key, account: str, *, partition: str = "aws") -> Verdict:
    """Whether the key policy lets the IAM policies of ``account`` administer the key.

    Without that nobody may be able to create MWAA's grants, or ever change the policy again.
    """
    if key.policy is None:
        return Verdict.PASS
    root = f"arn:{partition}:iam::{account}:root"
    request = Request(action="kms:PutKeyPolicy", resource=key.arn, principal=root)
    found = list(entries("the key policy", request, key.policy, of_resource=True))
    both = [(e, some((e.applies, e.delegates))) for e in found]
    allows = some(e.as_effect("Allow", answer) for e, answer in both)
    denies = some(e.as_effect("Deny", answer) for e, answer in both)
    return every((allows, ~denies))
