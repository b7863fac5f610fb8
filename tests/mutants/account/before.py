"""Accounts and choices that cannot carry an environment which is to be created."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from tests.mutants.account.emulated import NEXT, OTHER, REGION, LiveAccount, LiveMutant, before
from tests.mutants.account.parts import compliant_bucket
from tests.mutants.policies import document
from tests.mutants.recorded import NAME

E, N, S, ID, K = (
    "mwaa-environment-", "mwaa-network-", "mwaa-storage-", "mwaa-identity-", "mwaa-encryption-"
)  # fmt: skip
ALL = {"Effect": "Allow", "Action": "*", "Resource": "*"}
QUOTA = 10


def chosen(rule: str, **settings: Any) -> LiveMutant:
    """A choice in the stack file; None leaves a setting out."""
    return before(rule, lambda _: settings)


def _caller(target: LiveAccount, *statements: Mapping[str, Any]) -> None:
    """The doctor is called by a user with these rights."""
    iam = target.client("iam")
    iam.create_user(UserName="deployer")
    iam.put_user_policy(
        UserName="deployer", PolicyName="rights", PolicyDocument=document(*statements)
    )
    key = iam.create_access_key(UserName="deployer")["AccessKey"]
    target.credentials = (key["AccessKeyId"], key["SecretAccessKey"])


def _may_not(action: str) -> dict[str, Any]:
    return {"Effect": "Deny", "Action": action, "Resource": "*"}


def _no_rights(target: LiveAccount) -> None:
    _caller(target, ALL, _may_not("airflow:CreateEnvironment"))


def _no_interfaces(target: LiveAccount) -> None:
    subnets = {**_may_not("ec2:CreateNetworkInterface"), "Resource": "arn:aws:ec2:*:*:subnet/*"}
    _caller(target, ALL, subnets)


def _no_grants(target: LiveAccount) -> Mapping[str, Any]:
    _caller(target, ALL, _may_not("kms:CreateGrant"))
    return {"encryption": "existing", "existingKeyArn": _key(target)}


def _key(target: LiveAccount) -> str:
    """A key that serves the account and the logs of the environment to be."""
    kms = target.client("kms")
    arn: str = kms.create_key(Description="of another team")["KeyMetadata"]["Arn"]
    kms.enable_key_rotation(KeyId=arn)
    theirs = json.loads(kms.get_key_policy(KeyId=target.key, PolicyName="default")["Policy"])
    text = json.dumps(theirs).replace(f"airflow-{NAME}-", f"airflow-{NEXT}-")
    kms.put_key_policy(KeyId=arn, PolicyName="default", Policy=text)
    return arn


def _no_linked_role(target: LiveAccount) -> None:
    """The last environment is gone, and then MWAA's role."""
    target.client("mwaa").delete_environment(Name=NAME)
    target.emulator.advance()
    target.client("iam").delete_service_linked_role(RoleName="AWSServiceRoleForAmazonMWAA")
    _caller(target, ALL, _may_not("iam:CreateServiceLinkedRole"))


def _create(target: LiveAccount, *names: str) -> None:
    """More environments beside the recorded one, with a role that any of them may assume."""
    services = {"Service": ["airflow.amazonaws.com", "airflow-env.amazonaws.com"]}
    trust = {"Effect": "Allow", "Principal": services, "Action": "sts:AssumeRole"}
    role = target.client("iam").create_role(
        RoleName="shared", AssumeRolePolicyDocument=document(trust)
    )["Role"]["Arn"]
    mwaa = target.client("mwaa")
    there = mwaa.get_environment(Name=NAME)["Environment"]
    for name in names:
        mwaa.create_environment(
            Name=name,
            ExecutionRoleArn=role,
            SourceBucketArn=there["SourceBucketArn"],
            DagS3Path=there["DagS3Path"],
            NetworkConfiguration=there["NetworkConfiguration"],
        )


def _taken(target: LiveAccount) -> None:
    """A role without rights: the create fails, and what is left of it holds the name."""
    _create(target, NEXT)
    target.emulator.advance()
    left = target.client("mwaa").get_environment(Name=NEXT)["Environment"]
    assert left["Status"] == "CREATE_FAILED", left["Status"]


def _many(target: LiveAccount) -> None:
    _create(target, *(f"other-{number}" for number in range(QUOTA - 1)))


def _same_zone(target: LiveAccount) -> Mapping[str, Any]:
    return _second_subnet(target, f"{REGION}a", "10.41.7.0/24")


