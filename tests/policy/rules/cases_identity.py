"""One broken fact in roles and policies."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mwaa.model.platform import UNKNOWN, Decision, Platform, Policy
from tests.fixtures import changes
from tests.fixtures.policies import aws_owned_key_statement, execution_policy
from tests.fixtures.records import ACCOUNT, BUCKET, KEY_ARN, NAME, REGION
from tests.policy.rules.cases import (
    Case,
    Change,
    account,
    environment,
    platform,
    record,
    role,
    rule_cases,
    running,
    statement,
    without_statement,
)

UNREAD: Change = role(policies=UNKNOWN)
NO_ROLE: Change = platform(role=UNKNOWN)


def require(rule: str, sid: str, *more: Change, also: tuple[str, ...] = ()) -> list[Case]:
    """A need of the execution role: without its statement it fails, unread it is unknown."""
    return rule_cases(
        f"mwaa-identity-{rule}",
        fail=[without_statement(sid), *more],
        unknown=[UNREAD, NO_ROLE],
        also=also,
    )


def allow(action: str | list[str], resource: str = "*", **more: Any) -> Change:
    """One more Allow in the role's policy; NotResource stands instead of the resource."""

    def change(found: Platform) -> Platform:
        document = execution_policy(NAME, REGION, ACCOUNT, BUCKET, KEY_ARN)
        extra = {"Sid": "Extra", "Effect": "Allow", "Action": action, **more}
        if "NotResource" not in more:
            extra["Resource"] = resource
        wider = {**document, "Statement": [*document["Statement"], extra]}
        return changes.with_execution_policy(found, wider)

    return change


def trust(**statement: Any) -> Change:
    """The role's trust with fields of its statement replaced; None takes one away."""

    def change(found: Platform) -> Platform:
        document = changes.present(found.role).trust
        assert isinstance(document, Mapping)
        return changes.with_role(found, trust=changes.edited(document, "MwaaAssume", **statement))

    return change


def bound_to(*arns: Any) -> Change:
    """The role's trust, for these environments of the account."""
    return trust(
        Condition={
            "ArnLike": {"aws:SourceArn": list(arns)},
            "StringEquals": {"aws:SourceAccount": ACCOUNT},
        }
    )


def own_key(*more: Any) -> Change:
    """AWS's own key instead of the customer's, and the statements for it."""

    def change(found: Platform) -> Platform:
        document = execution_policy(NAME, REGION, ACCOUNT, BUCKET, None)
        kept = [s for s in document["Statement"] if s["Sid"] != "ServiceQueueKey"]
        changed = changes.with_environment(found, kms_key=None)
        return changes.with_execution_policy(changed, {**document, "Statement": [*kept, *more]})

    return change


def boundary(*actions: str) -> Change:
    """A boundary that allows these actions only."""
    allow_only = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
    return role(boundary=Policy(id="b", name="b", document={"Statement": [allow_only]}))


def access(resource: str, action: str = "airflow:CreateWebLoginToken") -> Change:
    """A policy for the Airflow UI, or another way in, on one resource."""
    statement = {"Effect": "Allow", "Action": action, "Resource": resource}
    return record("access_policies", "access-viewer", document={"Statement": [statement]})


OWN_ACCOUNT = {"StringEquals": {"aws:ResourceAccount": ACCOUNT}}
VIA_SQS = {"StringLike": {"kms:ViaService": [f"sqs.{REGION}.amazonaws.com"]}}
VIA_SECRETS = {"StringLike": {"kms:ViaService": f"secretsmanager.{REGION}.amazonaws.com"}}
ENVIRONMENTS = f"arn:aws:airflow:{REGION}:{ACCOUNT}:environment/"
SOURCE = f"arn:aws:s3:::{BUCKET}"
DENIED = Decision(action="iam:PassRole", resource="role", allowed=False, reason="implicitDeny")
LINKED = replace(DENIED, action="iam:CreateServiceLinkedRole")
SECRETS = environment(
    options={
        "secrets.backend": "airflow.providers.amazon.aws.secrets.secrets_manager"
        ".SecretsManagerBackend",
        "secrets.backend_kwargs": '{"connections_prefix": "airflow/connections",'
        ' "variables_prefix": "airflow/variables", "connections_lookup_pattern": "x"}',
    }
)
NEEDS = [
    "mwaa-identity-may-read-bucket",
    "mwaa-identity-may-read-account-access-block",
    "mwaa-identity-may-write-logs",
    "mwaa-identity-may-list-log-streams",
    "mwaa-identity-may-put-metrics",
    "mwaa-identity-may-use-queue",
    "mwaa-identity-may-use-customer-key",
]

