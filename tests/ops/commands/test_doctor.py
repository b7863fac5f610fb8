"""The doctor's verdict in words and in data, before and after a create."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from mwaa.settings.load import Settings
from ops.commands.doctor import planned
from ops.commands.doctor.doctor import Inspected, Rules, examine
from ops.commands.doctor.result import Diagnosis
from ops.commands.doctor.selection import applicable, named
from ops.errors import FailedError, RefusedError
from ops.last_look import AGAIN_SECONDS, prove
from ops.live.reader import AwsReader
from policy.rules.rule import Stage
from tests.ops.emulated import Emulated, emulated

SECRET = "hunter2hunter2"


@pytest.fixture(scope="module")
def there() -> Iterator[Emulated]:
    with emulated() as found:
        yield found


def diagnosed(there: Emulated, aws: AwsReader | None = None, **described: Any) -> Diagnosis:
    inspected = Inspected(there.account(), "etl", {**there.described(), **described})
    return examine(inspected, aws or there.aws())


def test_the_verdict_stands_first_and_names_the_main_reason(there: Emulated) -> None:
    found = diagnosed(there, WebserverAccessMode="PUBLIC_ONLY")
    first = found.text(passes=False).splitlines()[0]
    assert first.startswith("etl is AVAILABLE: BROKEN. Broken rule: ")
    assert found.code == 1
    assert "mwaa-network-webserver-private" in found.text(passes=False)


def test_a_failed_update_is_reported_with_its_likely_causes(there: Emulated) -> None:
    error = {"ErrorCode": "INCORRECT_CONFIGURATION", "ErrorMessage": "You may need to check"}
    found = diagnosed(there, LastUpdate={"Status": "FAILED", "Error": error})
    assert "likely: the containers could not reach a service" in found.text(passes=False)
    assert found.document()["causes"]


def test_option_values_are_never_printed(there: Emulated) -> None:
    options = {"smtp.smtp_password": SECRET, "core.executor": SECRET, "bad": SECRET}
    found = diagnosed(there, AirflowConfigurationOptions=options)
    assert "mwaa-environment-options-hold-no-secrets" in found.text(passes=True)
    assert SECRET not in found.text(passes=True) + json.dumps(found.document())


class Denied(AwsReader):
    """A reader that may not read KMS."""

    def client(self, service: str) -> Any:
        if service == "kms":
            raise ClientError({"Error": {"Code": "AccessDeniedException"}}, "DescribeKey")
        return super().client(service)


def test_what_may_not_be_read_is_skipped_with_the_permission_and_never_a_pass(
    there: Emulated,
) -> None:
    found = diagnosed(there, Denied(there.account(), _clients=there.made))
    text, data = found.text(passes=True), found.document()
    assert "SKIPPED  mwaa-encryption-key-usable" in text
    assert '"Action": ["kms:DescribeKey"]' in text
    assert data["missing_permissions"] == ["kms:DescribeKey"]
    verdicts = {one["id"]: one["verdict"] for one in data["rules"]}
    assert verdicts["mwaa-encryption-key-rotates"] == "skipped"


def test_drift_against_the_stacks_outputs_is_reported(there: Emulated) -> None:
    outputs = {"environmentClass": "mw1.large", "subnetIds": ["subnet-gone"], "dagS3Path": "dags"}
    described = there.described()
    found = examine(Inspected(there.account(), "etl", described, outputs), there.aws())
    assert {one.output for one in found.drifts} == {"environmentClass", "subnetIds"}


def settings(there: Emulated, **more: str) -> Settings:
    customer = there.customer
    values = {
        "environmentName": "second",
        "airflowVersion": "2.10.3",
        "existingVpcId": customer.vpc,
        "existingSubnetIds": json.dumps(customer.subnets),
        "existingRouteTableIds": json.dumps(customer.tables),
        "existingVpcCidr": "10.192.0.0/16",
        **more,
    }
    return Settings.load(values, region="us-east-1", base=Path.cwd())


def before(there: Emulated, **more: str) -> Diagnosis:
    found = settings(there, **more)
    inspected = Inspected(
        there.account(), found.environment_name, planned.described(found), {}, found
    )
    return examine(inspected, there.aws())


def test_an_environment_that_is_gone_is_no_environment_that_was_never_made(there: Emulated) -> None:
    found = settings(there, endpointProfile="none")
    inspected = Inspected(
        there.account(),
        found.environment_name,
        planned.described(found),
        {"environmentName": found.environment_name},
        found,
    )
    gone = examine(inspected, there.aws())
    assert (gone.status, gone.verdict, gone.code) == ("gone", "drifted", 1)
    assert "metadata database with it" in gone.text(passes=False)


def test_before_a_create_a_second_private_dns_name_is_found(there: Emulated) -> None:
    found = before(there)
    assert found.verdict == "not ready"
    failed = [one["id"] for one in found.document()["rules"] if one["verdict"] == "fail"]
    assert "mwaa-network-no-duplicate-private-dns" in failed
    assert found.waiting > 10


def test_before_a_create_a_taken_name_is_found(there: Emulated) -> None:
    found = before(there, environmentName="etl", endpointProfile="none")
    failed = [one["id"] for one in found.document()["rules"] if one["verdict"] == "fail"]
    assert "mwaa-environment-name-free" in failed


def test_a_new_vpc_needs_nothing_to_exist(there: Emulated) -> None:
    values = {
        "environmentName": "third",
        "airflowVersion": "2.10.3",
        "availabilityZones": json.dumps(["us-east-1a", "us-east-1b"]),
    }
    found = Settings.load(values, region="us-east-1", base=Path.cwd())
    inspected = Inspected(there.account(), "third", planned.described(found), {}, found)
    diagnosis = examine(inspected, there.aws())
    assert (diagnosis.verdict, diagnosis.code) == ("ready", 0)


def inputs(there: Emulated, **more: Any) -> dict[str, Any]:
    """What the provider is given of the customer's environment."""
    customer = there.customer
    return {
        "name": "second",
        "airflowVersion": "2.10.3",
        "environmentClass": "mw1.small",
        "webserverAccessMode": "PRIVATE_ONLY",
        "endpointManagement": "SERVICE",
        "executionRoleArn": customer.role,
        "sourceBucketArn": customer.names.bucket_arn,
        "dagS3Path": "dags",
        "kmsKey": customer.key,
        "networkConfiguration": {
            "subnetIds": customer.subnets,
            "securityGroupIds": [customer.group],
        },
        **more,
    }


