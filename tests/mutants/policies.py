"""Rights of the execution role, each with one broken: the same for a plan and for an account."""

from __future__ import annotations

import json
from typing import Any

from tests.mutants.account.emulated import ACCOUNT, NAMES, LiveAccount, LiveMutant, acted
from tests.mutants.plan.edits import SECRETS, Mutant, mutant, statements, together

OPEN = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}


def document(*statements: Any) -> str:
    """A policy document of these statements."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def _allow(action: str, resource: str = "*") -> dict[str, str]:
    return {"Effect": "Allow", "Action": action, "Resource": resource}


def _deny(action: str) -> dict[str, str]:
    return {"Effect": "Deny", "Action": action, "Resource": "*"}


BROKEN: tuple[tuple[str, dict[str, str]], ...] = (
    ("may-list-log-streams", _deny("logs:DescribeLogStreams")),
    ("may-publish-metrics", _deny("airflow:PublishMetrics")),
    ("may-put-metrics", _deny("cloudwatch:PutMetricData")),
    ("may-read-account-access-block", _deny("s3:GetAccountPublicAccessBlock")),
    ("may-read-bucket", _deny("s3:GetObject")),
    ("may-read-secrets", _deny("secretsmanager:GetSecretValue")),
    ("may-use-customer-key", _deny("kms:Decrypt")),
    ("may-use-queue", _deny("sqs:ReceiveMessage")),
    ("may-write-logs", _deny("logs:PutLogEvents")),
    ("no-administration", _allow("iam:CreateUser")),
    ("no-self-escalation", _allow("airflow:UpdateEnvironment")),
    ("no-wildcards", _allow("dynamodb:*", f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/mutant")),
    ("writes-pass-endpoint", _allow("s3:PutObject", f"{NAMES.bucket_arn}/export/*")),
    ("one-form-of-key", _allow("kms:Decrypt", f"arn:aws:kms:*:{ACCOUNT}:key/*")),
)
"""Rule (without its section) -> one more statement in the role's policy."""


def _planned(rule: str, statement: dict[str, str]) -> Mutant:
    more = statements(
        "RolePolicy", "mwaa-execution-environment", "policy", lambda found: [*found, statement]
    )
    return mutant(f"mwaa-identity-{rule}", together(SECRETS, more))


def _live(rule: str, statement: dict[str, str]) -> LiveMutant:
    def act(target: LiveAccount) -> None:
        target.client("iam").put_role_policy(
            RoleName=NAMES.role, PolicyName="mutant", PolicyDocument=document(statement)
        )

    return acted(f"mwaa-identity-{rule}", act)


PLANNED = [_planned(rule, statement) for rule, statement in BROKEN]
LIVE = [_live(rule, statement) for rule, statement in BROKEN]
