"""What the execution role may do beyond need."""

from dataclasses import replace
from typing import Any

import pytest

from mwaa.model.platform import UNKNOWN, Platform, Policy, known
from policy.analysis.iam import excessive_permissions
from policy.analysis.iam.excessive_permissions import (
    ADMINISTRATION,
    ESCALATION,
    UNNEEDED,
    UNREADABLE,
    WILDCARD,
)
from policy.analysis.verdict import Verdict
from tests.fixtures.changes import items, present, with_role
from tests.fixtures.platforms import SHAPES, no_internet
from tests.fixtures.policies import aws_owned_key_statement
from tests.fixtures.records import ACCOUNT, BUCKET, NAME, REGION, ROLE_ARN


def plus(*statements: dict[str, Any], arn: str | None = None) -> Platform:
    platform = no_internet()
    policy = Policy(id="more", name="more", document={"Statement": list(statements)}, arn=arn)
    role = present(platform.role)
    return with_role(platform, policies=(*items(role.policies), policy))


def kinds(platform: Platform) -> set[tuple[str, str]]:
    found = excessive_permissions.find(platform)
    assert known(found)
    return {(e.kind, e.what) for e in found if e.verdict is Verdict.FAIL}


def allow(action: Any, resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


@pytest.mark.parametrize("shape", SHAPES)
def test_the_documented_statements_are_not_beyond_need(shape: str) -> None:
    assert excessive_permissions.find(SHAPES[shape]()) == ()


def test_the_statement_of_the_aws_owned_key_is_not_beyond_need() -> None:
    assert not kinds(plus(aws_owned_key_statement(REGION, ACCOUNT)))


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (allow("*"), (ADMINISTRATION, "*")),
        (allow("iam:CreateUser"), (ADMINISTRATION, "iam:CreateUser")),
        (allow("iam:*", ROLE_ARN), (ADMINISTRATION, "iam:*")),
        (allow("iam:PassRole"), (ADMINISTRATION, "iam:PassRole")),
        (allow("sts:AssumeRole"), (ADMINISTRATION, "sts:AssumeRole")),
        ({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}, (ADMINISTRATION, "NotAction")),
        (allow("sts:Assume*", "arn:aws:iam::*:role/*"), (ADMINISTRATION, "sts:Assume*")),
        (allow("iam:PassRole", "arn:aws:iam::1:*"), (ADMINISTRATION, "iam:PassRole")),
        (allow("iam:PassRole", "arn:aws:iam::1:role/batch-*"), (UNNEEDED, "iam:PassRole")),
        (allow("iam:PassRole", "arn:aws:s3:::*"), (UNNEEDED, "iam:PassRole")),
        (allow("s3:*"), (ADMINISTRATION, "s3:*")),
        (allow("s3:*", Condition={"Bool": {"aws:SecureTransport": "true"}}), (WILDCARD, "s3:*")),
        (allow("kms:*", Condition=UNKNOWN), (WILDCARD, "kms:*")),
        (
            {"Effect": "Allow", "Action": "kms:*", "NotResource": "arn:aws:kms:*:1:key/x"},
            (ADMINISTRATION, "kms:*"),
        ),
        (allow("kms:*", "arn:aws:kms:*:*:key/x"), (WILDCARD, "kms:*")),
        (allow("s3:GetObject"), (WILDCARD, "s3:GetObject")),
        (allow("kms:Decrypt"), (WILDCARD, "kms:Decrypt")),
        (allow("sqs:SendMessage"), (WILDCARD, "sqs:SendMessage")),
        (allow("glue:StartJobRun", "arn:aws:glue:*:*:job/x"), (UNNEEDED, "glue:StartJobRun")),
        (allow("sts:AssumeRole", "arn:aws:iam::1:role/x"), (UNNEEDED, "sts:AssumeRole")),
        (
            allow("airflow:UpdateEnvironment", f"arn:aws:airflow:*:*:environment/{NAME}"),
            (ESCALATION, "airflow:UpdateEnvironment"),
        ),
        (
            allow("airflow:CreateWebLoginToken", "arn:aws:airflow:*:*:role/*/Admin"),
            (ESCALATION, "airflow:CreateWebLoginToken"),
        ),
        (allow("s3:Put*", f"arn:aws:s3:::{BUCKET}/dags/*"), (ESCALATION, "s3:PutObject")),
        (allow("s3:PutObject", f"arn:aws:s3:::{BUCKET}/*.txt"), (ESCALATION, "s3:PutObject")),
        (allow("iam:PutRolePolicy", ROLE_ARN), (ESCALATION, "iam:PutRolePolicy")),
    ],
)
def test_one_statement_too_many(statement: dict[str, Any], expected: tuple[str, str]) -> None:
    assert expected in kinds(plus(statement))


@pytest.mark.parametrize(
    "statement",
    [
        allow("s3:GetAccountPublicAccessBlock"),
        allow("cloudwatch:PutMetricData"),
        allow("s3:PutObject", f"arn:aws:s3:::{BUCKET}-data/*"),
        {"Effect": "Deny", "Action": "*", "Resource": "*"},
    ],
)
def test_what_is_no_danger(statement: dict[str, Any]) -> None:
    assert {kind for kind, _ in kinds(plus(statement))} <= {UNNEEDED}


def test_a_boundary_that_forbids_the_escalation_counts() -> None:
    write = allow("s3:PutObject", f"arn:aws:s3:::{BUCKET}/*")
    bound = Policy(id="b", name="b", document={"Statement": [allow(["s3:Get*", "logs:*"])]})
    assert (ESCALATION, "s3:PutObject") not in kinds(with_role(plus(write), boundary=bound))


def test_administrators_are_known_by_name() -> None:
    platform = plus(allow("*"), arn="arn:aws:iam::aws:policy/AdministratorAccess")
    assert (ADMINISTRATION, "AdministratorAccess") in kinds(platform)


def test_what_cannot_be_read_is_not_called_excess() -> None:
    for hidden in (allow(UNKNOWN), {**allow("s3:*"), "Effect": UNKNOWN}):
        found = excessive_permissions.find(plus(hidden))
        assert known(found) and UNREADABLE in {e.kind for e in found}
        assert not kinds(plus(hidden))
    assert excessive_permissions.find(with_role(no_internet(), policies=UNKNOWN)) is UNKNOWN
    assert excessive_permissions.find(replace(no_internet(), role=UNKNOWN)) is UNKNOWN


def test_covers_is_containment_of_patterns() -> None:
    assert excessive_permissions.covers("s3:Get*", "s3:GetObject*")
    assert not excessive_permissions.covers("s3:GetObject", "s3:Get*")
    assert not excessive_permissions.covers("s3:GetObject?", "s3:GetObject*")
