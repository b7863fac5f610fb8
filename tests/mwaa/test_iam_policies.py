"""Policy documents: the facts of AWS's guide, its traps avoided, partitions distinguished."""

from typing import Any

import pytest

from mwaa import iam_policies
from mwaa.names import LOG_TYPES, Names

NAMES = Names("orders", "us-east-1", "123456789012", "orders-dags")
CHINA = Names("orders", "cn-north-1", "123456789012")
KEY = "arn:aws:kms:us-east-1:123456789012:key/0b1c2d3e-0000-4000-8000-000000000000"


def statement(document: dict[str, Any], sid: str) -> dict[str, Any]:
    (found,) = [s for s in document["Statement"] if s["Sid"] == sid]
    return found  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("document", "sids"),
    [
        (
            iam_policies.execution_trust(NAMES, ["arn:aws:iam::123456789012:role/debugger"]),
            {"MwaaAssumesForThisEnvironment", "AdditionalTrustedPrincipals"},
        ),
        (
            iam_policies.execution_permissions(NAMES, secrets_prefix="a", write_prefixes=["b"]),
            {
                *("PublishMetrics", "PutMetrics", "UseCeleryQueue", "WriteLogs", "FindLogGroups"),
                *("ReadSourceBucket", "WriteSourceBucket", "NoBucketList"),
                *("AccountPublicAccessBlock", "ReadSecrets", "FindSecrets"),
            },
        ),
        (iam_policies.key_permissions(NAMES, KEY, secrets=True), {"UseEnvironmentKey"}),
        (iam_policies.aws_owned_key_permissions(NAMES), {"UseQueueKeyOfMwaa"}),
        (
            iam_policies.key_policy(NAMES, alarm_topic=True),
            {"AccountAdministersKey", "CloudWatchLogsEncrypts", "AlarmsReachEncryptedTopic"},
        ),
        (iam_policies.bucket_policy(NAMES.bucket_arn), {"TlsOnly"}),
        (iam_policies.topic_policy(NAMES), {"AlarmsPublish", "TlsOnly"}),
        (iam_policies.flow_log_trust(NAMES), {"FlowLogsOfThisAccount"}),
        (iam_policies.flow_log_permissions(NAMES), {"DeliverFlowLogs", "FindLogGroups"}),
        (iam_policies.web_access(NAMES, "Admin"), {"OpenAirflowAsAdmin"}),
        (iam_policies.rest_access(NAMES, "Admin"), {"CallAirflowAsAdmin"}),
        (iam_policies.cli_access(NAMES), {"RunAirflowCli"}),
    ],
)
def test_a_document_has_its_statements_and_no_other(
    document: dict[str, Any], sids: set[str]
) -> None:
    stated = {one["Sid"] for one in document["Statement"]}
    assert stated == sids, "add a test here of what it allows and what it must not"


def test_both_principals_may_assume_the_role_for_this_environment_only() -> None:
    (trust,) = iam_policies.execution_trust(NAMES)["Statement"]
    assert trust["Principal"]["Service"] == ["airflow.amazonaws.com", "airflow-env.amazonaws.com"]
    assert trust["Condition"]["StringEquals"] == {"aws:SourceAccount": "123456789012"}
    assert trust["Condition"]["ArnLike"] == {"aws:SourceArn": NAMES.environment_arn}


def test_people_are_let_in_by_a_statement_of_their_own() -> None:
    arn = "arn:aws:iam::123456789012:role/debugger"
    _, people = iam_policies.execution_trust(NAMES, [arn])["Statement"]
    assert people["Sid"] == iam_policies.TRUSTED_SID
    assert people["Principal"] == {"AWS": [arn]}


def test_the_bucket_is_written_below_its_opened_parts_only() -> None:
    document = iam_policies.execution_permissions(NAMES, write_prefixes=["export"])
    (written,) = [s for s in document["Statement"] if "s3:PutObject" in s["Action"]]
    assert written["Resource"] == [f"{NAMES.bucket_arn}/export/*"]
    assert "s3:PutObject" not in str(iam_policies.execution_permissions(NAMES))


def test_the_role_may_write_exactly_the_five_log_groups() -> None:
    logs = statement(iam_policies.execution_permissions(NAMES), "WriteLogs")
    assert logs["Resource"] == "arn:aws:logs:us-east-1:123456789012:log-group:airflow-orders-*"
    assert "logs:DescribeLogStreams" in logs["Action"]
    head = logs["Resource"].removesuffix("*")
    assert all(NAMES.log_group_arn(t).startswith(head) for t in LOG_TYPES)


def test_the_role_publishes_its_metrics_and_uses_a_queue_of_another_account() -> None:
    document = iam_policies.execution_permissions(NAMES)
    assert statement(document, "PublishMetrics")["Resource"] == NAMES.environment_arn
    assert ":*:airflow-celery-*" in statement(document, "UseCeleryQueue")["Resource"]


def test_listing_buckets_is_denied_where_the_denial_takes_effect() -> None:
    denial = statement(iam_policies.execution_permissions(NAMES), "NoBucketList")
    assert (denial["Effect"], denial["Resource"]) == ("Deny", "*")


def test_the_permissions_without_the_key_name_no_key() -> None:
    assert "kms" not in str(iam_policies.execution_permissions(NAMES, secrets_prefix="airflow"))


