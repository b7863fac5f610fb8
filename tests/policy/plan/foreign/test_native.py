"""The plan reader on programs of ``aws-native``: the same platform by CloudFormation's names."""

from typing import Any

import pytest

from mwaa.model.platform import UNKNOWN, GroupRule, LifecycleRule, Platform, PublicAccessBlock
from policy.plan.platform import read
from policy.plan.resources import Resource
from policy.rules.catalog import judge
from policy.rules.rule import Verdict
from tests.fixtures.changes import items, present
from tests.policy.plan.plans import resource, urn

ENV, BUCKET, KEY = "aws-native:mwaa:Environment", "aws-native:s3:Bucket", "aws-native:kms:Key"
VPC, SUBNET, GROUP = "aws-native:ec2:Vpc", "aws-native:ec2:Subnet", "aws-native:ec2:SecurityGroup"
TABLE, ROLE = "aws-native:ec2:RouteTable", "aws-native:iam:Role"
LINK = "aws-native:ec2:SubnetRouteTableAssociation"
ROLE_ARN = "arn:aws:iam::123456789012:role/airflow"
DOCUMENT = {"Version": "2012-10-17", "Statement": []}
INSIDE = {"subnetIds": [UNKNOWN, UNKNOWN], "securityGroupIds": [UNKNOWN]}


def environment(**props: Any) -> Resource:
    behind = [urn(SUBNET, "a"), urn(SUBNET, "b"), urn(GROUP, "env")]
    waits = {
        "networkConfiguration": behind,
        "kmsKey": [urn(KEY, "k")],
        "sourceBucketArn": [urn(BUCKET, "b")],
        "executionRoleArn": [urn(ROLE, "r")],
    }
    given = {"name": "prod", "networkConfiguration": INSIDE, "region": "us-east-1", **props}
    return resource(ENV, "env", waits, **given)


def network() -> list[Resource]:
    vpc = {"vpcId": [urn(VPC, "net")]}
    found = [resource(VPC, "net", cidrBlock="10.0.0.0/16", enableDnsHostnames=True)]
    for i, zone in enumerate("ab"):
        link = {"routeTableId": [urn(TABLE, zone)], "subnetId": [urn(SUBNET, zone)]}
        block = {"cidrBlock": f"10.0.{i}.0/24", "availabilityZone": f"us-east-1{zone}"}
        found += [
            resource(SUBNET, zone, vpc, **block),
            resource(TABLE, zone, vpc),
            resource(LINK, zone, link),
        ]
    return found


def group(**props: Any) -> Resource:
    return resource(GROUP, "env", {"vpcId": [urn(VPC, "net")]}, groupDescription="x", **props)


def bucket(**props: Any) -> Resource:
    return resource(BUCKET, "b", bucketName="dags", **props)


def platform(*resources: Resource) -> Platform:
    (reading,) = read(resources)
    return reading.platform


def test_the_environment_and_its_network_are_read_by_dependencies() -> None:
    route = resource(
        "aws-native:ec2:Route",
        "out",
        {
            "routeTableId": [urn(TABLE, "a")],
            "natGatewayId": [urn("aws-native:ec2:NatGateway", "n")],
        },
        destinationCidrBlock="0.0.0.0/0",
    )
    nat = resource("aws-native:ec2:NatGateway", "n", {"subnetId": [urn(SUBNET, "a")]})
    found = platform(*network(), group(), route, nat, environment(minWorkers=2))
    assert found.environment.subnets == (urn(SUBNET, "a"), urn(SUBNET, "b"))
    assert found.environment.security_groups == (urn(GROUP, "env"),)
    assert found.environment.min_workers == 2
    table = next(t for t in items(found.route_tables) if t.id == urn(TABLE, "a"))
    assert table.subnets == (urn(SUBNET, "a"),)
    assert [r.kind for r in items(table.routes)] == ["local", "nat"]
    assert items(found.vpcs)[0].dns_hostnames is True


