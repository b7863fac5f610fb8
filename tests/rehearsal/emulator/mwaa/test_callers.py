"""As which Airflow role somebody comes in to a running Airflow."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from rehearsal.airflow import tokens
from rehearsal.emulator.server import Emulator, RunningServer
from tests.rehearsal.emulator.mwaa.test_events import run_airflow
from tests.rehearsal.emulator.platforms.customer import ACCOUNT, REGION, Customer

SECRET = "s"


@pytest.fixture
def running(emulator: Emulator, available: Customer) -> Customer:
    """An environment behind which an Airflow is said to run."""
    run_airflow(emulator, address="127.0.0.1:1", secret=SECRET)
    return available


def mwaa_of(server: RunningServer, customer: Customer, *, may: list[dict[str, Any]]) -> Any:
    """The service as a role with the statements ``may``."""
    iam, sts = customer.client("iam"), customer.client("sts")
    iam.create_role(RoleName="ana", AssumeRolePolicyDocument="{}")
    if may:
        document = json.dumps({"Version": "2012-10-17", "Statement": may})
        iam.put_role_policy(RoleName="ana", PolicyName="may", PolicyDocument=document)
    arn = f"arn:aws:iam::{ACCOUNT}:role/ana"
    keys = sts.assume_role(RoleArn=arn, RoleSessionName="ana")["Credentials"]
    return boto3.client(
        "mwaa",
        endpoint_url=server.url,
        region_name=REGION,
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
        config=Config(inject_host_prefix=False, retries={"total_max_attempts": 1}),
    )


@pytest.mark.parametrize("role", ["Op", "Viewer"])
def test_iam_decides_the_role(emulator: Emulator, running: Customer, role: str) -> None:
    allowed = {
        "Effect": "Allow",
        "Action": "airflow:CreateWebLoginToken",
        "Resource": running.names.airflow_role_arn(role),
    }
    with RunningServer(emulator) as server:
        answer = mwaa_of(server, running, may=[allowed]).create_web_login_token(Name="etl")
    assert answer["WebServerHostname"] == "127.0.0.1:1"
    assert answer["IamIdentity"] == "assumed-role/ana/ana"
    assert answer["AirflowIdentity"] == "ana"
    token = tokens.read(answer["WebToken"], "web", SECRET)
    assert token == tokens.Token("web", role, "ana")


def test_without_a_role_there_is_no_token(emulator: Emulator, running: Customer) -> None:
    with RunningServer(emulator) as server, pytest.raises(ClientError) as refused:
        mwaa_of(server, running, may=[]).create_web_login_token(Name="etl")
    assert refused.value.response["Error"]["Code"] == "AccessDeniedException"
    assert "airflow:CreateWebLoginToken" in str(refused.value)


def test_the_root_user_is_admin(running: Customer) -> None:
    answer = running.mwaa.create_web_login_token(Name="etl")
    token = tokens.read(answer["WebToken"], "web", SECRET)
    assert token == tokens.Token("web", "Admin", "root")
