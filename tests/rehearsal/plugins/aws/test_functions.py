"""The lookups: identity and place, zones, a network that exists, policy documents."""

from __future__ import annotations

import json

import grpc
import pytest

from tests.rehearsal.plugins.aws.engine import Engine, Made


def test_identity_and_place(engine: Engine) -> None:
    caller = engine.invoke("aws:index/getCallerIdentity:getCallerIdentity")
    assert caller["accountId"] == "123456789012"
    assert engine.invoke("aws:index/getRegion:getRegion")["region"] == "us-east-1"
    partition = engine.invoke("aws:index/getPartition:getPartition")
    assert (partition["partition"], partition["dnsSuffix"]) == ("aws", "amazonaws.com")


def test_another_region_can_be_asked(engine: Engine) -> None:
    token = "aws:index/getAvailabilityZones:getAvailabilityZones"
    assert engine.invoke(token, state="available")["names"][:2] == ["us-east-1a", "us-east-1b"]
    assert engine.invoke(token, region="eu-west-1")["names"][0] == "eu-west-1a"


def test_network_lookups(engine: Engine, vpc: Made, subnet: Made) -> None:
    found = engine.invoke("aws:ec2/getVpc:getVpc", id=vpc.id)
    assert found["cidrBlock"] == "10.20.0.0/16"
    assert found["enableDnsHostnames"] is True
    assert found["mainRouteTableId"] == vpc.outputs["mainRouteTableId"]
    by_id = engine.invoke("aws:ec2/getSubnet:getSubnet", id=subnet.id)
    assert by_id["assignIpv6AddressOnCreation"] is False
    assert (by_id["vpcId"], by_id["availabilityZone"]) == (vpc.id, "us-east-1a")
    wanted = [{"name": "vpc-id", "values": [vpc.id]}]
    assert engine.invoke("aws:ec2/getSubnets:getSubnets", filters=wanted)["ids"] == [subnet.id]
    table = engine.invoke("aws:ec2/getRouteTable:getRouteTable", vpcId=vpc.id)
    assert table["routeTableId"] == vpc.outputs["mainRouteTableId"]


@pytest.mark.parametrize(
    "token",
    ["aws:ec2/getManagedPrefixList:getManagedPrefixList", "aws:ec2/getPrefixList:getPrefixList"],
)
def test_prefix_list_of_s3(engine: Engine, token: str) -> None:
    assert engine.invoke(token, name="com.amazonaws.us-east-1.s3")["id"].startswith("pl-")


def test_role_key_and_bucket_that_exist(engine: Engine, unique: str) -> None:
    trust = json.dumps({"Version": "2012-10-17", "Statement": []})
    engine.create("aws:iam/role:Role", {"name": unique, "assumeRolePolicy": trust})
    role = engine.invoke("aws:iam/getRole:getRole", name=unique)
    assert role["arn"].endswith(f":role/{unique}") and role["permissionsBoundary"] == ""
    assert json.loads(role["assumeRolePolicy"])["Statement"] == []
    made = engine.create("aws:kms/key:Key", {})
    key = engine.invoke("aws:kms/getKey:getKey", keyId=made.outputs["arn"])
    assert (key["id"], key["keyState"], key["multiRegion"]) == (made.id, "Enabled", False)
    engine.create("aws:s3/bucket:Bucket", {"bucket": unique})
    bucket = engine.invoke("aws:s3/getBucket:getBucket", bucket=unique)
    assert (bucket["arn"], bucket["bucketRegion"]) == (f"arn:aws:s3:::{unique}", "us-east-1")


def test_log_groups_by_prefix(engine: Engine, unique: str) -> None:
    kind = "aws:cloudwatch/logGroup:LogGroup"
    made = [engine.create(kind, {"name": f"airflow-{unique}-{log}"}) for log in ("Task", "Worker")]
    token = "aws:cloudwatch/getLogGroups:getLogGroups"
    found = engine.invoke(token, logGroupNamePrefix=f"airflow-{unique}-")
    assert found["logGroupNames"] == [group.id for group in made]
    assert found["arns"] == [group.outputs["arn"] for group in made]


def test_endpoint_service(engine: Engine) -> None:
    token = "aws:ec2/getVpcEndpointService:getVpcEndpointService"
    found = engine.invoke(token, service="s3", serviceType="Gateway")
    assert found["serviceName"] == "com.amazonaws.us-east-1.s3"


def test_policy_document(engine: Engine) -> None:
    statement = {
        "actions": ["s3:GetObject"],
        "resources": ["*"],
        "principals": [{"type": "Service", "identifiers": ["airflow.amazonaws.com"]}],
        "conditions": [{"test": "Bool", "variable": "aws:SecureTransport", "values": ["true"]}],
    }
    found = engine.invoke("aws:iam/getPolicyDocument:getPolicyDocument", statements=[statement])
    assert json.loads(found["json"])["Statement"] == [
        {
            "Effect": "Allow",
            "Action": "s3:GetObject",
            "Resource": "*",
            "Principal": {"Service": "airflow.amazonaws.com"},
            "Condition": {"Bool": {"aws:SecureTransport": "true"}},
        }
    ]


@pytest.mark.parametrize(
    ("token", "arguments", "message"),
    [
        ("aws:ec2/getSubnet:getSubnet", {"id": "subnet-0"}, "found 0"),
        ("aws:iam/getRole:getRole", {"name": "nobody"}, "NoSuchEntity"),
        ("aws:s3/getBucket:getBucket", {"bucket": "nobody"}, "404"),
        ("aws:ec2/getSubnet:getSubnet", {"color": "red"}, "does not know the argument color"),
        ("aws:ec2/getAmi:getAmi", {}, "does not know the function aws:ec2/getAmi:getAmi"),
    ],
)
def test_refusals(engine: Engine, token: str, arguments: dict[str, str], message: str) -> None:
    with pytest.raises(grpc.RpcError, match=message):
        engine.invoke(token, **arguments)