def test_secrets_are_open_under_their_prefix_only() -> None:
    document = iam_policies.execution_permissions(NAMES, secrets_prefix="airflow")
    read = statement(document, "ReadSecrets")
    assert read["Resource"] == "arn:aws:secretsmanager:us-east-1:123456789012:secret:airflow/*"
    assert "secretsmanager" not in str(iam_policies.execution_permissions(NAMES))


@pytest.mark.parametrize(
    ("names", "via"),
    [
        (NAMES, ["sqs.us-east-1.amazonaws.com", "s3.us-east-1.amazonaws.com"]),
        (CHINA, ["sqs.cn-north-1.amazonaws.com.cn", "s3.cn-north-1.amazonaws.com.cn"]),
    ],
)
def test_a_customer_key_is_used_through_sqs_and_s3(names: Names, via: list[str]) -> None:
    (use,) = iam_policies.key_permissions(names, KEY)["Statement"]
    assert use["Resource"] == KEY
    assert use["Condition"] == {"StringLike": {"kms:ViaService": via}}


def test_secrets_encrypted_with_the_key_add_their_service() -> None:
    (use,) = iam_policies.key_permissions(NAMES, KEY, secrets=True)["Statement"]
    assert (
        "secretsmanager.us-east-1.amazonaws.com" in use["Condition"]["StringLike"]["kms:ViaService"]
    )


def test_the_aws_owned_form_excludes_the_accounts_own_keys() -> None:
    (use,) = iam_policies.aws_owned_key_permissions(NAMES)["Statement"]
    assert "Resource" not in use
    assert use["NotResource"] == "arn:aws:kms:*:123456789012:key/*"
    assert use["Condition"] == {"StringLike": {"kms:ViaService": ["sqs.us-east-1.amazonaws.com"]}}


@pytest.mark.parametrize(
    ("names", "root", "logs"),
    [
        (NAMES, "arn:aws:iam::123456789012:root", "logs.us-east-1.amazonaws.com"),
        (CHINA, "arn:aws-cn:iam::123456789012:root", "logs.cn-north-1.amazonaws.com.cn"),
    ],
)
def test_the_key_lets_the_account_administer_and_the_logs_encrypt(
    names: Names, root: str, logs: str
) -> None:
    document = iam_policies.key_policy(names)
    assert statement(document, "AccountAdministersKey")["Principal"] == {"AWS": root}
    encrypts = statement(document, "CloudWatchLogsEncrypts")
    assert encrypts["Principal"] == {"Service": logs}
    assert encrypts["Condition"]["ArnLike"]["kms:EncryptionContext:aws:logs:arn"] == [
        names.log_group_arn_pattern,
        names.flow_log_group_arn,
    ]
    assert len(document["Statement"]) == 2


def test_alarms_use_the_key_only_where_the_topic_does() -> None:
    alarms = statement(
        iam_policies.key_policy(NAMES, alarm_topic=True), "AlarmsReachEncryptedTopic"
    )
    assert alarms["Condition"]["StringEquals"] == {"aws:SourceAccount": "123456789012"}
    publish = statement(iam_policies.topic_policy(NAMES), "AlarmsPublish")
    assert publish["Condition"] == alarms["Condition"]
    assert NAMES.alarm("x").startswith(NAMES.alarm_arn_pattern.split(":alarm:")[1][:-1])


def test_the_bucket_refuses_only_what_comes_without_tls() -> None:
    (deny,) = iam_policies.bucket_policy(NAMES.bucket_arn)["Statement"]
    assert (deny["Effect"], deny["Principal"], deny["Action"]) == ("Deny", "*", "s3:*")
    assert deny["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert deny["Resource"] == [NAMES.bucket_arn, f"{NAMES.bucket_arn}/*"]


def test_the_topic_refuses_what_comes_without_tls() -> None:
    deny = statement(iam_policies.topic_policy(NAMES), "TlsOnly")
    assert (deny["Effect"], deny["Principal"], deny["Action"]) == ("Deny", "*", "sns:Publish")
    assert deny["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_flow_logs_write_to_their_own_group() -> None:
    (trust,) = iam_policies.flow_log_trust(NAMES)["Statement"]
    assert trust["Condition"]["StringEquals"] == {"aws:SourceAccount": "123456789012"}
    deliver = statement(iam_policies.flow_log_permissions(NAMES), "DeliverFlowLogs")
    assert deliver["Resource"][0] == NAMES.flow_log_group_arn


def test_people_get_one_right_at_a_time() -> None:
    web = iam_policies.web_access(NAMES, "Viewer")["Statement"]
    rest = iam_policies.rest_access(NAMES, "Viewer")["Statement"]
    cli = iam_policies.cli_access(NAMES)["Statement"]
    role = "arn:aws:airflow:us-east-1:123456789012:role/orders/Viewer"
    assert [(s["Action"], s["Resource"]) for s in (*web, *rest, *cli)] == [
        (["airflow:CreateWebLoginToken"], role),
        (["airflow:InvokeRestApi"], role),
        (["airflow:CreateCliToken"], NAMES.environment_arn),
    ]


def test_documents_are_fresh_each_time() -> None:
    iam_policies.execution_permissions(NAMES)["Statement"][0]["Action"].append("spoiled")
    assert "spoiled" not in str(iam_policies.execution_permissions(NAMES))
