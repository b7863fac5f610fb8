"""The execution role, and users' policies."""

from collections.abc import Iterator, Mapping
from concurrent.futures import Executor
from fnmatch import fnmatchcase
from typing import Any

from mwaa.model.platform import UNKNOWN, Document, Maybe, Policy, Role, known
from ops.live.reader import AwsReader, document, member
from policy.analysis.iam.request import account_of

NO_ROLE = ("NoSuchEntity",)


def role(aws: AwsReader, arn: Maybe[str], pool: Executor) -> Maybe[Role | None]:
    """The execution role with every policy that bears on it, or None when it is gone.

    IAM asks for a role by its name alone, in the caller's account: another account's is not known.
    """
    if not known(arn):
        return UNKNOWN
    name = arn.rpartition("/")[2]
    answer = aws.call("iam", "get_role", NO_ROLE, RoleName=name)
    if not known(answer):
        return UNKNOWN
    if answer is None:
        own = member(aws.call("sts", "get_caller_identity"), "Account")
        return None if own == account_of(arn) else UNKNOWN
    found = answer["Role"]
    if account_of(found["Arn"]) != account_of(arn):
        return UNKNOWN
    listed = pool.submit(aws.each, "iam", "list_role_policies", "PolicyNames", RoleName=name)
    attached = aws.each("iam", "list_attached_role_policies", "AttachedPolicies", RoleName=name)
    inline = listed.result()
    limit = member(found, "PermissionsBoundary", "PermissionsBoundaryArn")
    policies: Maybe[tuple[Policy, ...]] = UNKNOWN
    if known(inline) and known(attached):
        policies = (
            *pool.map(lambda one: _inline(aws, name, one), inline),
            *pool.map(lambda one: _managed(aws, one["PolicyArn"]), attached),
        )
    return Role(
        id=found["Arn"],
        name=name,
        arn=found["Arn"],
        trust=document(found["AssumeRolePolicyDocument"]),
        policies=policies,
        boundary=_managed(aws, limit) if limit else None,
    )


def _inline(aws: AwsReader, role_name: str, name: str) -> Policy:
    answer = aws.call("iam", "get_role_policy", RoleName=role_name, PolicyName=name)
    text = member(answer, "PolicyDocument")
    return Policy(id=f"{role_name}:{name}", name=name, document=document(text))


def _managed(aws: AwsReader, arn: str) -> Policy:
    version = member(aws.call("iam", "get_policy", PolicyArn=arn), "Policy", "DefaultVersionId")
    text: Maybe[Document] = UNKNOWN
    if isinstance(version, str):
        answer = aws.call("iam", "get_policy_version", PolicyArn=arn, VersionId=version)
        text = document(member(answer, "PolicyVersion", "Document"))
    return Policy(id=arn, name=arn.rpartition("/")[2], document=text, arn=arn)


def access_policies(
    aws: AwsReader, environment: str, execution_role: Maybe[str | None]
) -> Maybe[tuple[Policy, ...]]:
    """The account's own policies that give rights to this environment, managed and inline.

    One call returns all of them, a page for every thousand. The execution role's inline policies
    are facts of the role.
    """
    found = aws.call(
        "iam",
        "get_account_authorization_details",
        Filter=["LocalManagedPolicy", "User", "Group", "Role"],
        PaginationConfig={"PageSize": 1000},
    )
    if not known(found):
        return UNKNOWN
    return tuple(
        policy
        for policy in (*_own_managed(found or {}), *_own_inline(found or {}, execution_role))
        if any(_concerns(policy.document, environment))
    )


def _own_managed(found: Mapping[str, Any]) -> Iterator[Policy]:
    """Managed policies, but for those that only bound: a boundary gives nobody a right."""
    for item in found.get("Policies", ()):
        if item.get("PermissionsBoundaryUsageCount") and not item.get("AttachmentCount"):
            continue
        for version in item.get("PolicyVersionList", ()):
            if version.get("IsDefaultVersion"):
                arn, text = item["Arn"], document(version["Document"])
                yield Policy(id=arn, name=arn.rpartition("/")[2], document=text, arn=arn)


def _own_inline(found: Mapping[str, Any], execution_role: Maybe[str | None]) -> Iterator[Policy]:
    for kind in ("User", "Group", "Role"):
        for owner in found.get(f"{kind}DetailList", ()):
            if owner["Arn"] == execution_role:
                continue
            for item in owner.get(f"{kind}PolicyList", ()):
                name, text = item["PolicyName"], document(item["PolicyDocument"])
                yield Policy(id=f"{owner[f'{kind}Name']}:{name}", name=name, document=text)


def _concerns(text: Any, environment: str) -> Iterator[bool]:
    """Whether a policy allows any action of MWAA on the environment or its Airflow roles."""
    for statement in _list(text.get("Statement")):
        actions = [one.lower() for one in _list(statement.get("Action"))]
        if statement.get("Effect") != "Allow" or not any(a.startswith("airflow:") for a in actions):
            continue
        for resource in _list(statement.get("Resource")):
            # ...:environment/NAME, or ...:role/NAME/Admin
            names = resource.rpartition(":")[2].split("/")
            yield resource == "*" or (len(names) > 1 and fnmatchcase(environment, names[1]))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
