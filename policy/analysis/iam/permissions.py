"""May the execution role do what MWAA needs: each required permission with what allows it.

The role's policies, its boundary, the policies of bucket and key, and the policies of the
endpoints through which its calls leave the VPC, together, as ``policy.analysis.iam.evaluate``
evaluates them."""

from collections.abc import Iterable
from dataclasses import dataclass

from mwaa.model.platform import (
    UNKNOWN,
    Document,
    Endpoint,
    Maybe,
    Platform,
    Policy,
    Role,
    known,
)
from policy.analysis.iam import kms
from policy.analysis.iam.evaluate import Decision, evaluate
from policy.analysis.iam.request import Request
from policy.analysis.iam.required import (
    RequiredPermission,
    bucket_of,
    names_of,
    required_permissions,
)
from policy.analysis.iam.statements import Cited
from policy.analysis.index import index_of
from policy.analysis.network import endpoints, reachability
from policy.analysis.verdict import Proof, Verdict

SERVICE_PRINCIPALS = ("airflow.amazonaws.com", "airflow-env.amazonaws.com")
_WHERE = {
    "identity": "a policy of the role",
    "boundary": "the role's permissions boundary",
    "resource": "the resource's own policy",
    "endpoint": "the policy of the VPC endpoint",
}


@dataclass(frozen=True)
class Permission:
    """A required permission and its proof; ``statement`` allows it, or explicitly denies it.

    ``is_ungiven``: nothing denies it, and no policy of the role allows it.
    """

    required: RequiredPermission
    proof: Proof
    statement: Cited | None = None
    is_ungiven: bool = False

    @property
    def verdict(self) -> Verdict:
        return self.proof.verdict


def prove(platform: Platform) -> tuple[Permission, ...]:
    """A verdict for every permission that the role must have. Computed once per platform."""
    return index_of(platform).remember(
        "permissions",
        lambda: tuple(
            _permission(platform, required) for required in required_permissions(platform)
        ),
    )


def failures(platform: Platform, topic: str | None = None) -> tuple[Permission, ...]:
    """The required permissions that are proved not to be given, of one topic or of all."""
    return tuple(p for p in prove(platform) if p.proof.failed and topic in (None, p.required.topic))


def policies_of(role: Role) -> Maybe[tuple[Policy, ...]]:
    """Every identity policy of the role; one attached by ARN but not read is an unknown one."""
    if not known(role.policies):
        return UNKNOWN
    if not known(role.managed_policy_arns):
        return UNKNOWN
    read = {p.arn for p in role.policies if known(p.arn)}
    unread = tuple(
        Policy(id=arn if known(arn) else "a managed policy", name=arn, document=UNKNOWN)
        for arn in role.managed_policy_arns
        if not known(arn) or arn not in read
    )
    return role.policies + unread


def may(platform: Platform, action: str, resource: Maybe[str], **context: str) -> Decision:
    """What the role's own policies and boundary say about any action, needed or not."""
    role = platform.role
    if not known(role):
        return Decision(Verdict.UNKNOWN, "the execution role is not known")
    if role is None:
        return Decision(Verdict.FAIL, "there is no execution role")
    request = Request(action=action, resource=resource, principal=role.arn, context=context)
    return evaluate(request, policies_of(role), boundary=role.boundary)


def decide(platform: Platform, required: RequiredPermission) -> Decision:
    """What all policies together say of one action of the role, needed or not."""
    role = platform.role
    if not known(role):
        return Decision(Verdict.UNKNOWN, "the execution role is not known")
    if role is None:
        return Decision(Verdict.FAIL, "there is no execution role")
    decisions = [_decide(platform, role, required, form) for form in _forms(required)]
    # An explicit Deny of one form counts; apart from that, one form that is allowed is enough.
    rank = {Verdict.PASS: 1, Verdict.UNKNOWN: 2, Verdict.FAIL: 3}
    return min(decisions, key=lambda d: 0 if d.explicit else rank[d.verdict])


def _forms(required: RequiredPermission) -> tuple[Maybe[str], ...]:
    return required.resources if known(required.resources) else (UNKNOWN,)


def _permission(platform: Platform, required: RequiredPermission) -> Permission:
    role = platform.role
    if not known(role) or role is None:
        missing = "the execution role is not known" if role is UNKNOWN else "there is none"
        verdict = Verdict.UNKNOWN if role is UNKNOWN else Verdict.FAIL
        return Permission(required, Proof(verdict, missing, remedy="name an execution role"))
    decision = decide(platform, required)
    return Permission(
        required,
        _worded(role, required, _forms(required)[0], decision),
        decision.statement,
        decision.denied_by == "identity" and not decision.explicit,
    )


