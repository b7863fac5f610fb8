"""The deployer's policy in documents that IAM takes, and what it follows from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mwaa.model.platform import Policy
from mwaa.names import Names
from ops.commands.permissions import deployed, deployer, network, permissions
from ops.commands.permissions.actions import ACTIONS
from ops.commands.permissions.documents import MOST_CHARACTERS, documents, size
from ops.errors import RefusedError
from ops.live.rights import rights_to_create
from policy.analysis.iam.evaluate import evaluate
from policy.analysis.iam.request import Request
from policy.analysis.verdict import Verdict

LONGEST = Names("e" * 80, "us-gov-west-1", "123456789012")
TAGS = {f"tag-{number}": "v" * 256 for number in range(8)}


def stack(**facts: Any) -> deployed.Deployed:
    values = {"types": frozenset(ACTIONS), "names": Names("prod", "us-east-1", "1" * 12), **facts}
    return deployed.Deployed(**values)


@given(
    types=st.sets(st.sampled_from(sorted(ACTIONS))),
    names=st.sampled_from([LONGEST, Names("a", "us-east-1", "*")]),
    tags=st.integers(0, len(TAGS)),
    given_ids=st.sets(st.from_regex(r"(vpc|subnet|rtb|sg)-[0-9a-f]{17}", fullmatch=True)),
)
def test_every_document_can_be_attached_and_none_loses_a_right(
    types: set[str], names: Names, tags: int, given_ids: set[str]
) -> None:
    facts = stack(
        types=frozenset(types),
        names=names,
        tags=dict(list(TAGS.items())[:tags]),
        given=frozenset(given_ids),
    )
    statements = deployer.statements(facts)
    made = documents(statements)
    assert all(size(one) <= MOST_CHARACTERS for one in made)
    assert len(made) <= 10  # managed policies that a role takes
    assert rights(one for document in made for one in document["Statement"]) == rights(statements)


def rights(statements: Any) -> set[tuple[str, str, str]]:
    return {
        (action, resource, json.dumps(one.get("Condition"), sort_keys=True))
        for one in statements
        for action in one["Action"]
        for resource in one["Resource"]
    }


def test_a_statement_that_is_too_long_is_divided_by_its_actions() -> None:
    actions = [f"ec2:Action{number:04}" for number in range(900)]
    long = {"Sid": "All", "Effect": "Allow", "Action": actions, "Resource": ["*"]}
    made = documents([long])
    assert len(made) > 1
    assert all(size(one) <= MOST_CHARACTERS for one in made)
    assert rights(s for one in made for s in one["Statement"]) == rights([long])
    sids = [s["Sid"] for one in made for s in one["Statement"]]
    assert len(set(sids)) == len(sids)


def test_white_space_between_tokens_does_not_count() -> None:
    document = {"Version": "2012-10-17", "Statement": []}
    assert size(document) == len('{"Version":"2012-10-17","Statement":[]}')


def test_without_common_tags_the_network_is_bound_by_region_and_account() -> None:
    facts = stack()
    changes = [one for one in deployer.statements(facts) if one["Sid"] == "Ec2"]
    assert changes[0]["Resource"] == ["arn:aws:ec2:us-east-1:111111111111:*"]


def test_only_customer_endpoints_take_the_services_own_away() -> None:
    sids = {one["Sid"] for one in deployer.statements(stack(service_endpoints=False))}
    assert "ServiceEndpoints" not in sids
    assert "ServiceEndpoints" in {one["Sid"] for one in deployer.statements(stack())}


def test_the_services_interfaces_are_made_in_the_subnets_of_the_environment() -> None:
    def scope(**facts: Any) -> list[str]:
        (found,) = (
            one for one in deployer.statements(stack(**facts)) if one["Sid"] == "ServiceInterfaces"
        )
        assert found["Action"] == ["ec2:CreateNetworkInterface"]
        return [str(arn).rpartition(":")[2] for arn in found["Resource"]]

    assert scope() == ["network-interface/*", "subnet/*"]
    given = frozenset({"subnet-a", "subnet-b", "vpc-1"})
    only_used = frozenset(ACTIONS) - {"aws:ec2/subnet:Subnet"}
    assert scope(given=given, types=only_used) == [
        "network-interface/*",
        "subnet/subnet-a",
        "subnet/subnet-b",
    ]
    assert scope(given=given)[-1] == "subnet/*"


def test_the_service_may_make_its_endpoints_in_what_they_stand_in() -> None:
    """AWS asks for ec2:CreateVpcEndpoint on the VPC, the subnets and the groups, too."""

    def place(**facts: Any) -> list[str]:
        for one in deployer.statements(stack(**facts)):
            if one["Sid"] == "ServiceEndpointsPlace":
                assert one["Action"] == ["ec2:CreateVpcEndpoint"]
                return [str(arn).rpartition(":")[2] for arn in one["Resource"]]
        return []

    assert place() == ["vpc/*", "subnet/*", "security-group/*"]
    assert place(service_endpoints=False) == []
    given = frozenset({"vpc-1", "subnet-a", "sg-1"})
    types = frozenset(ACTIONS) - {"aws:ec2/subnet:Subnet", "aws:ec2/vpc:Vpc"}
    # The group of the environment is the stack's own, another one is only used.
    assert place(given=given, types=types) == [
        "vpc/vpc-1",
        "subnet/subnet-a",
        "security-group/sg-1",
        "security-group/*",
    ]


@pytest.mark.parametrize("endpoints", [True, False], ids=["endpoints", "endpointProfile: none"])
def test_the_printed_policy_allows_all_that_the_doctor_asks_of_the_caller(endpoints: bool) -> None:
    types = frozenset(ACTIONS) - (frozenset() if endpoints else {"aws:ec2/vpcEndpoint:VpcEndpoint"})
    given = frozenset({"subnet-a", "subnet-b"})
    facts = stack(tags={"stack": "x"}, given=given, types=types)
    names = facts.names
    described = {
        "Name": "prod",
        "ExecutionRoleArn": f"arn:aws:iam::{names.account}:role/{names.role}",
        "SourceBucketArn": names.bucket_arn,
        "KmsKey": names.arn("kms", "key/1"),
        "Tags": {"stack": "x"},
        "NetworkConfiguration": {
            "SubnetIds": ["subnet-a", "subnet-b"],
            "SecurityGroupIds": ["sg-1"],
        },
    }
    caller = {"Arn": f"arn:aws:iam::{names.account}:user/deployer", "Account": names.account}
    asked = rights_to_create(described, names.region, caller)
    statements = deployer.statements(facts)
    policy = Policy(id="p", name="p", document={"Version": "2012-10-17", "Statement": statements})
    context = {
        "iam:PassedToService": "airflow.amazonaws.com",
        "iam:AWSServiceName": "airflow.amazonaws.com",
        "aws:RequestedRegion": names.region,
    }
    refused = [
        (action, resource)
        for action, resources in asked.items()
        for resource in resources
        if evaluate(
            Request(
                action=action,
                resource=resource,
                principal=caller["Arn"],
                context=context,
                complete=True,
            ),
            [policy],
        ).verdict
        is not Verdict.PASS
    ]
    assert refused == []
    assert ("ec2:CreateNetworkInterface" in asked) and len(asked) >= 18


def resource(kind: str, identity: str = "", **inputs: Any) -> dict[str, Any]:
    return {"type": kind, "id": identity, "inputs": inputs}


def test_the_facts_of_a_stack_are_read_from_its_resources() -> None:
    vpc = "aws:ec2/vpc:Vpc"
    group = "aws:ec2/securityGroup:SecurityGroup"
    policy = '{"Resource": "arn:aws:airflow:eu-west-1:210987654321:environment/etl"}'
    found = deployed.read(
        [
            resource(vpc, "vpc-1", tags={"Name": "a", "stack": "x", "own": "1"}),
            resource(group, "sg-2", vpcId="vpc-1", tags={"Name": "b", "stack": "x"}),
            resource("aws:iam/rolePolicy:RolePolicy", "r", policy=policy),
            resource("pulumi:providers:aws", region="eu-west-1"),
            resource(deployed.PARAMETER, name="/mwaa/etl/bucketName"),
            resource(deployed.PARAMETER, name="/mwaa/etl/logGroupNames/task"),
            resource(
                deployed.ENVIRONMENT,
                name="etl",
                sourceBucketArn="arn:aws:s3:::code",
                kmsKey="04da6b54-80e4-46f7-96ec-b56ff0331ba9",
                endpointManagement="CUSTOMER",
                networkConfiguration={"subnetIds": ["subnet-a"], "securityGroupIds": ["sg-2"]},
            ),
        ]
    )
    assert found.tags == {"stack": "x"}
    assert found.given == {"subnet-a"}
    assert found.parameter_paths == ("/mwaa/etl",)
    assert (found.names.account, found.names.bucket) == ("210987654321", "code")
    assert (found.key_arn, found.service_endpoints) == ("", False)
    with pytest.raises(RefusedError, match="no MWAA environment"):
        deployed.read([resource(vpc)])


def test_what_was_given_is_named_and_may_belong_to_another_account() -> None:
    names = Names("etl", "us-east-1", "1" * 12)
    made = network.statements({"ec2:CreateVpcEndpoint"}, names, {"a": "b"}, {"subnet-a"})
    (given_statement,) = (one for one in made if one["Sid"] == "Ec2Given")
    assert given_statement["Action"] == ["ec2:CreateVpcEndpoint"]
    assert given_statement["Resource"] == ["arn:aws:ec2:us-east-1:*:subnet/subnet-a"]


def test_rules_of_groups_without_the_stacks_tags_may_be_revoked_and_nothing_else() -> None:
    """The default group of a new VPC has no tags; groups of others that have them stay closed."""
    names = Names("etl", "us-east-1", "1" * 12)

    def verdict(action: str, types: frozenset[str], **tags: str) -> Verdict:
        facts = stack(names=names, tags={"stack": "x", "team": "data"}, types=types)
        attached = [
            Policy(id="deployer", name="deployer", document=one)
            for one in documents(deployer.statements(facts))
        ]
        asked = Request(
            action=f"ec2:{action}",
            resource=names.arn("ec2", "security-group/sg-0bad"),
            principal="arn:aws:iam::111111111111:role/deployer",
            context={f"aws:ResourceTag/{key}": value for key, value in tags.items()},
            complete=True,
        )
        return evaluate(asked, attached).verdict

    everything = frozenset(ACTIONS)
    for action in ("RevokeSecurityGroupIngress", "RevokeSecurityGroupEgress"):
        assert verdict(action, everything) is Verdict.PASS
        assert verdict(action, everything, stack="another") is Verdict.FAIL
        assert verdict(action, everything, team="data") is Verdict.FAIL
        assert verdict(action, everything, stack="x", team="data") is Verdict.PASS
        assert verdict(action, everything - {deployed.DEFAULT_GROUP}) is Verdict.FAIL
    for action in ("AuthorizeSecurityGroupIngress", "CreateTags", "DeleteSecurityGroup"):
        assert verdict(action, everything) is Verdict.FAIL


def test_a_region_that_is_not_the_stacks_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    environment = {"type": deployed.ENVIRONMENT, "inputs": {"name": "prod", "region": "eu-west-1"}}
    monkeypatch.setattr(permissions, "_resources", lambda _: [environment])
    with pytest.raises(RefusedError, match="--region us-east-1: the stack prod is in eu-west-1"):
        permissions.run("deployer", stack="prod", region="us-east-1")


def test_a_folder_gets_a_file_for_each_document(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "deployer-7.json").write_text("{}")
    (tmp_path / "other.json").write_text("{}")
    statements = deployer.statements(stack(tags=TAGS))
    monkeypatch.setattr(permissions, "_resources", lambda stack: [])
    monkeypatch.setattr(permissions, "deployer_statements", lambda resources: statements)
    permissions.run("deployer", stack="prod", out=tmp_path)
    written = sorted(tmp_path.glob("deployer-*.json"))
    assert [json.loads(one.read_text()) for one in written] == documents(statements)
    assert (tmp_path / "other.json").is_file()
    printed = capsys.readouterr()
    assert [Path(line) for line in printed.out.splitlines()] == written
    assert f"document 1 of {len(written)}: " in printed.err
    permissions.run("deployer", stack="prod")
    assert json.loads(capsys.readouterr().out) == documents(statements)


def test_the_role_of_a_shared_vpcs_owner_may_be_assumed() -> None:
    def provider(name: str, *roles: str) -> dict[str, Any]:
        return {
            "type": deployed.PROVIDER,
            "urn": f"urn:pulumi:prod::mwaa::{deployed.PROVIDER}::{name}",
            "inputs": {
                "region": "us-east-1",
                "assumeRoles": json.dumps([{"roleArn": r} for r in roles]),
            },
        }

    owner, own = (f"arn:aws:iam::{number * 12}:role/r" for number in "98")
    environment = {"type": deployed.ENVIRONMENT, "inputs": {"name": "prod"}}
    # What the stack file says is assumed before this policy counts.
    resources = [
        environment,
        provider("mwaa-vpc-owner", own, owner),
        provider("default_7_51_1", own),
    ]
    found = deployer.statements(deployed.read(resources))
    assert [one["Resource"] for one in found if one["Action"] == ["sts:AssumeRole"]] == [[owner]]


def test_who_deploys_objects_of_airflow_may_call_its_api_and_nobody_else() -> None:
    names = Names("etl", "us-east-1", "1" * 12)
    types = {deployed.ENVIRONMENT}

    def calls(kinds: set[str]) -> list[Any]:
        made = deployer.statements(deployed.Deployed(types=frozenset(kinds), names=names))
        return [one["Resource"] for one in made if "airflow:InvokeRestApi" in one["Action"]]

    assert calls(types) == []
    assert calls(types | {deployed.AIRFLOW_OBJECT}) == [[names.airflow_role_arn("Admin")]]
