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
    by_id = engine.invoke("aws:ec2/getSubnet:getSubnet", id=subnet.id)
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
        ("aws:ec2/getSubnet:getSubnet", {"color": "red"}, "does not know the argument color"),
        ("aws:ec2/getAmi:getAmi", {}, "does not know the function aws:ec2/getAmi:getAmi"),
    ],
)
def test_refusals(engine: Engine, token: str, arguments: dict[str, str], message: str) -> None:
    with pytest.raises(grpc.RpcError, match=message):
        engine.invoke(token, **arguments)
