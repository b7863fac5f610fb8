"""What the emulated AWS answers to every request that the live reader makes."""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from botocore import xform_name
from botocore.model import OperationModel

from mwaa import iam_policies
from mwaa.model.unknown import known
from ops.live import platform as live
from ops.live.reader import AwsReader
from tests.ops.emulated import Emulated
from tests.rehearsal.emulator.platforms.customer import ACCOUNT
from tests.witnesses.recordings import Call

LOGS = "access-logs-of-etl"
TAGS = [{"Key": "Team", "Value": "data"}]


class Listening(AwsReader):
    """A reader that keeps the answers, as they were parsed and as they came."""

    def __init__(self, there: Emulated) -> None:
        super().__init__(there.aws().session, _clients=there.made)
        self.heard: defaultdict[Call, list[Mapping[str, Any]]] = defaultdict(list)
        self.bodies: defaultdict[Call, list[tuple[OperationModel, bytes]]] = defaultdict(list)
        self._tapped: set[str] = set()

    def client(self, service: str) -> Any:
        made = super().client(service)
        if service not in self._tapped:
            self._tapped.add(service)

            def keep(operation_model: OperationModel, response_dict: Any, **_: Any) -> None:
                call = (service, xform_name(operation_model.name))
                self.bodies[call].append((operation_model, response_dict["body"]))

            made.meta.events.register("before-parse", keep)
        return made

    def call(self, service: str, operation: str, *args: Any, **request: Any) -> Any:
        answer = super().call(service, operation, *args, **request)
        if known(answer) and answer is not None:
            self.heard[service, operation].append(answer)
        return answer


def answers(there: Emulated) -> Listening:
    """A reader that heard all answers, in an account that has one of everything that is read."""
    _furnish(there)
    reader = Listening(there)
    environment = there.customer.get()
    reader.heard["mwaa", "get_environment"].append({"Environment": environment})
    artifact = {"RequirementsS3Path": "requirements.txt"}
    platform = live.read(reader, {**environment, **artifact}, written=True)
    assert not platform.denied
    return reader


def _furnish(there: Emulated) -> None:
    customer = there.customer
    _network(there)
    block = {"BlockPublicAcls": True, "IgnorePublicAcls": True}
    block |= {"BlockPublicPolicy": True, "RestrictPublicBuckets": True}
    there.made["s3control"] = customer.client("s3control")
    there.made["s3control"].put_public_access_block(
        AccountId=ACCOUNT, PublicAccessBlockConfiguration=block
    )
    s3, bucket = customer.client("s3"), customer.names.bucket
    s3.put_object(Bucket=bucket, Key="requirements.txt", Body=b"x==1\n")
    s3.create_bucket(Bucket=LOGS)
    allowed = iam_policies.allow(
        "Logs",
        ["s3:PutObject"],
        f"arn:aws:s3:::{LOGS}/*",
        Principal={"Service": "logging.s3.amazonaws.com"},
    )
    s3.put_bucket_policy(Bucket=LOGS, Policy=json.dumps(iam_policies.document(allowed)))
    target = {"TargetBucket": LOGS, "TargetPrefix": "etl/"}
    s3.put_bucket_logging(Bucket=bucket, BucketLoggingStatus={"LoggingEnabled": target})
    rule = {
        "ID": "old",
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "Expiration": {"Days": 9},
        "NoncurrentVersionExpiration": {"NoncurrentDays": 9},
    }
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": [rule]})
    iam = customer.client("iam")
    document = json.dumps(iam_policies.document(iam_policies.allow("S", ["sqs:*"], "*")))
    arn = iam.create_policy(PolicyName="more", PolicyDocument=document, Tags=TAGS)["Policy"]["Arn"]
    iam.attach_role_policy(RoleName=customer.names.role, PolicyArn=arn)
    iam.put_role_permissions_boundary(RoleName=customer.names.role, PermissionsBoundary=arn)
    iam.tag_role(RoleName=customer.names.role, Tags=TAGS)
    logs, group = customer.client("logs"), "airflow-etl-Worker"
    logs.create_log_group(logGroupName=group, kmsKeyId=customer.key)
    logs.put_retention_policy(logGroupName=group, retentionInDays=7)
    logs.create_log_stream(logGroupName=group, logStreamName="s")
    event = {"timestamp": int(time.time() * 1000), "message": "m"}
    logs.put_log_events(logGroupName=group, logStreamName="s", logEvents=[event])
    customer.client("cloudwatch").put_metric_alarm(
        AlarmName="queue",
        AlarmDescription="one of the environment's",
        ActionsEnabled=True,
        AlarmActions=["arn:aws:sns:us-east-1:123456789012:topic"],
        Namespace="AmazonMWAA",
        MetricName="QueuedTasks",
        Dimensions=[{"Name": "Environment", "Value": "etl"}],
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
        TreatMissingData="missing",
        Unit="Count",
        DatapointsToAlarm=1,
    )


def _network(there: Emulated) -> None:
    customer, ec2 = there.customer, there.customer.ec2
    customer.admit_listed_clients()
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=customer.vpc)
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    nat = ec2.create_nat_gateway(SubnetId=customer.subnets[0], AllocationId=address)["NatGateway"]
    ec2.create_route(
        RouteTableId=customer.tables[0],
        DestinationCidrBlock="0.0.0.0/0",
        NatGatewayId=nat["NatGatewayId"],
    )
    options = ec2.create_dhcp_options(
        DhcpConfigurations=[{"Key": "domain-name-servers", "Values": ["AmazonProvidedDNS"]}],
        TagSpecifications=[{"ResourceType": "dhcp-options", "Tags": TAGS}],
    )["DhcpOptions"]["DhcpOptionsId"]
    ec2.associate_dhcp_options(DhcpOptionsId=options, VpcId=customer.vpc)
    everywhere = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}
    pair = {"UserIdGroupPairs": [{"GroupId": customer.endpoint_group}]}
    ec2.authorize_security_group_egress(
        GroupId=customer.group, IpPermissions=[{**everywhere, **pair}]
    )
    ec2.authorize_security_group_ingress(
        GroupId=customer.group,
        IpPermissions=[{**everywhere, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}],
    )
    customer.client("logs").create_log_group(logGroupName="flows")
    ec2.create_flow_logs(
        ResourceIds=[customer.vpc],
        ResourceType="VPC",
        TrafficType="REJECT",
        LogGroupName="flows",
        DeliverLogsPermissionArn=customer.role,
    )
    tagged = [
        customer.vpc,
        *customer.subnets,
        options,
        gateway,
        nat["NatGatewayId"],
        *customer.tables,
    ]
    ec2.create_tags(Resources=[*tagged, customer.group], Tags=TAGS)
    customer.client("route53").create_hosted_zone(
        Name="sqs.us-east-1.amazonaws.com",
        VPC={"VPCRegion": "us-east-1", "VPCId": customer.vpc},
        CallerReference="1",
    )
