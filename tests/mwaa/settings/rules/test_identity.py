"""The execution role, its additions and access policies: what is refused, and why."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from mwaa.settings.load import Settings
from mwaa.settings.problems import Problem

Load = Callable[..., Settings]
Refused = Callable[..., list[Problem]]

ROLE = "arn:aws:iam::123456789012:role/airflow"
STATEMENT = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::lake/*"}


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("permissionsBoundaryArn", "arn:aws:iam::123456789012:policy/boundary"),
        ("additionalManagedPolicyArns", ["arn:aws:iam::aws:policy/ReadOnlyAccess"]),
        ("additionalRoleStatements", [STATEMENT]),
    ],
)
def test_an_existing_role_is_not_changed(
    refused: Refused, load: Load, setting: str, value: Any
) -> None:
    (problem,) = refused(existingRoleArn=ROLE, **{setting: value})
    assert problem.setting == setting
    assert "mwaa:existingRoleArn" in problem.allowed
    assert load(**{setting: value})


def test_a_role_is_named_by_its_arn(refused: Refused) -> None:
    (problem,) = refused(existingRoleArn="airflow")
    assert "role/<name>" in problem.allowed


def test_a_policy_is_named_by_its_arn(refused: Refused) -> None:
    (problem,) = refused(additionalManagedPolicyArns=["ReadOnlyAccess"])
    assert problem.got == '"ReadOnlyAccess"'


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("existingRoleArn", ROLE),
        ("permissionsBoundaryArn", "arn:aws:iam::123456789012:policy/boundary"),
        ("additionalManagedPolicyArns", ["arn:aws:iam::aws:policy/ReadOnlyAccess"]),
        ("additionalTrustedPrincipalArns", [ROLE]),
    ],
)
def test_an_arn_of_another_partition_is_refused(
    refused: Refused, load: Load, setting: str, value: Any
) -> None:
    assert load(**{setting: value})
    there = json.loads(json.dumps(value).replace("arn:aws:", "arn:aws-us-gov:"))
    (problem,) = refused(**{setting: there})
    assert problem.setting == setting
    assert "partition aws" in problem.allowed


@pytest.mark.parametrize("missing", ["Effect", "Action", "Resource"])
def test_a_statement_is_complete(refused: Refused, missing: str) -> None:
    statement = {key: value for key, value in STATEMENT.items() if key != missing}
    (problem,) = refused(additionalRoleStatements=[STATEMENT, statement])
    assert problem.got == "statement 2"


@pytest.mark.parametrize(
    "arn",
    [
        "debugger",
        "*",
        "arn:aws:iam::123456789012:root",
        "arn:aws:iam::123456789012:role/*",
        "arn:aws:sts::123456789012:assumed-role/debugger/anna",
    ],
)
def test_people_are_named_one_by_one(refused: Refused, arn: str) -> None:
    good = "arn:aws:iam::123456789012:role/debugger"
    (problem,) = refused(additionalTrustedPrincipalArns=[good, arn])
    assert (problem.setting, problem.got) == ("additionalTrustedPrincipalArns", f'"{arn}"')


def test_a_role_statement_has_no_principal(refused: Refused) -> None:
    (problem,) = refused(additionalRoleStatements=[STATEMENT | {"Principal": "*"}])
    assert "no Principal" in problem.allowed


@pytest.mark.parametrize(
    "broad",
    [
        {"Action": "*", "Resource": "*"},
        {"Action": ["s3:GetObject", "*"], "Resource": ["*"]},
        {"NotAction": "iam:*", "Resource": "*"},
        {"Action": "*", "NotResource": "arn:aws:s3:::lake"},
    ],
)
def test_a_dag_author_is_no_administrator(refused: Refused, broad: dict[str, Any]) -> None:
    (problem,) = refused(additionalRoleStatements=[{"Effect": "Allow", **broad}])
    assert "administrator" in problem.why


def test_access_policies_need_roles(refused: Refused, load: Load) -> None:
    (problem,) = refused(airflowRoles=[])
    assert "Viewer" in problem.allowed
    assert load(airflowRoles=[], createAccessPolicies=False).airflow_roles == ()
