"""The plan reader on the other ways to write the same thing: storage, keys, ACLs, associations."""

from typing import Any

import pytest

from mwaa.model.platform import UNKNOWN, AclEntry, Bucket, Key, LifecycleRule, Platform
from policy.analysis.network.access_lists import effective as acl_of
from policy.analysis.network.routes import effective as table_of
from tests.policy.plan.plans import (
    BUCKET,
    ENDPOINT,
    GROUP,
    LINK,
    SUBNET,
    TABLE,
    VPC,
    environment,
    network,
    platform,
    resource,
    urn,
)

KEY = "aws:kms/key:Key"
ARN = "arn:aws:s3:::my-dags"


def bucket_of(found: Platform) -> Bucket:
    assert found.bucket is not UNKNOWN and found.bucket is not None
    return found.bucket


@pytest.mark.parametrize("suffix", ["", "V2"])
def test_a_bucket_in_separate_resources_of_either_version(suffix: str) -> None:
    parent = {"bucket": [urn(BUCKET, "b")]}
    parts: dict[str, dict[str, Any]] = {
        "BucketVersioning": {"versioningConfiguration": {"status": "Enabled"}},
        "BucketServerSideEncryptionConfiguration": {
            "rules": [
                {
                    "applyServerSideEncryptionByDefault": {
                        "sseAlgorithm": "aws:kms",
                        "kmsMasterKeyId": "arn:aws:kms:us-east-1:1:key/k",
                    },
                    "bucketKeyEnabled": True,
                }
            ]
        },
        "BucketLifecycleConfiguration": {
            "rules": [
                {
                    "id": "old",
                    "status": "Enabled",
                    "filter": {"prefix": "dags/"},
                    "noncurrentVersionExpiration": {"noncurrentDays": 90},
                }
            ]
        },
        "BucketLogging": {"targetBucket": "logs"},
    }
    resources = [resource(BUCKET, "b", bucket="my-dags")]
    for name, props in parts.items():
        kind = f"aws:s3/{name[0].lower()}{name[1:]}{suffix}:{name}{suffix}"
        resources.append(resource(kind, name, parent, **props))
    found = bucket_of(platform(*resources, environment(sourceBucketArn=ARN)))
    assert found.versioning == "Enabled" and found.access_logs == "logs"
    assert found.encryption not in (None, UNKNOWN) and found.encryption.bucket_key is True
    assert found.lifecycle == (
        LifecycleRule(id="old", enabled=True, prefix="dags/", noncurrent_days=90),
    )
    assert len(found.parts) == 5


def test_a_bucket_in_one_resource() -> None:
    bucket = resource(
        BUCKET,
        "b",
        bucket="my-dags",
        versioning={"enabled": True},
        lifecycleRules=[{"id": "x", "enabled": True, "prefix": "", "expiration": {"days": 7}}],
        logging={"targetBucket": "logs"},
    )
    found = bucket_of(platform(bucket, environment(sourceBucketArn=ARN)))
    assert (found.versioning, found.access_logs) == ("Enabled", "logs")
    assert found.lifecycle == (LifecycleRule(id="x", enabled=True, prefix="", current_days=7),)
    assert found.encryption is not UNKNOWN and found.encryption is not None
    assert found.encryption.algorithm == "AES256", "S3's own default"
    assert found.public_access is None and found.policy is None


