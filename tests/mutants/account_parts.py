"""Living networks, buckets, roles, keys, log groups and settings with one thing broken."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from mwaa.naming import Names
from tests.mutants.account import ACCOUNT, REGION, Court, LiveMutant, acted, told
from tests.mutants.recorded import NAME

N, S, ID = "mwaa-network-", "mwaa-storage-", "mwaa-identity-"
K, L, E = "mwaa-encryption-", "mwaa-logs-", "mwaa-environment-"
NAMES = Names(NAME, REGION, ACCOUNT)
OPEN = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
OPTIONS = {"core.default_task_retries": "2"}


def document(*statements: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def ec2(rule: str, operation: str, make: Callable[[Court], dict[str, Any]]) -> LiveMutant:
    return acted(f"{N}{rule}", lambda court: getattr(court.client("ec2"), operation)(**make(court)))


def subnet(court: Court, number: str = "1") -> str:
    return court.ids[f"Subnet mwaa-network-vpc-private-{number}"]


def table(court: Court, number: str = "1") -> str:
    return court.ids[f"RouteTable mwaa-network-vpc-private-{number}"]


def vpc(court: Court) -> str:
    return court.ids["Vpc mwaa-network-vpc"]


def group(court: Court) -> str:
    return court.ids["SecurityGroup mwaa-network-environment"]


def endpoint(court: Court, service: str = "sqs") -> str:
    return court.ids[f"VpcEndpoint mwaa-endpoints-{service}"]


def rule_of(port: int, **peer: Any) -> list[dict[str, Any]]:
    return [{"IpProtocol": "tcp", "FromPort": port, "ToPort": port, **peer}]


def _nat(*tables: str) -> Callable[[Court], None]:
    def act(court: Court) -> None:
        client = court.client("ec2")
        made = client.create_nat_gateway(SubnetId=subnet(court), ConnectivityType="private")
        gateway = made["NatGateway"]["NatGatewayId"]
        for number in tables:
            client.create_route(
                RouteTableId=table(court, number),
                DestinationCidrBlock="0.0.0.0/0",
                NatGatewayId=gateway,
            )

    return act


def _closed(court: Court) -> None:
    client = court.client("ec2")
    (acl,) = client.describe_network_acls(
        Filters=[
            {"Name": "vpc-id", "Values": [vpc(court)]},
            {"Name": "default", "Values": ["true"]},
        ]
    )["NetworkAcls"]
    client.create_network_acl_entry(
        NetworkAclId=acl["NetworkAclId"],
        RuleNumber=1,
        Protocol="6",
        RuleAction="deny",
        Egress=False,
        CidrBlock="0.0.0.0/0",
        PortRange={"From": 5432, "To": 5432},
    )


def _resolver(court: Court) -> None:
    client = court.client("ec2")
    servers = [{"Key": "domain-name-servers", "Values": ["10.9.9.9"]}]
    made = client.create_dhcp_options(DhcpConfigurations=servers)["DhcpOptions"]
    client.associate_dhcp_options(DhcpOptionsId=made["DhcpOptionsId"], VpcId=vpc(court))


def _no_egress(court: Court) -> None:
    client = court.client("ec2")
    lists = client.describe_prefix_lists()["PrefixLists"]
    stores = [one["PrefixListId"] for one in lists if one["PrefixListName"].endswith(".s3")]
    for peer in (
        {"IpRanges": [{"CidrIp": "10.192.0.0/16"}]},
        {"PrefixListIds": [{"PrefixListId": stores[0]}]},
    ):
        client.revoke_security_group_egress(
            GroupId=group(court), IpPermissions=rule_of(443, **peer)
        )


NETWORK = [
    acted(f"{N}acls-pass", _closed),
    acted(f"{N}dhcp-resolver", _resolver),
    acted(f"{N}nat-per-zone", _nat("1", "2")),
    acted(f"{N}no-way-out", _nat("1", "2")),
    acted(f"{N}subnets-route-alike", _nat("1")),
    ec2("endpoint-private-dns", "modify_vpc_endpoint", lambda c: {
        "VpcEndpointId": endpoint(c), "PrivateDnsEnabled": False}),
    ec2("endpoints-in-both-subnets", "modify_vpc_endpoint", lambda c: {
        "VpcEndpointId": endpoint(c), "RemoveSubnetIds": [subnet(c)]}),
    ec2("endpoint-policies-narrow", "modify_vpc_endpoint", lambda c: {
        "VpcEndpointId": endpoint(c), "PolicyDocument": document(OPEN)}),
    ec2("endpoint-policies-allow", "modify_vpc_endpoint", lambda c: {
        "VpcEndpointId": endpoint(c),
        "PolicyDocument": document({**OPEN, "Action": "sqs:Nothing"})}),
    ec2("s3-gateway-serves-subnets", "modify_vpc_endpoint", lambda c: {
        "VpcEndpointId": endpoint(c, "s3"), "RemoveRouteTableIds": [table(c)]}),
    ec2("required-endpoints", "delete_vpc_endpoints", lambda c: {
        "VpcEndpointIds": [endpoint(c)]}),
    ec2("secrets-reachable", "delete_vpc_endpoints", lambda c: {
        "VpcEndpointIds": [endpoint(c, "secretsmanager")]}),
    ec2("older-list-of-endpoints", "delete_vpc_endpoints", lambda c: {
        "VpcEndpointIds": [endpoint(c, "ecr.api")]}),
    ec2("flow-logs-on", "delete_flow_logs", lambda c: {
        "FlowLogIds": [c.ids["FlowLog mwaa-network-flow-logs"]]}),
    ec2("endpoint-groups-admit-https", "revoke_security_group_ingress", lambda c: {
        "GroupId": c.ids["SecurityGroup mwaa-endpoints-endpoints"],
        "IpPermissions": rule_of(443, UserIdGroupPairs=[{"GroupId": group(c)}])}),
    acted(f"{N}everything-reachable", _no_egress),
    ec2("reaches-itself", "revoke_security_group_ingress", lambda c: {
        "GroupId": group(c),
        "IpPermissions": rule_of(5432, UserIdGroupPairs=[{"GroupId": group(c)}])}),
    ec2("webserver-clients", "revoke_security_group_ingress", lambda c: {
        "GroupId": group(c),
        "IpPermissions": rule_of(443, IpRanges=[{"CidrIp": "10.64.0.0/16"}])}),
    ec2("no-world-ingress", "authorize_security_group_ingress", lambda c: {
        "GroupId": group(c), "IpPermissions": rule_of(22, IpRanges=[{"CidrIp": "0.0.0.0/0"}])}),
    ec2("no-internet-gateway-route", "create_route", lambda c: {
        "RouteTableId": table(c),
        "DestinationCidrBlock": "0.0.0.0/0",
        "GatewayId": c.ids["InternetGateway mwaa-network-vpc"]}),
    ec2("subnet-no-public-ip", "modify_subnet_attribute", lambda c: {
        "SubnetId": subnet(c), "MapPublicIpOnLaunch": {"Value": True}}),
    ec2("vpc-dns-enabled", "modify_vpc_attribute", lambda c: {
        "VpcId": vpc(c), "EnableDnsHostnames": {"Value": False}}),
    told(f"{N}webserver-private", WebserverAccessMode="PUBLIC_AND_PRIVATE"),
]  # fmt: skip


def s3(rule: str, operation: str, **wish: Any) -> LiveMutant:
    return acted(
        f"{S}{rule}",
        lambda court: getattr(court.client("s3"), operation)(Bucket=court.ids["bucket"], **wish),
    )


def _no_dags(court: Court) -> None:
    client, bucket = court.client("s3"), court.ids["bucket"]
    for one in client.list_objects_v2(Bucket=bucket, Prefix="dags/")["Contents"]:
        client.delete_object(Bucket=bucket, Key=one["Key"])


def _bucket_policy(*more: Any, keep: bool = True) -> Callable[[Court], None]:
    def act(court: Court) -> None:
        client, bucket = court.client("s3"), court.ids["bucket"]
        before = json.loads(client.get_bucket_policy(Bucket=bucket)["Policy"])
        client.put_public_access_block(
            Bucket=bucket,
            PublicAccessBlockConfiguration={
                "BlockPublicAcls": True,
                "IgnorePublicAcls": True,
                "BlockPublicPolicy": False,
                "RestrictPublicBuckets": True,
            },
        ) if OPEN in more else None
        kept = before["Statement"] if keep else []
        client.put_bucket_policy(Bucket=bucket, Policy=document(*kept, *more))

    return act


def _encrypted(**default: str) -> dict[str, Any]:
    rule = {"ApplyServerSideEncryptionByDefault": default, "BucketKeyEnabled": True}
    return {"Rules": [rule]}


STORAGE = [
    s3("access-logged", "put_bucket_logging", BucketLoggingStatus={}),
    s3("acls-off", "put_bucket_ownership_controls", OwnershipControls={
        "Rules": [{"ObjectOwnership": "ObjectWriter"}]}),
    s3("versioning-enabled", "put_bucket_versioning", VersioningConfiguration={
        "Status": "Suspended"}),
    s3("public-access-blocked", "delete_public_access_block"),
    s3("tls-only", "delete_bucket_policy"),
    s3("encrypted-with-kms", "put_bucket_encryption",
        ServerSideEncryptionConfiguration=_encrypted(SSEAlgorithm="AES256")),
    s3("lifecycle-keeps-pinned", "put_bucket_lifecycle_configuration", LifecycleConfiguration={
        "Rules": [{"ID": "x", "Status": "Enabled", "Filter": {"Prefix": ""},
                   "Expiration": {"Days": 30}}]}),
    acted(f"{S}dag-prefix-exists", _no_dags),
    acted(f"{S}policy-admits-role", _bucket_policy(
        {**OPEN, "Effect": "Deny", "Action": "s3:GetObject",
         "Principal": {"AWS": NAMES.role_arn}})),
    acted(f"{S}policy-not-public", _bucket_policy(OPEN)),
    told(f"{S}artefacts-pinned", RequirementsS3ObjectVersion=None),
    told(f"{S}paths-relative", DagS3Path="/dags"),
    told(f"{S}pinned-versions-exist", RequirementsS3Path="requirements-gone.txt"),
]  # fmt: skip


def denied(rule: str, action: str) -> LiveMutant:
    return _granted(f"{ID}{rule}", "Deny", action)


def _granted(rule: str, effect: str, action: str) -> LiveMutant:
    statement = {"Effect": effect, "Action": action, "Resource": "*"}
    return acted(
        rule,
        lambda court: court.client("iam").put_role_policy(
            RoleName=NAMES.role, PolicyName="mutant", PolicyDocument=document(statement)
        ),
    )


def _trust(alter: Callable[[dict[str, Any]], list[dict[str, Any]]]) -> Callable[[Court], None]:
    def act(court: Court) -> None:
        iam = court.client("iam")
        before = iam.get_role(RoleName=NAMES.role)["Role"]["AssumeRolePolicyDocument"]
        made = document(*alter(before["Statement"][0]))
        iam.update_assume_role_policy(RoleName=NAMES.role, PolicyDocument=made)

    return act


def _bounded(court: Court) -> None:
    iam = court.client("iam")
    allow = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    made = iam.create_policy(PolicyName="boundary", PolicyDocument=document(allow))["Policy"]
    iam.put_role_permissions_boundary(RoleName=NAMES.role, PermissionsBoundary=made["Arn"])


def _wide(court: Court) -> None:
    allow = {"Effect": "Allow", "Action": "airflow:CreateWebLoginToken", "Resource": "*"}
    court.client("iam").create_policy(PolicyName="wide", PolicyDocument=document(allow))


ROOT = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
IDENTITY = [
    acted(f"{ID}boundary-permits", _bounded),
    acted(f"{ID}web-roles-scoped", _wide),
    acted(f"{ID}trust-both-principals", _trust(
        lambda s: [{**s, "Principal": {"Service": "airflow.amazonaws.com"}}])),
    acted(f"{ID}trust-bound-to-environment", _trust(
        lambda s: [{k: v for k, v in s.items() if k != "Condition"}])),
    acted(f"{ID}trust-only-mwaa", _trust(lambda s: [s, {**s, "Principal": ROOT, "Sid": "Root"}])),
    denied("may-list-log-streams", "logs:DescribeLogStreams"),
    denied("may-publish-metrics", "airflow:PublishMetrics"),
    denied("may-put-metrics", "cloudwatch:PutMetricData"),
    denied("may-read-account-access-block", "s3:GetAccountPublicAccessBlock"),
    denied("may-read-bucket", "s3:GetObject"),
    denied("may-read-secrets", "secretsmanager:GetSecretValue"),
    denied("may-use-customer-key", "kms:Decrypt"),
    denied("may-use-queue", "sqs:ReceiveMessage"),
    denied("may-write-logs", "logs:PutLogEvents"),
    told(f"{ID}may-use-service-key", KmsKey=None),
    _granted(f"{ID}no-administration", "Allow", "iam:CreateUser"),
    _granted(f"{ID}no-self-escalation", "Allow", "airflow:UpdateEnvironment"),
    _granted(f"{ID}no-wildcards", "Allow", "dynamodb:*"),
]  # fmt: skip


def kms(rule: str, operation: str, **wish: Any) -> LiveMutant:
    return acted(
        f"{K}{rule}",
        lambda court: getattr(court.client("kms"), operation)(
            KeyId=court.ids["Key mwaa-encryption-key"], **wish
        ),
    )


def _key_policy(
    alter: Callable[[list[dict[str, Any]]], list[dict[str, Any]]],
) -> Callable[[Court], None]:
    def act(court: Court) -> None:
        client, key = court.client("kms"), court.ids["Key mwaa-encryption-key"]
        before = json.loads(client.get_key_policy(KeyId=key, PolicyName="default")["Policy"])
        made = document(*alter(before["Statement"]))
        client.put_key_policy(
            KeyId=key, PolicyName="default", Policy=made, BypassPolicyLockoutSafetyCheck=True
        )

    return act


def _other_key(court: Court) -> None:
    arn = court.client("kms").create_key()["KeyMetadata"]["Arn"]
    court.client("s3").put_bucket_encryption(
        Bucket=court.ids["bucket"],
        ServerSideEncryptionConfiguration=_encrypted(SSEAlgorithm="aws:kms", KMSMasterKeyID=arn),
    )


def logs(rule: str, operation: str, **wish: Any) -> LiveMutant:
    group_name = NAMES.log_group("task")
    return acted(
        f"{L}{rule}",
        lambda court: getattr(court.client("logs"), operation)(logGroupName=group_name, **wish),
    )


KEYS_AND_LOGS = [
    kms("key-rotates", "disable_key_rotation"),
    kms("key-usable", "disable_key"),
    acted(f"{K}bucket-uses-key", _other_key),
    acted(f"{K}policy-serves-logs", _key_policy(
        lambda found: [s for s in found if "logs." not in json.dumps(s["Principal"])])),
    acted(f"{K}policy-keeps-administrators", _key_policy(
        lambda found: [s for s in found if ":root" not in json.dumps(s["Principal"])])),
    acted(f"{K}policy-not-open", _key_policy(
        lambda found: [*found, {**OPEN, "Action": "kms:Decrypt"}])),
    told(f"{K}customer-key", KmsKey=None),
    logs("groups-declared", "delete_log_group"),
    logs("groups-encrypted", "disassociate_kms_key"),
    logs("retention-set", "delete_retention_policy"),
]  # fmt: skip


def _module(**change: Any) -> dict[str, Any]:
    on = {"Enabled": True, "LogLevel": "INFO"}
    names = ("DagProcessing", "Scheduler", "Task", "Webserver", "Worker")
    modules = {f"{name}Logs": dict(on) for name in names}
    return {"LoggingConfiguration": {**modules, "TaskLogs": {**on, **change}}}


ENVIRONMENT = [
    told(f"{L}all-five-enabled", **_module(Enabled=False)),
    told(f"{L}levels-informative", **_module(LogLevel="ERROR")),
    told(f"{E}access-mode-explicit", WebserverAccessMode=None),
    told(f"{E}class-known", EnvironmentClass="mw1.huge"),
    told(f"{E}maintenance-window-set", WeeklyMaintenanceWindowStart=None),
    told(f"{E}micro-not-scaling", EnvironmentClass="mw1.micro", Schedulers=1, MinWebservers=1,
         MaxWebservers=1),
    told(f"{E}multi-team-off", AirflowConfigurationOptions={"core.multi_team": "True"}),
    told(f"{E}option-keys-valid", AirflowConfigurationOptions={"nosection": "x"}),
    told(f"{E}options-hold-no-secrets",
         AirflowConfigurationOptions={"smtp.smtp_password": "hunter2hunter2"}),
    told(f"{E}options-not-locked", AirflowConfigurationOptions={"core.executor": "x"}),
    told(f"{E}secrets-backend-valid", AirflowConfigurationOptions={"secrets.backend": "m.B"}),
    told(f"{E}schedulers-in-range", Schedulers=9),
    told(f"{E}webservers-in-range", MaxWebservers=9),
    told(f"{E}workers-in-range", MinWorkers=0),
    told(f"{E}version-not-ending", AirflowVersion="3.9.1"),
    told(f"{E}version-pinned", AirflowVersion=None),
    told(f"{E}version-supported", AirflowVersion="1.10.12"),
    acted(f"{E}alarms-exist", lambda court: court.client("cloudwatch").delete_alarms(
        AlarmNames=[NAMES.alarm("scheduler-heartbeat")])),
]  # fmt: skip

MUTANTS = [*NETWORK, *STORAGE, *IDENTITY, *KEYS_AND_LOGS, *ENVIRONMENT]
