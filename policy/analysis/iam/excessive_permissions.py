"""What the execution role may do beyond need: every DAG author can do it too.

Three questions: does a statement open more than a service needs (wildcards, administration), could
the role change its own environment or code (asked of the whole evaluation, so a Deny or a boundary
counts), and which allowed actions are not required.
Source: https://docs.aws.amazon.com/mwaa/latest/userguide/security-best-practices.html
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mwaa.iam_policies import (
    BUCKET_ACTIONS,
    KEY_ACTIONS,
    LOG_ACTIONS,
    QUEUE_ACTIONS,
    SECRET_ACTIONS,
)
from mwaa.model.platform import UNKNOWN, Maybe, Platform, Policy, known
from policy.analysis.iam.match import matches_action, strings
from policy.analysis.iam.permissions import may, policies_of
from policy.analysis.iam.required import bucket_of, code_paths, names_of
from policy.analysis.iam.statements import Cited, statements
from policy.analysis.index import index_of
from policy.analysis.verdict import Verdict

ADMINISTRATION, WILDCARD, ESCALATION = "administration", "wildcard", "escalation"
UNNEEDED, UNREADABLE = "unneeded", "unreadable"
NEEDED_ACTIONS = (
    "airflow:PublishMetrics",
    *BUCKET_ACTIONS,
    "s3:GetAccountPublicAccessBlock",
    *LOG_ACTIONS,
    "logs:DescribeLogGroups",
    "cloudwatch:PutMetricData",
    *QUEUE_ACTIONS,
    *KEY_ACTIONS,
    *SECRET_ACTIONS,
    "secretsmanager:ListSecrets",
)
"""The actions of AWS's documented policies; wildcards in them are AWS's own."""

_ANY_ROLE = ("iam:passrole", "sts:assumerole")
_ADMINISTRATORS = ("AdministratorAccess", "PowerUserAccess", "IAMFullAccess", "SystemAdministrator")


@dataclass(frozen=True)
class ExcessivePermission:
    """One thing the role may do beyond need.

    ``kind`` is ``administration`` (may become anybody, or do anything of a service anywhere),
    ``wildcard`` (all of a service on some resources, or all resources of an action that needs
    one), ``escalation`` (may change its own environment or code), ``unneeded`` (allowed, and not
    required: often a DAG's own business) or ``unreadable`` (always UNKNOWN: a policy or
    statement that cannot be seen).
    ``verdict`` is FAIL where it is certain, UNKNOWN where it is not.
    """

    kind: str
    what: str
    reason: str
    remedy: str
    verdict: Verdict = Verdict.FAIL
    statement: Cited | None = None


def find(platform: Platform) -> Maybe[tuple[ExcessivePermission, ...]]:
    """Those of the execution role; ``UNKNOWN`` when its policies cannot be read at all."""
    role = platform.role
    if not known(role):
        return UNKNOWN
    if role is None:
        return ()
    policies = policies_of(role)
    if not known(policies):
        return UNKNOWN
    found = policies
    return index_of(platform).remember(
        "excessive permissions", lambda: tuple(_find(platform, found))
    )


def _find(platform: Platform, policies: tuple[Policy, ...]) -> Iterator[ExcessivePermission]:
    for policy in policies:
        arn = policy.arn if known(policy.arn) else None
        name = arn.rpartition("/")[2] if arn else ""
        if arn and ":aws:policy/" in arn and name in _ADMINISTRATORS:
            yield ExcessivePermission(
                ADMINISTRATION,
                name,
                f"the managed policy {name} is attached",
                f"detach {name} and attach a policy with the documented statements",
            )
            continue
        title = f"policy {policy.name if known(policy.name) else policy.id}"
        for sid, statement in statements(policy.document):
            cited = Cited(title, sid, "Allow")
            effect = statement.get("Effect") if known(statement) else UNKNOWN
            if known(statement) and effect == "Allow":
                yield from _statement(cited, statement)
            elif effect != "Deny":
                yield _unreadable(cited)
    yield from _escalations(platform)


def _unreadable(cited: Cited) -> ExcessivePermission:
    return ExcessivePermission(
        UNREADABLE,
        cited.policy,
        f"what {cited} allows is not known",
        "judge it once its values are known",
        Verdict.UNKNOWN,
        cited,
    )


def _statement(cited: Cited, statement: Mapping[str, Any]) -> Iterator[ExcessivePermission]:
    if "NotAction" in statement:
        yield ExcessivePermission(
            ADMINISTRATION,
            "NotAction",
            f"{cited} allows everything but a list",
            f"replace NotAction by the needed actions in {cited}",
            statement=cited,
        )
        return
    actions, resources = strings(statement.get("Action")), strings(statement.get("Resource"))
    if not known(actions) or not all(known(action) for action in actions):
        yield _unreadable(cited)
    # NotResource of the AWS-owned key's statement is documented, and bounded by kms:ViaService.
    everywhere = known(resources) and "*" in resources
    all_but = "NotResource" in statement
    any_role = all_but or (known(resources) and any(known(r) and _any_role(r) for r in resources))
    guarded = statement.get("Condition") not in (None, {})
    for action in actions if known(actions) else ():
        if not known(action):
            continue
        service, _, verb = action.partition(":")
        whole = service != "*" and set(verb) == {"*"}
        if any_role and any(matches_action(action, power) for power in _ANY_ROLE):
            reason = f"{cited} allows {action} on any role"
            remedy = f"name the roles in {cited}"
            yield ExcessivePermission(ADMINISTRATION, action, reason, remedy, statement=cited)
        elif whole and (everywhere or all_but) and not guarded:
            what = "any resource" if everywhere else "all resources but a list"
            reason = f"{cited} allows all of {service} on {what}"
            remedy = f"name the needed actions and resources in {cited}"
            yield ExcessivePermission(ADMINISTRATION, action, reason, remedy, statement=cited)
        else:
            yield from _action(cited, action, everywhere, guarded)


def _any_role(pattern: str) -> bool:
    """Whether a resource stands for every role of an account: ``*``, ``arn:aws:iam::1:role/*``."""
    fields = pattern.split(":", 5)
    service = fields[2] if len(fields) > 2 else "*"
    name = fields[5] if len(fields) == 6 else "*" if pattern.endswith("*") else ""
    return (
        matches_action(service, "iam")
        and name.endswith("*")
        and "role/".startswith(name.rstrip("*"))
    )


def _action(
    cited: Cited, action: str, everywhere: bool, guarded: bool
) -> Iterator[ExcessivePermission]:
    service, _, verb = action.partition(":")
    remedy = f"name the needed actions and resources in {cited}"
    where = "any resource" if everywhere else "its resources"
    if action == "*" or (service == "*" and verb):
        reason = f"{cited} allows every action on {where}"
        yield ExcessivePermission(ADMINISTRATION, action, reason, remedy, statement=cited)
    elif _is_power(action):
        reason = f"{cited} allows {action} on {where}"
        yield ExcessivePermission(ADMINISTRATION, action, reason, remedy, statement=cited)
    elif verb == "*":
        reason = f"{cited} allows all of {service} on {where}"
        yield ExcessivePermission(WILDCARD, action, reason, remedy, statement=cited)
    elif everywhere and not guarded and _wants_resource(action):
        reason = f"{cited} allows {action} on any resource"
        yield ExcessivePermission(WILDCARD, action, reason, remedy, statement=cited)
    elif not any(covers(needed, action) for needed in NEEDED_ACTIONS):
        reason = f"{cited} allows {action}, which MWAA does not need"
        unneeded = f"keep {action} only if a DAG calls it, on the resources it calls"
        yield ExcessivePermission(UNNEEDED, action, reason, unneeded, statement=cited)


def _is_power(action: str) -> bool:
    """IAM itself in any form that changes; passing or assuming a role counts when it is any."""
    if action.lower() in _ANY_ROLE:
        return False
    service, _, verb = action.lower().partition(":")
    if service == "iam":
        return not verb.startswith(("get", "list"))
    return service in ("organizations", "account") and verb == "*"


def _wants_resource(action: str) -> bool:
    """Needed actions that can and should name a resource; a few know none but ``*``."""
    free = ("s3:GetAccountPublicAccessBlock", "logs:DescribeLogGroups", "cloudwatch:PutMetricData",
            "secretsmanager:ListSecrets", "logs:GetQueryResults")  # fmt: skip
    return action not in free and any(covers(needed, action) for needed in NEEDED_ACTIONS)


def covers(wide: str, narrow: str) -> bool:
    """Whether every action that ``narrow`` matches is also matched by ``wide``.

    Tried with every ``*`` of ``narrow`` as nothing and as more than ``wide`` can spell out.
    """
    long = "\uf8ff" * (len(wide) + 1)
    return all(matches_action(wide, narrow.replace("*", run)) for run in ("", long))


def _escalations(platform: Platform) -> Iterator[ExcessivePermission]:
    """Calls that change the role's own environment, rights or code."""
    names, bucket = names_of(platform), bucket_of(platform)
    if names is None:
        return
    role = platform.role
    own_role = role.arn if known(role) and role is not None else UNKNOWN
    asked: list[tuple[str, Maybe[str], str]] = [
        (
            "airflow:CreateWebLoginToken",
            names.airflow_role_arn("Admin"),
            "sign in as Admin",
        ),
        ("airflow:CreateCliToken", names.environment_arn, "run Airflow CLI commands as Admin"),
        ("airflow:UpdateEnvironment", names.environment_arn, "change its own environment"),
        ("airflow:DeleteEnvironment", names.environment_arn, "delete its own environment"),
        ("iam:PutRolePolicy", own_role, "give itself any right"),
        ("iam:AttachRolePolicy", own_role, "give itself any right"),
    ]
    if known(bucket):
        asked += [
            ("s3:PutObject", f"{names.bucket_arn}/{path}", "rewrite its own code")
            for path in code_paths(platform, "any.py")
            if known(path)
        ]
    for action, resource, what in asked:
        decision = may(platform, action, resource)
        if decision.verdict is Verdict.FAIL:
            continue
        sure = decision.verdict is Verdict.PASS
        target = resource if known(resource) else "its role"
        yield ExcessivePermission(
            ESCALATION,
            action,
            f"the role {'may' if sure else 'may perhaps'} {action} on {target} and so {what}: "
            f"{decision.reason}",
            f"take {action} on {target} away from the role",
            Verdict.FAIL if sure else Verdict.UNKNOWN,
            decision.statement,
        )
