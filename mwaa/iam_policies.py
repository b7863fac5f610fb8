"""IAM, KMS, S3 and SNS policy documents as pure functions of names.

Everything is known at the first preview except what names the KMS key's ARN, which therefore is a
document of its own (``key_permissions``). Each function returns a fresh dict, ready for JSON.

Sources (read 2026-11), with the traps they hold:
https://docs.aws.amazon.com/mwaa/latest/userguide/mwaa-create-role.html (its sample for customer
keys lacks ``airflow:PublishMetrics``, and its log ARN lacks the dash that makes it match),
https://docs.aws.amazon.com/mwaa/latest/userguide/cross-service-confused-deputy-prevention.html,
https://docs.aws.amazon.com/mwaa/latest/userguide/custom-keys-certs.html,
https://docs.aws.amazon.com/mwaa/latest/userguide/access-policies.html
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias

from mwaa.names import Names

Statement: TypeAlias = dict[str, Any]
Policy: TypeAlias = dict[str, Any]

LOG_ACTIONS: Final = (
    "logs:CreateLogStream",
    "logs:CreateLogGroup",
    "logs:PutLogEvents",
    "logs:GetLogEvents",
    "logs:GetLogRecord",
    "logs:GetLogGroupFields",
    "logs:GetQueryResults",
    # Airflow 3 lists streams to show triggerer logs; without it they are silently missing.
    "logs:DescribeLogStreams",
)
QUEUE_ACTIONS: Final = (
    "sqs:ChangeMessageVisibility",
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
    "sqs:GetQueueUrl",
    "sqs:ReceiveMessage",
    "sqs:SendMessage",
)
KEY_ACTIONS: Final = ("kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey*", "kms:Encrypt")
BUCKET_ACTIONS: Final = ("s3:GetObject*", "s3:GetBucket*", "s3:List*")
WRITE_ACTIONS: Final = (
    "s3:PutObject",
    "s3:AbortMultipartUpload",
    "s3:ListMultipartUploadParts",
)
SECRET_ACTIONS: Final = (
    "secretsmanager:GetResourcePolicy",
    "secretsmanager:GetSecretValue",
    "secretsmanager:DescribeSecret",
    "secretsmanager:ListSecretVersionIds",
)


TRUSTED_SID: Final = "AdditionalTrustedPrincipals"
"""Names the statement of a role's trust that lets in more than MWAA, on purpose."""


def document(*statements: Mapping[str, Any]) -> Policy:
    """A policy document of the current policy language."""
    return {"Version": "2012-10-17", "Statement": [dict(statement) for statement in statements]}


def allow(
    sid: str, actions: Sequence[str], resources: str | Sequence[str], **more: Any
) -> Statement:
    """An Allow statement; ``more`` adds ``Principal`` or ``Condition``."""
    resource = resources if isinstance(resources, str) else list(resources)
    statement = {"Sid": sid, "Effect": "Allow", "Action": list(actions), "Resource": resource}
    return statement | more


# The execution role


def execution_trust(names: Names, principals: Sequence[str] = ()) -> Policy:
    """Both principals of MWAA, and only for this environment (no confused deputy).

    ``principals`` are ARNs of users and roles that may assume the role too, to find faults.
    """
    trusted = {
        "Sid": TRUSTED_SID,
        "Effect": "Allow",
        "Principal": {"AWS": list(principals)},
        "Action": "sts:AssumeRole",
    }
    return document(
        {
            "Sid": "MwaaAssumesForThisEnvironment",
            "Effect": "Allow",
            "Principal": {"Service": ["airflow.amazonaws.com", "airflow-env.amazonaws.com"]},
            "Action": "sts:AssumeRole",
            "Condition": {
                "StringEquals": {"aws:SourceAccount": names.account},
                "ArnLike": {"aws:SourceArn": names.environment_arn},
            },
        },
        *([trusted] if principals else []),
    )


def execution_permissions(
    names: Names, *, secrets_prefix: str = "", write_prefixes: Sequence[str] = ()
) -> Policy:
    """What every environment needs, without the key.

    ``secrets_prefix`` opens Secrets Manager, ``write_prefixes`` parts of the source bucket.
    """
    bucket = [names.bucket_arn, f"{names.bucket_arn}/*"]
    statements = [
        allow("PublishMetrics", ["airflow:PublishMetrics"], names.environment_arn),
        allow("ReadSourceBucket", BUCKET_ACTIONS, bucket),
        # The action knows no resource: AWS's own sample denies it on the bucket and so never does.
        {"Sid": "NoBucketList", "Effect": "Deny", "Action": "s3:ListAllMyBuckets", "Resource": "*"},
        allow("AccountPublicAccessBlock", ["s3:GetAccountPublicAccessBlock"], "*"),
        allow("WriteLogs", LOG_ACTIONS, names.log_group_arn_pattern),
        allow("FindLogGroups", ["logs:DescribeLogGroups"], "*"),
        allow("PutMetrics", ["cloudwatch:PutMetricData"], "*"),
        allow("UseCeleryQueue", QUEUE_ACTIONS, names.queue_arn_pattern),
    ]
    if write_prefixes:
        statements.append(write_source_bucket(names, write_prefixes))
    if secrets_prefix:
        secrets = names.arn("secretsmanager", f"secret:{secrets_prefix}/*")
        statements.append(allow("ReadSecrets", SECRET_ACTIONS, secrets))
        statements.append(allow("FindSecrets", ["secretsmanager:ListSecrets"], "*"))
    return document(*statements)