def test_ids_of_what_exists_are_those_that_the_provider_tells() -> None:
    known = [
        resource(VPC, "net", cidrBlock="10.0.0.0/16", vpcId="vpc-1"),
        resource(SUBNET, "a", vpcId="vpc-1", subnetId="subnet-1", cidrBlock="10.0.0.0/24"),
        resource(SUBNET, "b", vpcId="vpc-1", subnetId="subnet-2", cidrBlock="10.0.1.0/24"),
        resource(GROUP, "env", vpcId="vpc-1", groupId="sg-1", awsId="sg-1"),
    ]
    inside = {"subnetIds": ["subnet-1", "subnet-2"], "securityGroupIds": ["sg-1"]}
    found = platform(*known, environment(networkConfiguration=inside))
    assert {subnet.id for subnet in items(found.subnets)} == {"subnet-1", "subnet-2"}
    assert [one.id for one in items(found.security_groups)] == ["sg-1"]


def test_a_group_keeps_the_way_out_that_aws_gives_it_unless_it_lists_its_own() -> None:
    within = {"ipProtocol": "tcp", "fromPort": 443, "toPort": 443, "cidrIp": "10.0.0.0/16"}
    (left,) = items(platform(*network(), group(), environment()).security_groups)
    assert left.egress == (
        GroupRule(protocol="-1", from_port=None, to_port=None, cidr="0.0.0.0/0"),
    )
    listed = group(securityGroupEgress=[within], securityGroupIngress=[within])
    (own,) = items(platform(*network(), listed, environment()).security_groups)
    rule = GroupRule(protocol="tcp", from_port=443, to_port=443, cidr="10.0.0.0/16")
    assert own.egress == own.ingress == (rule,)


def test_a_rule_of_its_own_may_name_its_own_group() -> None:
    rule = resource(
        "aws-native:ec2:SecurityGroupIngress",
        "self",
        {"groupId": [urn(GROUP, "env")], "sourceSecurityGroupId": [urn(GROUP, "env")]},
        ipProtocol="-1",
    )
    (found,) = items(platform(*network(), group(), rule, environment()).security_groups)
    assert items(found.ingress)[0].group == urn(GROUP, "env")


