"""Rules on the execution role, its additions and the access policies."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from mwaa.names import partition_of
from mwaa.settings.problems import Advice, Problem, quoted
from mwaa.settings.values import Choices


def judge(settings: Choices) -> Iterator[Problem | Advice]:
    yield from _existing_role(settings)
    yield from _partitions(settings)
    for arn in settings.additional_managed_policy_arns:
        if not re.fullmatch(r"arn:aws(-[a-z]+)*:iam::(\d{12}|aws):policy/.+", arn):
            yield Problem(
                "additionalManagedPolicyArns",
                quoted(arn),
                "ARNs of IAM policies",
                "a role attaches policies by ARN",
                "copy the ARN of the policy",
            )
    for arn in settings.additional_trusted_principal_arns:
        if not re.fullmatch(r"arn:aws(-[a-z]+)*:iam::\d{12}:(role|user)/[a-zA-Z0-9_+=,.@/-]+", arn):
            yield Problem(
                "additionalTrustedPrincipalArns",
                quoted(arn),
                "ARNs of roles and users, such as arn:aws:iam::123456789012:role/debugger",
                "a whole account, a wildcard or a session would let in more than is named",
                "name the role that people assume to find faults",
            )
    for number, statement in enumerate(settings.additional_role_statements, start=1):
        yield from _statement(number, statement)
    if settings.create_access_policies and not settings.airflow_roles:
        yield Problem(
            "airflowRoles",
            "[]",
            "at least one of Admin, Op, User, Viewer, Public",
            "mwaa:createAccessPolicies is true, and there is no role to write a policy for",
            "name roles, or set mwaa:createAccessPolicies to false",
        )


def _partitions(s: Choices) -> Iterator[Problem]:
    partition = partition_of(s.region)
    for name, arns in {
        "endpointOwnerRoleArn": (s.endpoint_owner_role_arn,),
        "existingRoleArn": (s.existing_role_arn,),
        "permissionsBoundaryArn": (s.permissions_boundary_arn,),
        "additionalManagedPolicyArns": s.additional_managed_policy_arns,
        "additionalTrustedPrincipalArns": s.additional_trusted_principal_arns,
    }.items():
        strange = [arn for arn in arns if arn.startswith("arn:") and arn.split(":")[1] != partition]
        if strange:
            yield Problem(
                name,
                quoted(strange[0]) if len(strange) == 1 else quoted(strange),
                f"ARNs of the partition {partition}",
                f"that is where {s.region} lies, and partitions know nothing of each other",
                f"write arn:{partition}: where it is the same name there",
            )


def _existing_role(s: Choices) -> Iterator[Problem]:
    additions = {
        "permissionsBoundaryArn": s.permissions_boundary_arn,
        "additionalManagedPolicyArns": s.additional_managed_policy_arns,
        "additionalRoleStatements": s.additional_role_statements,
        "additionalTrustedPrincipalArns": s.additional_trusted_principal_arns,
    }
    for name, value in additions.items():
        if s.existing_role_arn and value:
            yield Problem(
                name,
                quoted(value) if isinstance(value, str) else f"{len(value)} entries",
                "nothing together with mwaa:existingRoleArn",
                "the stack changes only a role that it made",
                "give the rights where the role is made, or remove mwaa:existingRoleArn",
            )


def _statement(number: int, statement: Mapping[str, Any]) -> Iterator[Problem]:
    def refused(why: str, do: str) -> Problem:
        allowed = "IAM statements with Effect, Action and Resource, no Principal"
        return Problem("additionalRoleStatements", f"statement {number}", allowed, why, do)

    shaped = (
        statement.get("Effect") in ("Allow", "Deny")
        and ("Action" in statement or "NotAction" in statement)
        and ("Resource" in statement or "NotResource" in statement)
        and "Principal" not in statement
    )
    if not shaped:
        yield refused("IAM refuses other statements in a role", "complete the statement")
        return
    broad = "NotAction" in statement or "*" in _texts(statement.get("Action"))
    everywhere = "NotResource" in statement or "*" in _texts(statement.get("Resource"))
    if statement["Effect"] == "Allow" and broad and everywhere:
        yield refused(
            "it would make every author of a DAG an administrator of the account",
            "name the actions and resources that the DAGs need",
        )


def _texts(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value or [])
