"""An emulated account with one environment that has the settings and files of another.

Network, role and key are the copy's own: what is tried is Airflow with its files, not them. So
every service is reached that the files may ask for; a secrets backend is asked for each variable.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from mwaa import iam_policies
from mwaa.names import Names
from mwaa.service import endpoints
from mwaa.service.api_names import LOG_MEMBERS
from mwaa.service.ports import HTTPS, POSTGRESQL
from rehearsal.airflow.account import Account
from rehearsal.cli.workspace import ACCOUNT
from rehearsal.copies.copy import Copy
from rehearsal.emulator.authorization.network import SUFFIXES

_ARTIFACTS: Final = ("Requirements", "Plugins", "StartupScript")
# Nothing of a copy is run but what starts Airflow: its DAGs stay paused.
_PAUSED: Final = {"core.dags_are_paused_at_creation": "True"}


def make(account: Account, copy: Copy) -> None:
    """Create the environment of ``copy``; who waits for it is the caller's affair."""
    described = copy.description
    names = Names(described["Name"], account.region, ACCOUNT)
    subnets, group = _network(account, names)
    versions = _bucket(account, names, copy)
    options = dict(described.get("AirflowConfigurationOptions") or {})
    account.client("mwaa").create_environment(
        Name=names.environment,
        AirflowVersion=described["AirflowVersion"],
        EnvironmentClass="mw1.micro",
        ExecutionRoleArn=_role(account, names),
        SourceBucketArn=names.bucket_arn,
        DagS3Path=described.get("DagS3Path", "dags"),
        NetworkConfiguration={"SubnetIds": subnets, "SecurityGroupIds": [group]},
        AirflowConfigurationOptions=options | _PAUSED,
        LoggingConfiguration={
            member: {"Enabled": True, "LogLevel": "INFO"} for member in LOG_MEMBERS.values()
        },
        **_pinned(described, versions),
    )


def _pinned(described: Mapping[str, Any], versions: Mapping[str, str]) -> dict[str, str]:
    """Paths and versions of the artifacts that the environment has."""
    found: dict[str, str] = {}
    for kind in _ARTIFACTS:
        key = str(described.get(f"{kind}S3Path") or "")
        if key in versions:
            found |= {f"{kind}S3Path": key, f"{kind}S3ObjectVersion": versions[key]}
    return found


def _bucket(account: Account, names: Names, copy: Copy) -> dict[str, str]:
    """Make the bucket with the files of the copy; the version of each key."""
    s3, bucket = account.client("s3"), names.bucket
    s3.create_bucket(Bucket=bucket, **_place(account.region))
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    flags = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    s3.put_public_access_block(
        Bucket=bucket, PublicAccessBlockConfiguration=dict.fromkeys(flags, True)
    )
    found: dict[str, str] = {}
    for file in sorted(path for path in copy.bucket.rglob("*") if path.is_file()):
        key = file.relative_to(copy.bucket).as_posix()
        found[key] = s3.put_object(Bucket=bucket, Key=key, Body=file.read_bytes())["VersionId"]
    return found


def _place(region: str) -> dict[str, Any]:
    # S3 takes no constraint for the region where it began.
    if region == "us-east-1":
        return {}
    return {"CreateBucketConfiguration": {"LocationConstraint": region}}


def _role(account: Account, names: Names) -> str:
    iam = account.client("iam")
    trust = json.dumps(iam_policies.execution_trust(names))
    arn: str = iam.create_role(RoleName=names.role, AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    for name, document in {
        "permissions": iam_policies.execution_permissions(names),
        "key": iam_policies.aws_owned_key_permissions(names),
        "secrets": iam_policies.document(
            iam_policies.allow("ReadSecrets", iam_policies.SECRET_ACTIONS, "*")
        ),
    }.items():
        iam.put_role_policy(
            RoleName=names.role, PolicyName=name, PolicyDocument=json.dumps(document)
        )
    return arn


def _network(account: Account, names: Names) -> tuple[list[str], str]:
    """Two private subnets with endpoints, and the environment's group."""
    ec2 = account.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.192.0.0/16")["Vpc"]["VpcId"]
    for attribute in ("EnableDnsSupport", "EnableDnsHostnames"):
        ec2.modify_vpc_attribute(VpcId=vpc, **{attribute: {"Value": True}})
    zones = ec2.describe_availability_zones()["AvailabilityZones"][:2]
    subnets: list[str] = []
    tables: list[str] = []
    for number, zone in enumerate(zones):
        made = ec2.create_subnet(
            VpcId=vpc, CidrBlock=f"10.192.{number}.0/24", AvailabilityZone=zone["ZoneName"]
        )
        subnets.append(made["Subnet"]["SubnetId"])
        tables.append(ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"])
        ec2.associate_route_table(RouteTableId=tables[-1], SubnetId=subnets[-1])
    group: str = ec2.create_security_group(
        GroupName=f"airflow-{names.environment}", Description="environment", VpcId=vpc
    )["GroupId"]
    ec2.authorize_security_group_ingress(
        GroupId=group,
        IpPermissions=[
            {
                "IpProtocol": "tcp",
                "FromPort": port,
                "ToPort": port,
                "UserIdGroupPairs": [{"GroupId": group}],
            }
            for port in (HTTPS, POSTGRESQL)
        ],
    )
    for service in dict.fromkeys((*endpoints.REQUIRED, *SUFFIXES.values())):
        own: dict[str, Any] = {"VpcEndpointType": "Gateway", "RouteTableIds": tables}
        if service != "s3":
            own = {
                "VpcEndpointType": "Interface",
                "SubnetIds": subnets,
                "SecurityGroupIds": [group],
                "PrivateDnsEnabled": True,
            }
        name = endpoints.service_name(service, account.region)
        ec2.create_vpc_endpoint(VpcId=vpc, ServiceName=name, **own)
    return subnets, group