def _small(target: LiveAccount) -> Mapping[str, Any]:
    return _second_subnet(target, f"{REGION}b", "10.41.7.0/28")


def _second_subnet(target: LiveAccount, zone: str, block: str) -> Mapping[str, Any]:
    made = _subnet(target, target.vpc.id, zone, block)
    target.client("ec2").associate_route_table(RouteTableId=target.vpc.table, SubnetId=made)
    return {"existingSubnetIds": [target.vpc.subnets[0], made]}


def _subnet(target: LiveAccount, vpc: str, zone: str, block: str) -> str:
    made = target.client("ec2").create_subnet(VpcId=vpc, CidrBlock=block, AvailabilityZone=zone)
    identity: str = made["Subnet"]["SubnetId"]
    return identity


def _two_vpcs(target: LiveAccount) -> Mapping[str, Any]:
    other = target.client("ec2").create_vpc(CidrBlock="10.97.0.0/16")["Vpc"]["VpcId"]
    made = _subnet(target, other, f"{REGION}b", "10.97.0.0/24")
    return {"existingSubnetIds": [target.vpc.subnets[0], made]}


def _group_elsewhere(target: LiveAccount) -> Mapping[str, Any]:
    ec2 = target.client("ec2")
    other = ec2.create_vpc(CidrBlock="10.97.0.0/16")["Vpc"]["VpcId"]
    made = ec2.create_security_group(GroupName="theirs", Description="theirs", VpcId=other)
    return {"additionalSecurityGroupIds": [made["GroupId"]]}


def _sqs_is_there(target: LiveAccount) -> None:
    """The VPC has an endpoint with the private name that the program's own would take."""
    ec2 = target.client("ec2")
    own = target.ids["VpcEndpoint mwaa-endpoints-sqs"]
    (there,) = ec2.describe_vpc_endpoints(VpcEndpointIds=[own])["VpcEndpoints"]
    group = ec2.create_security_group(
        GroupName="endpoint", Description="endpoint", VpcId=target.vpc.id
    )["GroupId"]
    from_vpc = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}
    ec2.authorize_security_group_ingress(
        GroupId=group, IpPermissions=[{**from_vpc, "IpRanges": [{"CidrIp": target.vpc.cidr}]}]
    )
    ec2.create_vpc_endpoint(
        VpcId=target.vpc.id,
        ServiceName=f"com.amazonaws.{REGION}.sqs",
        VpcEndpointType="Interface",
        SubnetIds=list(target.vpc.subnets),
        SecurityGroupIds=[group],
        PrivateDnsEnabled=True,
        PolicyDocument=there["PolicyDocument"],
    )


def _far_bucket(target: LiveAccount) -> Mapping[str, Any]:
    compliant_bucket(target, "dags-far-away", region="eu-west-1")
    return {"existingBucketName": "dags-far-away"}


def _foreign_bucket(target: LiveAccount) -> Mapping[str, Any]:
    compliant_bucket(target, "dags-of-others", owner=OTHER)
    return {"existingBucketName": "dags-of-others"}


MUTANTS = [
    before(f"{ID}deployer-rights", _no_rights),
    before(f"{ID}deployer-rights", _no_interfaces),
    before(f"{K}deployer-may-grant", _no_grants),
    before(f"{ID}service-linked-role", _no_linked_role),
    before(f"{E}name-free", _taken),
    before(f"{E}within-quota", _many),
    before(f"{N}distinct-zones", _same_zone),
    before(f"{N}subnets-have-room", _small),
    before(f"{N}one-vpc", _two_vpcs),
    before(f"{N}one-vpc", _group_elsewhere),
    before(f"{N}no-duplicate-private-dns", _sqs_is_there),
    before(f"{S}same-region", _far_bucket),
    before(f"{S}same-account", _foreign_bucket),
    chosen(f"{ID}same-account", existingRoleArn=f"arn:aws:iam::{OTHER}:role/airflow"),
    chosen(
        f"{N}endpoint-zones-offered",
        existingVpcId=None, existingSubnetIds=None, existingRouteTableIds=None,
        existingVpcCidr=None, availabilityZones=[f"{REGION}a", f"{REGION}z"],
    ),
    chosen(f"{E}version-supported", airflowVersion="2.6.3"),
    chosen(f"{E}maintenance-window-set", weeklyMaintenanceWindowStart=None),
]  # fmt: skip
