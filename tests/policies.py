"""The policy documents of a compliant platform, written out as AWS documents them.

Sources: https://docs.aws.amazon.com/mwaa/latest/userguide/mwaa-create-role.html and
https://docs.aws.amazon.com/mwaa/latest/userguide/custom-keys-certs.html. They are written here
again, apart from the program's own, so that a mistake in the program cannot hide in its tests.
"""

from typing import Any

Json = dict[str, Any]


def _document(*statements: Json) -> Json:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def trust_policy(name: str, region: str, account: str) -> Json:
    return _document(
        {
            "Sid": "MwaaAssume",
            "Effect": "Allow",
            "Principal": {"Service": ["airflow.amazonaws.com", "airflow-env.amazonaws.com"]},
            "Action": "sts:AssumeRole",
            "Condition": {
                "ArnLike": {
                    "aws:SourceArn": f"arn:aws:airflow:{region}:{account}:environment/{name}"
                },
                "StringEquals": {"aws:SourceAccount": account},
            },
        }
    )


def key_statement(region: str, key_arn: str) -> Json:
    return {
        "Sid": "EnvironmentKey",
        "Effect": "Allow",
        "Action": ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey*", "kms:Encrypt"],
        "Resource": key_arn,
        "Condition": {
            "StringLike": {
                "kms:ViaService": [f"sqs.{region}.amazonaws.com", f"s3.{region}.amazonaws.com"]
            }
        },
    }


def aws_owned_key_statement(region: str, account: str) -> Json:
    return {
        "Sid": "ServiceQueueKey",
        "Effect": "Allow",
        "Action": ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey*", "kms:Encrypt"],
        "NotResource": f"arn:aws:kms:*:{account}:key/*",
        "Condition": {"StringLike": {"kms:ViaService": [f"sqs.{region}.amazonaws.com"]}},
    }


def execution_policy(
    name: str, region: str, account: str, bucket: str, key_arn: str | None
) -> Json:
    """The role's permissions; ``key_arn`` None means the AWS-owned key."""
    groups = f"arn:aws:logs:{region}:{account}:log-group:airflow-{name}-*"
    return _document(
        {
            "Sid": "Metrics",
            "Effect": "Allow",
            "Action": "airflow:PublishMetrics",
            "Resource": f"arn:aws:airflow:{region}:{account}:environment/{name}",
        },
        {
            "Sid": "ReadSource",
            "Effect": "Allow",
            "Action": ["s3:GetObject*", "s3:GetBucket*", "s3:List*"],
            "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"],
        },
        {
            "Sid": "AccountAccessBlock",
            "Effect": "Allow",
            "Action": "s3:GetAccountPublicAccessBlock",
            "Resource": "*",
        },
        {
            "Sid": "Logs",
            "Effect": "Allow",
            "Action": [
                "logs:CreateLogStream",
                "logs:CreateLogGroup",
                "logs:PutLogEvents",
                "logs:GetLogEvents",
                "logs:GetLogRecord",
                "logs:GetLogGroupFields",
                "logs:GetQueryResults",
                "logs:DescribeLogStreams",
            ],
            "Resource": groups,
        },
        {
            "Sid": "LogGroups",
            "Effect": "Allow",
            "Action": "logs:DescribeLogGroups",
            "Resource": "*",
        },
        {
            "Sid": "PutMetrics",
            "Effect": "Allow",
            "Action": "cloudwatch:PutMetricData",
            "Resource": "*",
        },
        {
            "Sid": "CeleryQueue",
            "Effect": "Allow",
            "Action": [
                "sqs:ChangeMessageVisibility",
                "sqs:DeleteMessage",
                "sqs:GetQueueAttributes",
                "sqs:GetQueueUrl",
                "sqs:ReceiveMessage",
                "sqs:SendMessage",
            ],
            "Resource": f"arn:aws:sqs:{region}:*:airflow-celery-*",
        },
        key_statement(region, key_arn) if key_arn else aws_owned_key_statement(region, account),
    )


def key_policy(name: str, region: str, account: str) -> Json:
    return _document(
        {
            "Sid": "Account",
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{account}:root"},
            "Action": "kms:*",
            "Resource": "*",
        },
        {
            "Sid": "CloudWatchLogs",
            "Effect": "Allow",
            "Principal": {"Service": f"logs.{region}.amazonaws.com"},
            "Action": [
                "kms:Encrypt*",
                "kms:Decrypt*",
                "kms:ReEncrypt*",
                "kms:GenerateDataKey*",
                "kms:Describe*",
            ],
            "Resource": "*",
            "Condition": {
                "ArnLike": {
                    "kms:EncryptionContext:aws:logs:arn": (
                        f"arn:aws:logs:{region}:{account}:log-group:airflow-{name}-*"
                    )
                }
            },
        },
    )


def bucket_policy(bucket: str) -> Json:
    return _document(
        {
            "Sid": "TlsOnly",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"],
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }
    )


def access_policy(name: str, region: str, account: str, airflow_role: str) -> Json:
    return _document(
        {
            "Sid": "WebLogin",
            "Effect": "Allow",
            "Action": ["airflow:CreateWebLoginToken", "airflow:InvokeRestApi"],
            "Resource": f"arn:aws:airflow:{region}:{account}:role/{name}/{airflow_role}",
        }
    )