def test_the_settings_of_a_bucket_are_parts_of_it() -> None:
    flags = dict.fromkeys(
        ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"), True
    )
    default = {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": "arn:aws:kms:us-east-1:1:key/k"}
    declared = bucket(
        publicAccessBlockConfiguration=flags,
        versioningConfiguration={"status": "Enabled"},
        bucketEncryption={
            "serverSideEncryptionConfiguration": [
                {"serverSideEncryptionByDefault": default, "bucketKeyEnabled": True}
            ]
        },
        lifecycleConfiguration={
            "rules": [
                {"id": "old", "status": "Enabled", "noncurrentVersionExpirationInDays": 30},
                {"id": "new", "status": "Disabled", "prefix": "tmp/", "expirationInDays": 7},
            ]
        },
        loggingConfiguration={"destinationBucketName": "logs"},
        ownershipControls={"rules": [{"objectOwnership": "BucketOwnerEnforced"}]},
    )
    policy = resource(
        "aws-native:s3:BucketPolicy", "p", {"bucket": [urn(BUCKET, "b")]}, policyDocument=DOCUMENT
    )
    found = platform(*network(), declared, policy, environment())
    dags = present(found.bucket)
    assert dags.public_access == PublicAccessBlock(
        block_public_acls=True,
        ignore_public_acls=True,
        block_public_policy=True,
        restrict_public_buckets=True,
    )
    assert (dags.name, dags.versioning, dags.access_logs) == ("dags", "Enabled", "logs")
    assert present(dags.encryption).bucket_key is True
    assert dags.lifecycle == (
        LifecycleRule(id="old", enabled=True, prefix="", noncurrent_days=30),
        LifecycleRule(id="new", enabled=False, prefix="tmp/", current_days=7),
    )
    assert dags.policy == DOCUMENT
    # The environment waits for the bucket, and so for all of its parts but the policy.
    before = found.environment.depends_on
    assert before is not UNKNOWN
    assert dags.parts - before == {urn("aws-native:s3:BucketPolicy", "p")}


def test_a_setting_that_is_not_known_yet_is_unknown_and_not_absent() -> None:
    declared = resource(BUCKET, "b", {"publicAccessBlockConfiguration": []}, bucketName="dags")
    block = present(present(platform(declared, environment()).bucket).public_access)
    assert block.block_public_acls is UNKNOWN
    assert present(platform(bucket(), environment()).bucket).public_access is None


def test_policies_of_a_role_are_read_wherever_they_stand() -> None:
    role = resource(
        ROLE,
        "r",
        roleName="airflow",
        assumeRolePolicyDocument=DOCUMENT,
        policies=[{"policyName": "logs", "policyDocument": DOCUMENT}],
        managedPolicyArns=["arn:aws:iam::aws:policy/ReadOnlyAccess"],
    )
    inline = resource(
        "aws-native:iam:RolePolicy",
        "queue",
        {"roleName": [urn(ROLE, "r")]},
        policyName="queue",
        policyDocument=DOCUMENT,
    )
    managed = resource(
        "aws-native:iam:ManagedPolicy",
        "key",
        {"roles": [urn(ROLE, "r")]},
        roles=[UNKNOWN],
        managedPolicyName="key",
        policyDocument=DOCUMENT,
    )
    found = present(platform(role, inline, managed, environment()).role)
    assert {policy.name for policy in items(found.policies)} == {"logs", "queue", "key"}
    assert found.managed_policy_arns == ("arn:aws:iam::aws:policy/ReadOnlyAccess",)
    assert found.trust == DOCUMENT
    assert found.overruled == (), "a list of CloudFormation takes nothing away"


def test_key_endpoint_log_group_and_alarm_have_their_names() -> None:
    key = resource(KEY, "k", keyPolicy=DOCUMENT, enableKeyRotation=True, pendingWindowInDays=7)
    endpoint = resource(
        "aws-native:ec2:VpcEndpoint",
        "sqs",
        {"vpcId": [urn(VPC, "net")]},
        serviceName="com.amazonaws.us-east-1.sqs",
        vpcEndpointType="Interface",
        policyDocument=DOCUMENT,
        tags=[{"key": "Team", "value": "data"}],
    )
    logs = resource(
        "aws-native:logs:LogGroup", "l", logGroupName="airflow-prod-Task", retentionInDays=30
    )
    alarm = resource(
        "aws-native:cloudwatch:Alarm",
        "a",
        namespace="AmazonMWAA",
        metricName="SchedulerHeartbeat",
        dimensions=[{"name": "Function", "value": "Scheduler"}],
        alarmActions=["arn:aws:sns:us-east-1:1:t"],
    )
    found = platform(*network(), key, endpoint, logs, alarm, environment())
    kept = present(found.key)
    assert (kept.policy, kept.rotation, kept.deletion_window) == (DOCUMENT, True, 7)
    (one,) = items(found.endpoints)
    assert (one.policy, one.tags) == (DOCUMENT, {"Team": "data"})
    assert [group.name for group in items(found.log_groups)] == ["airflow-prod-Task"]
    (watched,) = items(found.alarms)
    assert (watched.dimensions, watched.actions) == ({"Function": "Scheduler"}, 1)


def test_its_environment_is_judged_as_any_other() -> None:
    found = platform(*network(), environment(webserverAccessMode="PUBLIC_ONLY", minWorkers=0))
    failed = {one.rule.id for one in judge(found) if one.verdict is Verdict.FAIL}
    assert {"mwaa-network-webserver-private", "mwaa-environment-workers-in-range"} <= failed


@pytest.mark.parametrize("kind", ["aws-native:ec2:Eip", "aws-native:mwaa:Other", "aws:ec2/eip:Eip"])
def test_what_no_rule_asks_for_is_left_as_it_is(kind: str) -> None:
    assert len(read([*network(), resource(kind, "x", publicIp="192.0.2.1"), environment()])) == 1
