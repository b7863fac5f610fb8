"""Planned buckets, roles, keys and log groups with one thing broken."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from tests.mutants.plan.edits import (
    ENVIRONMENT,
    Change,
    Plan,
    add,
    drop,
    edit,
    environment,
    fact,
    identity,
    logging,
    mutant,
    statements,
    together,
)
from tests.mutants.policies import OPEN, document

S, ID, E, L = "mwaa-storage-", "mwaa-identity-", "mwaa-encryption-", "mwaa-logs-"
NO_LOGS = {
    "Effect": "Deny",
    "Principal": {"Service": "logs.us-east-1.amazonaws.com"},
    "Action": "kms:*",
    "Resource": "*",
}
COMMANDS = document({"Effect": "Allow", "Action": "airflow:CreateCliToken", "Resource": "*"})
ROLE, KEY = ("Role", "mwaa-execution-role"), ("Key", "mwaa-encryption-key")
OTHER_ROLE = "arn:aws:iam::999999999999:role/airflow"
OTHER_KEY = "arn:aws:kms:us-east-1:123456789012:key/00000000-0000-0000-0000-000000000000"
AES = [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}}]
ALIEN = [
    {
        "applyServerSideEncryptionByDefault": {
            "sseAlgorithm": "aws:kms",
            "kmsMasterKeyId": OTHER_KEY,
        },
        "bucketKeyEnabled": True,
    }
]
EXPIRING = [{"id": "x", "status": "Enabled", "filter": {}, "expiration": {"days": 30}}]
ENDING = [{**EXPIRING[0], "expiration": {"date": "2027-01-31T00:00:00Z"}}]
# An environment that waits for nothing is made before everything.
UNORDERED = fact("Environment", ENVIRONMENT, dependencies=(), property_dependencies={})


def _bounded(plan: Plan) -> dict[str, Any]:
    allow = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    arn = "arn:aws:iam::123456789012:policy/boundary"
    return {"arn": arn, "name": "boundary", "policy": document(allow)}


def _without(*actions: str) -> Any:
    """Statements but for those that name one of ``actions``."""

    def alter(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
        kept = [s for s in found if not any(a in json.dumps(s) for a in actions)]
        assert len(kept) < len(found), actions
        return kept

    return alter


def _dags_late(plan: Plan) -> Plan:
    """The environment does not wait for the upload of the DAGs."""
    (late,) = [r.urn for r in plan if r.name == "mwaa-source-dags"]

    def kept(urns: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(urn for urn in urns if urn != late)

    return tuple(
        replace(
            r,
            dependencies=kept(r.dependencies),
            property_dependencies={k: kept(v) for k, v in r.property_dependencies.items()},
        )
        for r in plan
    )


def _key_by_id(plan: Plan) -> Plan:
    return environment(kmsKey=identity(plan, *KEY))(plan)


def _trust(**changes: Any) -> Change:
    def alter(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [{k: v for k, v in {**s, **changes}.items() if v is not None} for s in found]

    return statements(*ROLE, "assumeRolePolicy", alter)


MUTANTS = [
    mutant(f"{S}access-logged", drop("BucketLogging", "mwaa-source-access-logs")),
    mutant(
        f"{S}acls-off",
        edit(
            "BucketOwnershipControls",
            "mwaa-source-ownership",
            rule={"objectOwnership": "ObjectWriter"},
        ),
    ),
    mutant(f"{S}artefacts-pinned", environment(requirementsS3ObjectVersion=None)),
    mutant(f"{S}dag-prefix-exists", drop("BucketObjectv2", "mwaa-source-dags")),
    mutant(
        f"{S}encrypted-with-kms",
        edit("BucketServerSideEncryptionConfiguration", "mwaa-source-encryption", rules=AES),
    ),
    mutant(f"{S}environment-after-bucket", UNORDERED),
    mutant(f"{S}environment-after-bucket", _dags_late),
    mutant(
        f"{S}lifecycle-keeps-pinned",
        edit("BucketLifecycleConfiguration", "mwaa-source-lifecycle", rules=EXPIRING),
    ),
    mutant(
        f"{S}lifecycle-keeps-pinned",
        edit("BucketLifecycleConfiguration", "mwaa-source-lifecycle", rules=ENDING),
    ),
    mutant(f"{S}name-plain", edit("Bucket", "mwaa-source-bucket", bucket="a.dotted.name")),
    mutant(
        f"{S}not-destroyed-with-contents", edit("Bucket", "mwaa-source-bucket", forceDestroy=True)
    ),
    mutant(f"{S}paths-relative", environment(dagS3Path="/dags")),
    mutant(f"{S}pinned-versions-exist", environment(requirementsS3ObjectVersion="gone")),
    mutant(
        f"{S}policy-admits-role",
        statements(
            "BucketPolicy",
            "mwaa-source-policy",
            "policy",
            lambda s: [*s, {**OPEN, "Effect": "Deny", "Action": "s3:GetObject"}],
        ),
    ),
    mutant(
        f"{S}policy-not-public",
        statements("BucketPolicy", "mwaa-source-policy", "policy", lambda s: [*s, OPEN]),
    ),
    mutant(
        f"{S}public-access-blocked",
        edit("BucketPublicAccessBlock", "mwaa-source-public-access", blockPublicAcls=False),
    ),
    mutant(f"{S}same-region", edit("Bucket", "mwaa-source-bucket", region="eu-west-1")),
    mutant(
        f"{S}tls-only",
        statements("BucketPolicy", "mwaa-source-policy", "policy", _without("aws:SecureTransport")),
    ),
    mutant(
        f"{S}versioning-enabled",
        edit(
            "BucketVersioning",
            "mwaa-source-versioning",
            versioningConfiguration={"status": "Suspended"},
        ),
    ),
    mutant(
        f"{ID}boundary-permits",
        together(
            add("aws:iam/policy:Policy", "boundary", _bounded),
            edit(*ROLE, permissionsBoundary="arn:aws:iam::123456789012:policy/boundary"),
        ),
    ),
    mutant(f"{ID}environment-after-policies", UNORDERED),
    mutant(f"{ID}may-use-service-key", environment(kmsKey=None)),
    mutant(
        f"{ID}policies-one-style",
        edit(
            *ROLE,
            inlinePolicies=[{"name": "more", "policy": document()}],
        ),
    ),
    mutant(
        f"{ID}policies-one-style",
        add(
            "aws:iam/rolePoliciesExclusive:RolePoliciesExclusive",
            "exclusive",
            lambda plan: {"roleName": identity(plan, *ROLE), "policyNames": ["mutant"]},
        ),
    ),
    mutant(f"{ID}same-account", environment(executionRoleArn=OTHER_ROLE)),
    mutant(f"{ID}trust-both-principals", _trust(Principal={"Service": "airflow.amazonaws.com"})),
    mutant(f"{ID}trust-bound-to-environment", _trust(Condition=None)),
    mutant(
        f"{ID}trust-only-mwaa",
        statements(
            *ROLE,
            "assumeRolePolicy",
            lambda s: [*s, {**s[0], "Principal": {"AWS": "arn:aws:iam::123456789012:root"}}],
        ),
    ),
    mutant(
        f"{ID}web-roles-scoped",
        statements(
            "Policy", "mwaa-access-admin-web", "policy", lambda s: [{**s[0], "Resource": "*"}]
        ),
    ),
    mutant(
        f"{ID}web-roles-scoped",
        add(
            "aws:iam/userPolicy:UserPolicy",
            "commands",
            lambda plan: {"user": "analyst", "name": "commands", "policy": COMMANDS},
        ),
    ),
    mutant(
        f"{E}bucket-uses-key",
        edit("BucketServerSideEncryptionConfiguration", "mwaa-source-encryption", rules=ALIEN),
    ),
    mutant(f"{E}customer-key", environment(kmsKey=None)),
    mutant(f"{E}deletion-window-long", edit(*KEY, deletionWindowInDays=7)),
    mutant(f"{E}key-in-account", environment(kmsKey=OTHER_KEY.replace("123456789012", "9" * 12))),
    mutant(f"{E}key-in-region", environment(kmsKey=OTHER_KEY.replace("us-east-1", "eu-west-1"))),
    mutant(f"{E}key-named-by-arn", environment(kmsKey="alias/mwaa-mutant")),
    mutant(f"{E}key-named-by-arn", _key_by_id),
    mutant(f"{E}key-rotates", edit(*KEY, enableKeyRotation=False)),
    mutant(f"{E}key-usable", edit(*KEY, isEnabled=False)),
    mutant(f"{E}policy-keeps-administrators", statements(*KEY, "policy", _without(":root"))),
    mutant(
        f"{E}policy-not-open",
        statements(*KEY, "policy", lambda s: [*s, {**OPEN, "Action": "kms:Decrypt"}]),
    ),
    mutant(f"{E}policy-serves-logs", statements(*KEY, "policy", lambda s: [*s, NO_LOGS])),
    mutant(f"{L}all-five-enabled", logging(schedulerLogs={"enabled": False})),
    mutant(f"{L}group-names-exact", edit("LogGroup", "mwaa-logs-task", name="airflow-mutant-task")),
    mutant(f"{L}groups-before-environment", UNORDERED),
    mutant(f"{L}groups-declared", drop("LogGroup", "mwaa-logs-task")),
    mutant(f"{L}groups-encrypted", edit("LogGroup", "mwaa-logs-task", kmsKeyId=None)),
    mutant(
        f"{L}groups-retained",
        together(
            edit("LogGroup", "mwaa-logs-task", skipDestroy=False),
            fact("LogGroup", "mwaa-logs-task", protect=False),
        ),
    ),
    mutant(f"{L}levels-informative", logging(taskLogs={"logLevel": "ERROR"})),
    mutant(f"{L}retention-set", edit("LogGroup", "mwaa-logs-task", retentionInDays=0)),
]