CASES = [
    *rule_cases(
        "mwaa-identity-trust-both-principals",
        fail=[
            trust(Principal={"Service": "airflow.amazonaws.com"}),
            trust(Condition={"StringEquals": {"aws:SourceAccount": "999999999999"}}),
        ],
        unknown=[role(trust=UNKNOWN), NO_ROLE],
        also=["*"],
    ),
    *rule_cases(
        "mwaa-identity-trust-only-mwaa",
        fail=[
            trust(
                Principal={
                    "Service": ["airflow.amazonaws.com", "airflow-env.amazonaws.com"],
                    "AWS": f"arn:aws:iam::{ACCOUNT}:root",
                }
            )
        ],
        unknown=[role(trust=UNKNOWN)],
    ),
    *rule_cases(
        "mwaa-identity-trust-bound-to-environment",
        fail=[
            trust(Condition=None),
            bound_to("*"),
            bound_to(f"arn:aws:airflow:*:{ACCOUNT}:environment/*"),
            bound_to(f"{ENVIRONMENTS}*"),
            bound_to(f"{ENVIRONMENTS}{NAME[:-1]}?"),
        ],
        unknown=[
            role(trust=UNKNOWN),
            trust(Condition=UNKNOWN),
            bound_to(UNKNOWN),
            trust(Condition={"StringEquals": UNKNOWN}),
        ],
        passing=[bound_to(f"arn:aws:airflow:*:{ACCOUNT}:environment/{NAME}")],
    ),
    *rule_cases(
        "mwaa-identity-trust-bound-to-environment",
        fail=[
            trust(Condition={"ArnNotLike": {"aws:SourceArn": "x"}}),
            trust(Condition={"StringLike": {"aws:SourceAccount": "*", "aws:SourceArn": "*"}}),
        ],
        also=["*"],
    ),
    *require("may-publish-metrics", "Metrics"),
    *require(
        "may-read-bucket",
        "ReadSource",
        statement("ReadSource", Resource="arn:aws:s3:::another/*"),
        statement("ReadSource", Action=["s3:List*"]),
        # The DAGs, but neither requirements nor plugins nor the startup script.
        statement("ReadSource", Resource=[SOURCE, f"{SOURCE}/dags/*"]),
    ),
    *require("may-read-account-access-block", "AccountAccessBlock"),
    *require("may-write-logs", "LogGroups"),
    *require(
        "may-write-logs",
        "Logs",
        # AWS's own sample for customer keys: without the dash it matches no group of MWAA.
        statement("Logs", Resource=f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:airflow-{NAME}:*"),
        also=("mwaa-identity-may-list-log-streams",),
    ),
    *rule_cases(
        "mwaa-identity-may-list-log-streams",
        fail=[
            statement(
                "Logs",
                Action=[
                    "logs:CreateLogStream",
                    "logs:CreateLogGroup",
                    "logs:PutLogEvents",
                    "logs:GetLogEvents",
                    "logs:GetLogRecord",
                    "logs:GetLogGroupFields",
                    "logs:GetQueryResults",
                ],
            )
        ],
        unknown=[UNREAD],
    ),
    *require("may-put-metrics", "PutMetrics"),
    *require(
        "may-use-queue",
        "CeleryQueue",
        statement("CeleryQueue", Resource=f"arn:aws:sqs:{REGION}:{ACCOUNT}:airflow-celery-*"),
    ),
    *require(
        "may-use-customer-key",
        "EnvironmentKey",
        statement("EnvironmentKey", Resource=KEY_ARN.replace("1", "9")),
    ),
    *rule_cases(
        "mwaa-identity-may-use-service-key",
        fail=[
            own_key(),
            own_key(
                {
                    "Sid": "ServiceQueueKey",
                    "Effect": "Allow",
                    "Action": ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey*"],
                    "Resource": f"arn:aws:kms:*:{ACCOUNT}:key/*",
                }
            ),
        ],
        unknown=[environment(kms_key=UNKNOWN)],
        passing=[own_key(aws_owned_key_statement(REGION, ACCOUNT))],
        also=["*"],
    ),
    *rule_cases(
        "mwaa-identity-one-form-of-key",
        fail=[
            allow(
                ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey*", "kms:Encrypt"],
                NotResource=f"arn:aws:kms:*:{ACCOUNT}:key/*",
                Condition=VIA_SQS,
            ),
        ],
    ),
    *rule_cases(
        "mwaa-identity-one-form-of-key",
        fail=[
            allow("kms:*", "*", Condition=VIA_SQS),
            allow("kms:Decrypt", f"arn:aws:kms:*:{ACCOUNT}:key/*"),
        ],
        unknown=[UNREAD, NO_ROLE, environment(kms_key=UNKNOWN)],
        passing=[
            own_key(aws_owned_key_statement(REGION, ACCOUNT)),
            # A key that a DAG needs, by its name; and all keys through another service.
            allow("kms:Decrypt", KEY_ARN.replace("1", "9")),
            allow("kms:Decrypt", "*", Condition=VIA_SECRETS),
        ],
        also=["*"],
    ),
    *rule_cases(
        "mwaa-identity-may-read-secrets",
        fail=[SECRETS],
        unknown=[environment(options=UNKNOWN)],
        also=["mwaa-network-secrets-reachable"],
    ),
    *rule_cases(
        "mwaa-identity-no-administration",
        fail=[
            allow("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/*"),
            allow("dynamodb:*"),
        ],
    ),
    *rule_cases(
        "mwaa-identity-no-administration",
        fail=[
            allow("iam:*"),
            allow("*"),
            allow("s3:*"),
            allow("kms:*"),
            allow("sts:AssumeRole", "arn:aws:iam::*"),
            allow("iam:PassRole", NotResource=f"arn:aws:iam::{ACCOUNT}:role/admin"),
            allow("dynamodb:*", NotResource=f"arn:aws:dynamodb:*:{ACCOUNT}:table/mine"),
            role(managed_policy_arns=("arn:aws:iam::aws:policy/AdministratorAccess",)),
        ],
        unknown=[UNREAD],
        passing=[
            allow("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/batch-*"),
            allow("sts:AssumeRole", f"arn:aws:iam::{ACCOUNT}:role/reader"),
            allow("dynamodb:*", f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/mine"),
            allow("dynamodb:*", Condition=OWN_ACCOUNT),
        ],
        also=["*"],
    ),
    *rule_cases(
        "mwaa-identity-no-wildcards",
        fail=[
            allow("dynamodb:*", f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/mine"),
            allow("dynamodb:*", Condition=OWN_ACCOUNT),
            allow("s3:GetObject"),
        ],
        unknown=[UNREAD],
    ),
    *rule_cases(
        "mwaa-identity-no-self-escalation",
        fail=[
            allow("s3:PutObject", f"arn:aws:s3:::{BUCKET}/dags/*"),
            allow("airflow:UpdateEnvironment"),
        ],
        unknown=[account(region=UNKNOWN)],
    ),
    *rule_cases(
        "mwaa-identity-boundary-permits",
        fail=[boundary("airflow:*")],
        unknown=[
            role(boundary=UNKNOWN),
            role(boundary=Policy(id="b", name="b", document=UNKNOWN)),
        ],
        passing=[boundary("*")],
        also=NEEDS,
    ),
    *rule_cases(
        "mwaa-identity-policies-one-style",
        fail=[role(overruled=("role-policy",))],
        unknown=[NO_ROLE, role(overruled=UNKNOWN)],
    ),
    *rule_cases(
        "mwaa-identity-environment-after-policies",
        fail=[role(parts=frozenset({"role", "role-policy", "late"}))],
        unknown=[environment(depends_on=UNKNOWN)],
    ),
    *rule_cases(
        "mwaa-identity-service-linked-role",
        fail=[account(has_service_linked_role=False, caller_rights=(LINKED,))],
        unknown=[
            account(has_service_linked_role=UNKNOWN),
            account(has_service_linked_role=False),
            account(has_service_linked_role=False, caller_rights=()),
            account(
                has_service_linked_role=False, caller_rights=(replace(LINKED, allowed=UNKNOWN),)
            ),
        ],
        passing=[
            account(has_service_linked_role=False, caller_rights=(replace(LINKED, allowed=True),))
        ],
        base=running,
    ),
    *rule_cases(
        "mwaa-identity-same-account",
        fail=[environment(execution_role="arn:aws:iam::999999999999:role/airflow")],
        unknown=[environment(execution_role=UNKNOWN), account(id=UNKNOWN)],
        also=["*"],
    ),
    *rule_cases(
        "mwaa-identity-deployer-rights",
        fail=[
            account(caller_rights=(DENIED,)),
            account(caller_rights=(replace(DENIED, final=True), LINKED)),
        ],
        unknown=[
            account(caller_rights=UNKNOWN),
            account(caller_rights=()),
            account(caller_rights=(replace(DENIED, allowed=UNKNOWN),)),
        ],
        passing=[account(caller_rights=(replace(DENIED, allowed=True), LINKED))],
        base=running,
    ),
    *rule_cases(
        "mwaa-identity-web-roles-scoped",
        fail=[
            access("*"),
            access(f"arn:aws:airflow:{REGION}:{ACCOUNT}:role/*/Viewer"),
            access(f"arn:aws:airflow:{REGION}:{ACCOUNT}:role/{NAME}/*"),
            access("*", "airflow:CreateCliToken"),
            access(f"arn:aws:airflow:{REGION}:{ACCOUNT}:environment/*", "airflow:CreateCliToken"),
            access(f"arn:aws:airflow:{REGION}:{ACCOUNT}:environment/{NAME[:-1]}?", "airflow:*"),
        ],
        passing=[
            access(f"arn:aws:airflow:{REGION}:{ACCOUNT}:environment/{NAME}", "airflow:Create*"),
            access(f"arn:aws:airflow:{REGION}:{ACCOUNT}:environment/*", "airflow:GetEnvironment"),
        ],
        unknown=[platform(access_policies=UNKNOWN)],
    ),
]