def write_source_bucket(names: Names, prefixes: Sequence[str]) -> Statement:
    """The right to write below parts of the source bucket, multipart uploads included:
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuAndPermissions.html (read 2026-11)"""
    places = [f"{names.bucket_arn}/{prefix}/*" for prefix in prefixes]
    return allow("WriteSourceBucket", WRITE_ACTIONS, places)


def key_permissions(names: Names, key_arn: str, *, secrets: bool = False) -> Policy:
    """The right to use a customer managed key, through the services of MWAA only.

    ``secrets`` adds Secrets Manager, for secrets encrypted with the environment's key.
    """
    services = ["sqs", "s3", *(["secretsmanager"] if secrets else [])]
    via = [names.service_host(service) for service in services]
    return document(
        allow(
            "UseEnvironmentKey",
            KEY_ACTIONS,
            key_arn,
            Condition={"StringLike": {"kms:ViaService": via}},
        )
    )


def aws_owned_key_permissions(names: Names) -> Policy:
    """The other form, for the AWS-owned key: any key but the account's own, through SQS only.

    Using both forms, or ``Resource`` here, breaks tasks and logs.
    """
    return document(
        {
            "Sid": "UseQueueKeyOfMwaa",
            "Effect": "Allow",
            "Action": list(KEY_ACTIONS),
            "NotResource": f"arn:{names.partition}:kms:*:{names.account}:key/*",
            "Condition": {"StringLike": {"kms:ViaService": [names.service_host("sqs")]}},
        }
    )


# The key, the bucket, the topic, the flow log


def key_policy(names: Names, *, alarm_topic: bool = False) -> Policy:
    """The policy of the environment's key: the account administers, CloudWatch Logs encrypts.

    MWAA needs no statement: it works through grants made with the deployer's rights. The flow log
    group is encrypted too, hence two log patterns. ``alarm_topic`` lets alarms reach a topic
    encrypted with this key.
    """
    root = f"arn:{names.partition}:iam::{names.account}:root"
    # In China the principal of CloudWatch Logs ends in the partition's own suffix.
    logs = {"Service": names.service_host("logs")}
    context = [names.log_group_arn_pattern, names.flow_log_group_arn]
    statements = [
        allow("AccountAdministersKey", ["kms:*"], "*", Principal={"AWS": root}),
        allow(
            "CloudWatchLogsEncrypts",
            [
                "kms:Encrypt*",
                "kms:Decrypt*",
                "kms:ReEncrypt*",
                "kms:GenerateDataKey*",
                "kms:Describe*",
            ],
            "*",
            Principal=logs,
            Condition={"ArnLike": {"kms:EncryptionContext:aws:logs:arn": context}},
        ),
    ]
    if alarm_topic:
        statements.append(
            allow(
                "AlarmsReachEncryptedTopic",
                ["kms:Decrypt", "kms:GenerateDataKey*"],
                "*",
                Principal={"Service": "cloudwatch.amazonaws.com"},
                Condition=_alarms_of(names),
            )
        )
    return document(*statements)


def bucket_policy(bucket_arn: str) -> Policy:
    """Refuses transport without TLS. It denies nothing by network or principal, because MWAA also
    validates the bucket from its own side."""
    return document(
        {
            "Sid": "TlsOnly",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": [bucket_arn, f"{bucket_arn}/*"],
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }
    )


def topic_policy(names: Names) -> Policy:
    """Lets this environment's alarms publish to its topic, and nothing without TLS."""
    topic = names.alarm_topic_arn
    return document(
        allow(
            "AlarmsPublish",
            ["sns:Publish"],
            topic,
            Principal={"Service": "cloudwatch.amazonaws.com"},
            Condition=_alarms_of(names),
        ),
        {
            "Sid": "TlsOnly",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "sns:Publish",
            "Resource": topic,
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        },
    )


def _alarms_of(names: Names) -> dict[str, dict[str, str]]:
    return {
        "StringEquals": {"aws:SourceAccount": names.account},
        "ArnLike": {"aws:SourceArn": names.alarm_arn_pattern},
    }


def flow_log_trust(names: Names) -> Policy:
    """Trust of the role that delivers VPC flow logs.

    Source: https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html
    """
    return document(
        {
            "Sid": "FlowLogsOfThisAccount",
            "Effect": "Allow",
            "Principal": {"Service": "vpc-flow-logs.amazonaws.com"},
            "Action": "sts:AssumeRole",
            "Condition": {
                "StringEquals": {"aws:SourceAccount": names.account},
                "ArnLike": {"aws:SourceArn": names.arn("ec2", "vpc-flow-log/*")},
            },
        }
    )


def flow_log_permissions(names: Names) -> Policy:
    """Write to the flow log group; the group itself is made by the program."""
    group = names.flow_log_group_arn
    return document(
        allow(
            "DeliverFlowLogs",
            ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
            [group, f"{group}:*"],
        ),
        allow("FindLogGroups", ["logs:DescribeLogGroups"], "*"),
    )


# People: one right, one document


def web_access(names: Names, role: str) -> Policy:
    """Sign in to the Airflow UI in one Airflow role."""
    arn = names.airflow_role_arn(role)
    return document(allow(f"OpenAirflowAs{role}", ["airflow:CreateWebLoginToken"], arn))


def rest_access(names: Names, role: str) -> Policy:
    """Call the Airflow REST API in one Airflow role."""
    arn = names.airflow_role_arn(role)
    return document(allow(f"CallAirflowAs{role}", ["airflow:InvokeRestApi"], arn))


def cli_access(names: Names) -> Policy:
    """Run Airflow CLI commands. The token knows no Airflow role: whoever has it administers."""
    return document(allow("RunAirflowCli", ["airflow:CreateCliToken"], names.environment_arn))
