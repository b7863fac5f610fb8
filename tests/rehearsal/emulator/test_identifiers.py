"""The request log names resources, and nothing that a request holds besides."""

import json
from typing import Any

import pytest
from werkzeug.test import Client

from rehearsal.emulator.server import Emulator
from tests.rehearsal.emulator.platforms.customer import Customer

SECRET = "hunter2hunter2"


@pytest.fixture
def web(emulator: Emulator) -> Client:
    return Client(emulator)


def logged(web: Client, operation: str) -> dict[str, Any]:
    log = web.get(f"/_emulator/requests?operation={operation}").json
    assert log is not None
    entry: dict[str, Any] = log["requests"][-1]
    return entry


def test_names_are_found_in_every_protocol(web: Client, customer: Customer) -> None:
    bucket, key = customer.names.bucket, customer.key
    customer.client("s3").put_object(Bucket=bucket, Key="dags/one.py", Body=b"x = 1")
    customer.client("kms").describe_key(KeyId=key)
    customer.client("iam").get_role(RoleName=customer.names.role)
    assert logged(web, "PutObject")["names"] == {"Bucket": bucket, "Key": "dags/one.py"}
    assert logged(web, "DescribeKey")["names"] == {"KeyId": key}
    assert logged(web, "GetRole")["names"] == {"RoleName": customer.names.role}
    customer.create()
    names = logged(web, "CreateEnvironment")["names"]
    assert (names["Name"], names["ExecutionRoleArn"]) == ("etl", customer.role)
    assert (names["KmsKey"], names["SubnetIds"]) == (key, customer.subnets)


def test_the_tags_of_what_ec2_creates_are_found(web: Client, customer: Customer) -> None:
    tags = [{"ResourceType": "vpc", "Tags": [{"Key": "stack", "Value": "dev"}]}]
    customer.ec2.create_vpc(CidrBlock="10.9.0.0/16", TagSpecifications=tags)
    entry = logged(web, "CreateVpc")
    assert (entry["names"], entry["tags"]) == ({}, {"stack": "dev"})
    customer.ec2.create_subnet(VpcId=customer.vpc, CidrBlock="10.192.99.0/24")
    assert logged(web, "CreateSubnet")["names"] == {"VpcId": customer.vpc}


def test_values_never_reach_the_log(web: Client, customer: Customer) -> None:
    options = {"smtp.smtp_password": SECRET, "core.name": SECRET, "x.name": SECRET}
    customer.create(AirflowConfigurationOptions=options)
    customer.client("secretsmanager").create_secret(Name="db", SecretString=SECRET)
    customer.client("iam").create_user(UserName="u")
    customer.client("iam").create_login_profile(UserName="u", Password=SECRET)
    customer.client("s3").put_object(Bucket=customer.names.bucket, Key="k", Body=SECRET.encode())
    statement = {"Sid": SECRET, "Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    customer.allow("more", {"Version": "2012-10-17", "Statement": [statement]})
    log = web.get("/_emulator/requests").json
    assert logged(web, "CreateSecret")["names"] == {"Name": "db"}
    assert SECRET not in json.dumps(log)


def test_a_body_that_cannot_be_read_names_nothing(web: Client) -> None:
    scope = "AKIAIOSFODNN7EXAMPLE/20261123/us-east-1/kms/aws4_request"
    headers = {
        "Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0",
        "X-Amz-Target": "TrentService.DescribeKey",
        "Content-Type": "application/x-amz-json-1.1",
    }
    assert web.post("/", data="{not json", headers=headers).status_code >= 400
    assert logged(web, "DescribeKey")["names"] == {}
