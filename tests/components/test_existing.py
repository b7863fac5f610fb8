"""What exists is looked up: its facts stand in the component, and what is missing is refused."""

from typing import Any

import pulumi
import pytest

from components.encryption import EnvironmentKey, EnvironmentKeyArgs
from components.identity import ExecutionRole, ExecutionRoleArgs
from components.network import Network, NetworkArgs
from components.storage import SourceBucket, SourceBucketArgs
from mwaa.names import Names
from tests.components.conftest import Refusal

ROLE = "arn:aws:iam::123456789012:role/team/theirs"
KEY = "arn:aws:kms:eu-west-1:123456789012:key/1"


def network(names: Names) -> Network:
    return Network(
        "net",
        NetworkArgs(
            names=names,
            egress="existing",
            existing_vpc_id="vpc-1",
            existing_subnet_ids=("subnet-1", "subnet-2"),
        ),
    )


def role(names: Names, arn: pulumi.Input[str] = ROLE) -> ExecutionRole:
    return ExecutionRole("role", ExecutionRoleArgs(names=names, existing_role_arn=arn))


def key(names: Names, arn: str = KEY) -> EnvironmentKey:
    return EnvironmentKey("key", EnvironmentKeyArgs(names=names, existing_key_arn=arn))


def bucket(names: Names) -> SourceBucket:
    args = SourceBucketArgs(names=names, dag_path="dags", existing_bucket_name="theirs")
    return SourceBucket("source", args)


def facts(made: Any, component: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = made.one(f"mwaa:components:{component}").inputs["existing"]
    return found


def test_the_network_tells_of_its_vpc_and_subnets(build: Any, names: Names) -> None:
    found = facts(build(lambda: network(names)), "Network")
    vpc, block, *subnets = found
    assert (vpc["type"], vpc["id"], vpc["ownerId"]) == ("aws:ec2/vpc:Vpc", "vpc-1", "123456789012")
    assert (block["vpcId"], block["cidrBlock"]) == ("vpc-1", "100.64.0.0/16")
    assert [one["availabilityZone"] for one in subnets] == ["eu-west-1a", "eu-west-1b"]
    assert {one["account"] for one in found} == {names.account}


def test_role_key_and_bucket_are_told(build: Any, names: Names) -> None:
    made = build(lambda: (role(names), key(names), bucket(names)))
    (found,) = facts(made, "ExecutionRole")
    assert found["name"] == "theirs" and "assumeRolePolicy" in found
    (found,) = facts(made, "EnvironmentKey")
    assert (found["arn"], found["keyState"]) == (KEY, "Enabled")
    (found,) = facts(made, "SourceBucket")
    assert (found["bucket"], found["region"]) == ("theirs", "eu-west-1")


def test_what_is_an_output_belongs_to_the_program_and_is_not_asked_for(
    build: Any, names: Names
) -> None:
    made = build(lambda: role(names, pulumi.Output.from_input(ROLE)))
    assert "existing" not in made.one("mwaa:components:ExecutionRole").inputs
    assert not made.calls


def test_of_another_account_or_region_no_more_than_the_arn_is_told(
    build: Any, names: Names
) -> None:
    foreign = ROLE.replace("123456789012", "999999999999")
    made = build(lambda: (role(names, foreign), key(names, KEY.replace("eu-west-1", "us-east-1"))))
    assert not made.calls
    assert facts(made, "ExecutionRole") == [
        {"type": "aws:iam/role:Role", "account": names.account, "arn": foreign}
    ]
    assert set(facts(made, "EnvironmentKey")[0]) == {"type", "account", "arn"}


@pytest.mark.parametrize(
    ("token", "program", "named"),
    [
        ("aws:ec2/getVpc:getVpc", network, "`existing_vpc_id` is 'vpc-1'"),
        ("aws:ec2/getSubnet:getSubnet", network, "`existing_subnet_ids` is 'subnet-1'"),
        ("aws:iam/getRole:getRole", role, f"`existing_role_arn` is '{ROLE}'"),
        ("aws:kms/getKey:getKey", key, f"`existing_key_arn` is '{KEY}'"),
        ("aws:s3/getBucket:getBucket", bucket, "`existing_bucket_name` is 'theirs'"),
    ],
)
def test_what_is_not_there_is_refused_with_what_aws_said(
    build: Any, cloud: Any, names: Names, token: str, program: Any, named: str
) -> None:
    cloud.answers[token] = Refusal("couldn't find resource")
    with pytest.raises(pulumi.RunError) as refused:
        build(lambda: program(names))
    assert named in str(refused.value)
    assert "account 123456789012, region eu-west-1" in str(refused.value)
    assert "couldn't find resource" in str(refused.value)
    assert not cloud.recording.of("mwaa:components:Network")


def test_what_the_deployer_may_not_see_is_not_judged_and_said(
    build: Any, cloud: Any, names: Names, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(pulumi.log, "warn", said.append)
    cloud.answers["aws:s3/getBucket:getBucket"] = Refusal("StatusCode: 403, Forbidden")
    made = build(lambda: bucket(names))
    assert "existing" not in made.one("mwaa:components:SourceBucket").inputs
    assert "another account, or the deployer may not read it" in said[0]