def _worded(
    role: Role, required: RequiredPermission, resource: Maybe[str], decision: Decision
) -> Proof:
    what = f"{required.action} on {resource if known(resource) else 'a resource not known yet'}"
    if decision.verdict is Verdict.PASS:
        return Proof(Verdict.PASS, decision.reason, (f"{what}: {decision.reason}",))
    name = role.name if known(role.name) else role.id
    modal = "may not" if decision.verdict is Verdict.FAIL else "may or may not"
    where = _WHERE.get(decision.denied_by, "a policy of the role")
    remedy = f"allow {what} in {where}"
    if decision.explicit:
        remedy = f"take {what} out of the Deny in {decision.statement}"
    return Proof(decision.verdict, f"role {name} {modal} {what}: {decision.reason}", (), remedy)


def _decide(
    platform: Platform, role: Role, required: RequiredPermission, resource: Maybe[str]
) -> Decision:
    request = Request(
        action=required.action, resource=resource, principal=role.arn, context=required.context
    )
    policies = policies_of(role)
    if required.topic == "key":
        key = platform.key
        if platform.environment.kms_key is None:
            return evaluate(request, policies, boundary=role.boundary)
        if not known(key) or key is None:
            # The key of others: its policy cannot be seen, and it must let the role in.
            return evaluate(
                request, policies, boundary=role.boundary, resource=UNKNOWN, resource_decides=True
            )
        return _combined(
            [
                (certain, kms.decide(request, key, policies, boundary=role.boundary, endpoint=p))
                for certain, p in _passages(platform, required.service)
            ]
        )
    bucket = _bucket_policy(platform) if required.topic == "source" else None
    answers = [
        (certain, evaluate(request, policies, boundary=role.boundary, resource=bucket, endpoint=p))
        for certain, p in _passages(platform, required.service)
    ]
    return _combined(answers)


def _combined(answers: list[tuple[bool, Decision]]) -> Decision:
    """All certain passages must let the call through; an uncertain one can only raise doubt."""
    for wanted in (Verdict.FAIL, Verdict.UNKNOWN):
        for certain, decision in answers:
            if certain and decision.verdict is wanted:
                return decision
    best = next((d for certain, d in answers if certain), answers[0][1])
    doubt = next((d for certain, d in answers if d.verdict is not best.verdict), None)
    if doubt is None:
        return best
    reason = f"the policy of an endpoint that may carry it is not settled: {doubt.reason}"
    return Decision(Verdict.UNKNOWN, reason, doubt.statement, False, "endpoint")


def _bucket_policy(platform: Platform) -> Maybe[Document | None]:
    if not known(platform.bucket):
        return UNKNOWN
    return platform.bucket.policy if platform.bucket is not None else None


def _passages(platform: Platform, service: str | None) -> list[tuple[bool, Maybe[Document | None]]]:
    """The policies that calls to a service may pass, each with whether it is certain.

    None stands for no endpoint, or for an endpoint's default policy: both let everything through.
    """
    return index_of(platform).remember(
        f"passages {service}", lambda: list(_find_passages(platform, service))
    )


def _find_passages(
    platform: Platform, service: str | None
) -> Iterable[tuple[bool, Maybe[Document | None]]]:
    region = platform.account.region
    if service is None:
        return [(True, None)]
    if not known(platform.endpoints) or not known(region):
        return [(True, UNKNOWN)]
    found: dict[str, tuple[bool, Endpoint]] = {}
    for subnet in reachability.subnets(platform):
        for candidate in endpoints.candidates(platform, subnet, service, region):
            earlier = found.get(candidate.endpoint.id, (False, candidate.endpoint))[0]
            found[candidate.endpoint.id] = (candidate.certain or earlier, candidate.endpoint)
    passages = [(certain, endpoint.policy) for certain, endpoint in found.values()]
    if not any(certain for certain, _ in passages):
        passages.append((True, None))
    return passages


def assumable(platform: Platform) -> tuple[tuple[str, Proof], ...]:
    """Whether MWAA's two service principals may assume the role, for this environment."""
    role, names = platform.role, names_of(platform)
    trust = role.trust if known(role) and role is not None else UNKNOWN
    context: dict[str, Maybe[str | tuple[str, ...] | None]] = {
        "aws:SourceArn": names.environment_arn if names else UNKNOWN,
        "aws:SourceAccount": names.account if names else UNKNOWN,
        "sts:ExternalId": None,
    }
    found = []
    for principal in SERVICE_PRINCIPALS:
        resource = role.arn if known(role) and role is not None else UNKNOWN
        request = Request(
            action="sts:AssumeRole", resource=resource, principal=principal, context=context
        )
        decision = evaluate(request, resource=trust)
        path = (f"{principal}: {decision.reason}",) if decision.verdict is Verdict.PASS else ()
        remedy = f"let {principal} do sts:AssumeRole in the role's trust policy"
        if decision.explicit:
            remedy = f"take {principal} out of {decision.statement}"
        passed = decision.verdict is Verdict.PASS
        proof = Proof(
            decision.verdict,
            f"{principal}: {decision.reason}",
            path,
            "" if passed else remedy,
        )
        found.append((principal, proof))
    return tuple(found)


__all__ = [
    "Permission",
    "RequiredPermission",
    "assumable",
    "bucket_of",
    "decide",
    "failures",
    "may",
    "policies_of",
    "prove",
    "required_permissions",
]
