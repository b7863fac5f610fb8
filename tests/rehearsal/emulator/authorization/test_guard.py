"""Calls of the execution role's sessions are allowed or refused by its policies."""

from __future__ import annotations

import json

import pytest

from mwaa import iam_policies
from tests.rehearsal.emulator.authorization.role import Role, refusal, statement, without
from tests.rehearsal.emulator.platforms.customer import Customer


def test_the_documented_policy_is_enough(role: Role) -> None:
    role.send()
    role.receive()
    role.write_logs()
    role.list_dags()
    role.read_dag()
    role.put_metric()


@pytest.mark.parametrize(
    ("sid", "calls", "code", "action"),
    [
        ("UseCeleryQueue", ("send", "receive"), "AccessDenied", "sqs:"),
        ("WriteLogs", ("write_logs",), "AccessDeniedException", "logs:CreateLogStream"),
        ("ReadSourceBucket", ("read_dag", "list_dags"), "AccessDenied", "s3:"),
        ("PutMetrics", ("put_metric",), "AccessDenied", "cloudwatch:PutMetricData"),
    ],
)
def test_a_right_that_the_role_lacks(
    role: Role, available: Customer, sid: str, calls: tuple[str, ...], code: str, action: str
) -> None:
    without(available, sid)
    for call in calls:
        found, message = refusal(getattr(role, call))
        assert found == code
        assert f"AmazonMWAA-airflow is not authorized to perform: {action}" in message
        assert "because no identity-based policy allows the" in message
    available.allow("permissions", iam_policies.execution_permissions(available.names))
    for call in calls:
        getattr(role, call)()


def test_a_task_that_no_worker_may_receive_stays_in_the_queue(
    role: Role, available: Customer
) -> None:
    deny = statement("Deny", "sqs:ReceiveMessage")
    available.allow("deny", iam_policies.document(deny))
    role.send()
    for _ in range(3):
        message = refusal(role.receive)[1]
        assert message.endswith("with an explicit deny in an identity-based policy")
    assert role.waiting() == 1
    available.client("iam").delete_role_policy(RoleName=available.names.role, PolicyName="deny")
    role.receive()
    assert role.waiting() == 0


def test_a_secret_needs_a_right(role: Role, available: Customer) -> None:
    available.endpoint("secretsmanager")
    secrets = available.client("secretsmanager")
    arn = secrets.create_secret(Name="airflow/variables/one", SecretString="v")["ARN"]
    code, message = refusal(role.read_secret)
    assert code == "AccessDeniedException"
    assert f"secretsmanager:GetSecretValue on resource: {arn}" in message
    may = iam_policies.execution_permissions(available.names, secrets_prefix="airflow")
    available.allow("permissions", may)
    role.read_secret()


def test_a_queue_under_the_key_needs_the_key(role: Role, available: Customer) -> None:
    available.client("iam").delete_role_policy(RoleName=available.names.role, PolicyName="key")
    assert "kms:GenerateDataKey" in refusal(role.send)[1]
    assert "kms:Decrypt" in refusal(role.receive)[1]
    role.read_dag()  # the bucket is not under the key


def test_a_bucket_under_the_key_needs_the_key(role: Role, available: Customer) -> None:
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": available.key}
    available.client("s3").put_bucket_encryption(
        Bucket=available.names.bucket,
        ServerSideEncryptionConfiguration={
            "Rules": [{"ApplyServerSideEncryptionByDefault": default}]
        },
    )
    role.read_dag()
    available.client("iam").delete_role_policy(RoleName=available.names.role, PolicyName="key")
    code, message = refusal(role.read_dag)
    assert code == "AccessDenied"
    assert f"kms:Decrypt on resource: {available.key}" in message


def test_the_policy_of_an_endpoint_refuses(role: Role, available: Customer) -> None:
    policy = {"Statement": [statement("Allow", "sqs:ReceiveMessage", Principal="*")]}
    available.ec2.modify_vpc_endpoint(
        VpcEndpointId=available.endpoints["sqs"], PolicyDocument=json.dumps(policy)
    )
    assert "because no VPC endpoint policy allows the sqs:SendMessage" in refusal(role.send)[1]
    role.receive()


def test_the_policy_of_the_bucket_refuses(role: Role, available: Customer) -> None:
    bucket = available.names.bucket_arn
    deny = statement("Deny", "s3:GetObject", f"{bucket}/dags/*", Principal={"AWS": available.role})
    available.client("s3").put_bucket_policy(
        Bucket=available.names.bucket, Policy=json.dumps(iam_policies.document(deny))
    )
    code, message = refusal(role.read_dag)
    assert code == "AccessDenied"
    assert message.endswith("with an explicit deny in a resource-based policy")
    role.list_dags()


def test_the_boundary_refuses(role: Role, available: Customer) -> None:
    iam = available.client("iam")
    limit = json.dumps(iam_policies.document(statement("Allow", "sqs:*")))
    arn = iam.create_policy(PolicyName="limit", PolicyDocument=limit)["Policy"]["Arn"]
    iam.put_role_permissions_boundary(RoleName=available.names.role, PermissionsBoundary=arn)
    assert "no permissions boundary allows the s3:GetObject" in refusal(role.read_dag)[1]


def test_what_is_not_known_is_allowed_and_said(
    role: Role, available: Customer, caplog: pytest.LogCaptureFixture
) -> None:
    outside = {"NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"}}
    available.allow("deny", iam_policies.document(statement("Deny", "sqs:*", Condition=outside)))
    available.endpoint("secretsmanager")
    role.send()
    assert "sqs:SendMessage on" in caplog.text
    role.account.client("secretsmanager").get_random_password()
    assert "secretsmanager GetRandomPassword is allowed" in caplog.text


def test_other_sessions_are_not_judged(role: Role, available: Customer) -> None:
    without(available, "UseCeleryQueue")
    refusal(role.send)
    available.client("sqs").send_message(QueueUrl=role.queue, MessageBody="task")