def last_look(there: Emulated, given: dict[str, Any]) -> tuple[list[str], list[float]]:
    """What the last look says of a second reading, and how long it pauses."""
    said: list[str] = []
    paused: list[float] = []
    account, update = there.account(), given["name"] == there.customer.names.environment
    account.__dict__["mwaa"] = there.customer.mwaa
    prove(account, given, update=update, tell=said.append, sleep=paused.append)
    return said, paused


def test_the_last_look_stops_what_breaks_a_rule_and_says_how_to_skip_it(there: Emulated) -> None:
    wrong = inputs(there, networkConfiguration={"subnetIds": there.customer.subnets[:1]})
    with pytest.raises(FailedError, match="second is not created") as stopped:
        last_look(there, wrong)
    assert "mwaa-network-two-subnets" in str(stopped.value)
    assert "lastLook: false" in str(stopped.value)


def test_what_was_a_stale_read_is_read_again_and_refuses_nothing(there: Emulated) -> None:
    s3, bucket = there.customer.client("s3"), there.customer.names.bucket
    modules = ("dagProcessing", "scheduler", "task", "webserver", "worker")
    all_on = {f"{module}Logs": {"enabled": True, "logLevel": "INFO"} for module in modules}
    given = inputs(there, name="etl", loggingConfiguration=all_on)
    block = s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    s3.delete_public_access_block(Bucket=bucket)
    there.emulator.gateway.faults.add(
        {"kind": "stale", "service": "s3", "operation": "GetPublicAccessBlock"}
    )
    s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=block)
    try:
        (said,), paused = last_look(there, given)
    finally:
        there.emulator.gateway.faults.clear()
    assert "mwaa-storage-public-access-blocked" in said and "read again in 20 s" in said
    assert paused == [AGAIN_SECONDS]
    assert last_look(there, given) == ([], [])


def test_an_artifact_without_a_real_version_is_refused_with_its_cause(there: Emulated) -> None:
    s3, bucket = there.customer.client("s3"), there.customer.names.bucket
    there.emulator.gateway.faults.add({"kind": "unversioned"})
    try:
        s3.put_object(Bucket=bucket, Key="requirements-null.txt", Body=b"a==1")
    finally:
        there.emulator.gateway.faults.clear()
    version = s3.head_object(Bucket=bucket, Key="requirements-null.txt")["VersionId"]
    pinned = {
        "requirementsS3Path": "requirements-null.txt",
        "requirementsS3ObjectVersion": version,
    }
    with pytest.raises(FailedError, match="before the bucket's versioning took effect") as stopped:
        last_look(there, inputs(there, **pinned))
    assert "Change the file" in str(stopped.value)


def test_an_update_of_what_is_gone_says_what_to_do(there: Emulated) -> None:
    account = there.account()
    account.__dict__["mwaa"] = there.customer.mwaa
    with pytest.raises(FailedError, match="pulumi refresh"):
        prove(account, inputs(there), update=True)


def test_advice_alone_never_fails(there: Emulated) -> None:
    inspected = Inspected(there.account(), "etl", there.described())
    assert examine(inspected, there.aws(), Rules.ADVISORY).code == 0


def test_a_rule_is_judged_at_its_own_stages() -> None:
    grant, heartbeat, quota = (
        "mwaa-encryption-deployer-may-grant",
        "mwaa-environment-scheduler-heartbeat",
        "mwaa-environment-within-quota",
    )
    before, last, after = ({rule.id for rule in applicable(stage)} for stage in Stage)
    assert grant in before & last and grant not in after
    assert heartbeat in after and heartbeat not in before | last
    assert quota in before & last & after


def test_an_unknown_rule_is_answered_with_the_nearest() -> None:
    with pytest.raises(RefusedError, match="mwaa-network-two-subnets"):
        named(["mwaa-network-two-subnet"], [])