def test_a_bucket_of_the_second_version_writes_lists_of_one() -> None:
    default = {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": "arn:aws:kms:us-east-1:1:key/k"}
    bucket = resource(
        "aws:s3/bucketV2:BucketV2",
        "b",
        bucket="my-dags",
        acl="public-read",
        versionings=[{"enabled": True}],
        serverSideEncryptionConfigurations=[
            {"rules": [{"applyServerSideEncryptionByDefaults": [default]}]}
        ],
        loggings=[{"targetBucket": "logs"}],
        lifecycleRules=[
            {"id": "x", "enabled": True, "noncurrentVersionExpirations": [{"days": 30}]}
        ],
    )
    found = bucket_of(platform(bucket, environment(sourceBucketArn=ARN)))
    assert (found.versioning, found.access_logs, found.acl) == ("Enabled", "logs", "public-read")
    assert found.encryption is not UNKNOWN and found.encryption is not None
    assert found.encryption.key == default["kmsMasterKeyId"]
    assert found.lifecycle == (LifecycleRule(id="x", enabled=True, prefix="", noncurrent_days=30),)


def test_an_inline_setting_that_waits_for_a_key_knows_which() -> None:
    rule = {
        "applyServerSideEncryptionByDefault": {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": UNKNOWN}
    }
    bucket = resource(
        BUCKET,
        "b",
        {"serverSideEncryptionConfiguration": [urn(KEY, "k")]},
        bucket="my-dags",
        serverSideEncryptionConfiguration={"rule": rule},
        versioning={"enabled": UNKNOWN},
    )
    found = bucket_of(platform(resource(KEY, "k"), bucket, environment(sourceBucketArn=ARN)))
    assert found.encryption is not UNKNOWN and found.encryption is not None
    assert found.encryption.key == urn(KEY, "k") and found.versioning is UNKNOWN


def test_a_bucket_outside_of_the_plan_is_unknown() -> None:
    assert platform(environment(sourceBucketArn=ARN)).bucket is UNKNOWN


def test_a_key_without_a_policy_has_the_one_that_kms_writes() -> None:
    role = "arn:aws:iam::123456789012:role/runner"
    key = resource(KEY, "k", enableKeyRotation=True)
    env = environment(executionRoleArn=role)
    waiting = resource(
        env.type,
        env.name,
        {
            "kmsKey": [urn(KEY, "k")],
            "networkConfiguration": list(env.property_dependencies["networkConfiguration"]),
        },
        **env.props,
    )
    found = platform(key, waiting)
    assert isinstance(found.key, Key) and found.environment.kms_key == found.key.id
    assert found.key.policy is not UNKNOWN and found.key.policy is not None
    principal = found.key.policy["Statement"][0]["Principal"]
    assert principal == {"AWS": "arn:aws:iam::123456789012:root"}


def test_without_a_key_there_is_none() -> None:
    found = platform(environment())
    assert found.key is None and found.environment.kms_key is None


def test_a_vpc_of_the_plan_has_its_implied_network_acl() -> None:
    found = acl_of(platform(*network(), environment()), urn(SUBNET, "a"))
    assert found is not UNKNOWN and found.is_default is True
    assert found.entries is not UNKNOWN and found.entries[0].allow is True


def test_a_declared_network_acl_with_inline_and_separate_rules() -> None:
    acl, rule = "aws:ec2/networkAcl:NetworkAcl", "aws:ec2/networkAclRule:NetworkAclRule"
    ingress = {"ruleNo": 10, "action": "deny", "protocol": "tcp", "fromPort": 22, "toPort": 22}
    declared = resource(
        acl,
        "acl",
        {"vpcId": [urn(VPC, "net")], "subnetIds": [urn(SUBNET, "a")]},
        subnetIds=[UNKNOWN],
        ingress=[{**ingress, "cidrBlock": "0.0.0.0/0"}],
    )
    separate = resource(
        rule,
        "out",
        {"networkAclId": [urn(acl, "acl")]},
        egress=True,
        ruleNumber=100,
        ruleAction="allow",
        protocol="-1",
        cidrBlock="0.0.0.0/0",
    )
    found = acl_of(platform(*network(), declared, separate, environment()), urn(SUBNET, "a"))
    assert found is not UNKNOWN and found.id == urn(acl, "acl")
    assert found.entries is not UNKNOWN
    assert found.entries[:2] == (
        AclEntry(
            number=10,
            egress=False,
            protocol="6",
            allow=False,
            cidr="0.0.0.0/0",
            from_port=22,
            to_port=22,
        ),
        AclEntry(number=100, egress=True, protocol="-1", allow=True, cidr="0.0.0.0/0"),
    )


def test_associations_of_an_endpoint_stand_for_its_lists() -> None:
    endpoint = resource(
        ENDPOINT,
        "sqs",
        {"vpcId": [urn(VPC, "net")]},
        serviceName="com.amazonaws.us-east-1.sqs",
        vpcEndpointType="Interface",
    )
    links = [
        resource(
            f"aws:ec2/vpcEndpoint{word}Association:VpcEndpoint{word}Association",
            word,
            {"vpcEndpointId": [urn(ENDPOINT, "sqs")], key: [urn(kind, name)]},
        )
        for word, key, kind, name in (
            ("Subnet", "subnetId", SUBNET, "a"),
            ("SecurityGroup", "securityGroupId", GROUP, "env"),
            ("RouteTable", "routeTableId", TABLE, "a"),
        )
    ]
    group = resource(GROUP, "env", {"vpcId": [urn(VPC, "net")]})
    found = platform(*network(), group, endpoint, *links, environment()).endpoints
    assert found is not UNKNOWN
    assert found[0].subnets == (urn(SUBNET, "a"),)
    assert found[0].security_groups == (urn(GROUP, "env"),)
    assert found[0].route_tables == (urn(TABLE, "a"),)


def test_the_default_group_of_a_vpc_has_its_name_before_it_is_taken_over() -> None:
    kind = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
    group = resource(kind, "default", {"vpcId": [urn(VPC, "net")]}, ingress=[], egress=[])
    found = platform(*network(), group, environment()).security_groups
    assert found is not UNKNOWN
    (read,) = (one for one in found if one.id == urn(kind, "default"))
    assert (read.name, read.vpc, read.ingress, read.egress) == ("default", urn(VPC, "net"), (), ())


def test_an_adopted_default_route_table_is_the_main_one() -> None:
    kind = "aws:ec2/defaultRouteTable:DefaultRouteTable"
    table = resource(kind, "main", {"defaultRouteTableId": [urn(VPC, "net")]})
    alone = [r for r in network() if r.type != LINK]
    found = table_of(platform(*alone, table, environment()), urn(SUBNET, "b"))
    assert found is not UNKNOWN and found.id == urn(kind, "main")
