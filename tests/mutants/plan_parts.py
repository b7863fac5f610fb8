"""Planned buckets, roles, keys and log groups with one thing broken."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from tests.mutants.plan import (
    ENVIRONMENT,
    SECRETS,
    Change,
    Mutant,
    Plan,
    add,
    drop,
    edit,
    environment,
    fact,
    granted,
    identity,
    logging,
    mutant,
    statements,
    together,
)

S, ID, E, L = "mwaa-storage-", "mwaa-identity-", "mwaa-encryption-", "mwaa-logs-"
NO_LOGS = {
    "Effect": "Deny",
    "Principal": {"Service": "logs.us-east-1.amazonaws.com"},
    "Action": "kms:*",
    "Resource": "*",
}
OPEN = {"Sid": "Open", "Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
TLS = {"Bool": {"aws:SecureTransport": "true"}}
OWN_ENDPOINT_ONLY = {
    **OPEN,
    "Effect": "Deny",
    "Action": "s3:*",
    "Condition": {"StringNotEquals": {"aws:SourceVpce": "vpce-mutant"}},
}
COMMANDS = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "airflow:CreateCliToken", "Resource": "*"}],
    }
)
ROLE, KEY = ("Role", "mwaa-execution-role"), ("Key", "mwaa-encryption-key")
OTHER_ROLE = "arn:aws:iam::999999999999:role/airflow"
OTHER_KEY = "arn:aws:kms:us-east-1:123456789012:key/00000000-0000-0000-0000-000000000000"
ACCOUNT_IAM = "arn:aws:iam::123456789012"
TABLE = "arn:aws:dynamodb:us-east-1:123456789012:table/mutant"
ANY_ENVIRONMENT = {
    "StringEquals": {"aws:SourceAccount": "123456789012"},
    "ArnLike": {"aws:SourceArn": "arn:aws:airflow:us-east-1:123456789012:environment/*"},
}
KEYS = "arn:aws:kms:*:123456789012"
AWS_OWNED_KEY = {
    "Effect": "Allow",
    "Action": ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey*", "kms:Encrypt"],
    "NotResource": f"{KEYS}:key/*",
    "Condition": {"StringLike": {"kms:ViaService": ["sqs.us-east-1.amazonaws.com"]}},
}
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
    document = {"Version": "2012-10-17", "Statement": [allow]}
    arn = "arn:aws:iam::123456789012:policy/boundary"
    return {"arn": arn, "name": "boundary", "policy": json.dumps(document)}


def _without(*actions: str) -> Any:
    """Statements but for those that name one of ``actions``."""

    def alter(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
        kept = [s for s in found if not any(a in json.dumps(s) for a in actions)]
        assert len(kept) < len(found), actions
        return kept

    return alter


def _dags_alone(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    (read,) = [s for s in found if "s3:GetObject*" in s["Action"]]
    bucket = read["Resource"][0]
    narrow = {**read, "Resource": [bucket, f"{bucket}/dags/*"]}
    return [narrow if s is read else s for s in found]


def _late(upload: str) -> Change:
    """The environment does not wait for one of the uploads."""

    def change(plan: Plan) -> Plan:
        (late,) = [r.urn for r in plan if r.type.endswith(":BucketObjectv2") and r.name == upload]

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

    return change


def _key_by_id(plan: Plan) -> Plan:
    return environment(kmsKey=identity(plan, *KEY))(plan)


def _trust(**changes: Any) -> Change:
    def alter(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [{k: v for k, v in {**s, **changes}.items() if v is not None} for s in found]

    return statements(*ROLE, "assumeRolePolicy", alter)


def denied(rule: str, action: str) -> Mutant:
    return mutant(f"{ID}{rule}", granted("Deny", action))


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
    mutant(f"{S}environment-after-bucket", _late("mwaa-source-dags")),
    mutant(f"{S}environment-after-bucket", _late("mwaa-source-requirements")),
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
        f"{S}policy-admits-role",
        statements(
            "BucketPolicy", "mwaa-source-policy", "policy", lambda s: [*s, OWN_ENDPOINT_ONLY]
        ),
    ),
    mutant(
        f"{S}policy-not-public",
        statements("BucketPolicy", "mwaa-source-policy", "policy", lambda s: [*s, OPEN]),
    ),
    mutant(
        f"{S}policy-not-public",
        statements(
            "BucketPolicy",
            "mwaa-source-policy",
            "policy",
            lambda s: [*s, {**OPEN, "Principal": {"AWS": ["*"]}, "Condition": TLS}],
        ),
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
    denied("may-list-log-streams", "logs:DescribeLogStreams"),
    denied("may-publish-metrics", "airflow:PublishMetrics"),
    denied("may-put-metrics", "cloudwatch:PutMetricData"),
    denied("may-read-account-access-block", "s3:GetAccountPublicAccessBlock"),
    denied("may-read-bucket", "s3:GetObject"),
    mutant(
        f"{ID}may-read-bucket",
        # The DAGs, but not what else lies in the bucket.
        statements("RolePolicy", "mwaa-execution-environment", "policy", _dags_alone),
    ),
    mutant(
        f"{ID}may-read-secrets",
        together(SECRETS, granted("Deny", "secretsmanager:GetSecretValue")),
    ),
    denied("may-use-customer-key", "kms:Decrypt"),
    denied("may-use-queue", "sqs:ReceiveMessage"),
    mutant(f"{ID}may-use-service-key", environment(kmsKey=None)),
    denied("may-write-logs", "logs:PutLogEvents"),
    mutant(f"{ID}no-administration", granted("Allow", "iam:CreateUser")),
    mutant(f"{ID}one-form-of-key", granted("Allow", "kms:Decrypt", f"{KEYS}:key/*")),
    mutant(
        f"{ID}one-form-of-key",
        statements(
            "RolePolicy", "mwaa-execution-environment", "policy", lambda s: [*s, AWS_OWNED_KEY]
        ),
    ),
    mutant(f"{ID}no-self-escalation", granted("Allow", "airflow:UpdateEnvironment")),
    mutant(f"{ID}no-administration", granted("Allow", "dynamodb:*")),
    mutant(f"{ID}no-administration", granted("Allow", "iam:PassRole", f"{ACCOUNT_IAM}:role/*")),
    mutant(f"{ID}no-wildcards", granted("Allow", "dynamodb:*", TABLE)),
    mutant(
        f"{ID}policies-one-style",
        edit(
            *ROLE,
            inlinePolicies=[
                {"name": "more", "policy": json.dumps({"Version": "2012-10-17", "Statement": []})}
            ],
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
    mutant(f"{ID}trust-bound-to-environment", _trust(Condition=ANY_ENVIRONMENT)),
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
    mutant(
        f"{E}policy-not-open",
        statements(*KEY, "policy", lambda s: [*s, {**OPEN, "Action": "kms:CreateGrant"}]),
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
