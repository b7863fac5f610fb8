"""A look at moto without the patches: a needless one goes, and a seam that is gone is named."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from rehearsal.emulator.patches import PATCHES, seam
from rehearsal.emulator.registry import SeamError
from rehearsal.emulator.server import Emulator

PROBE = """
import json, os, sys, time
os.environ["MOTO_EC2_LOAD_DEFAULT_AMIS"] = "false"
import boto3
from botocore.exceptions import ClientError
from moto import mock_aws
from moto.iam.responses import IamResponse
from moto.logs.responses import LogsResponse
from moto.servicequotas.responses import ServiceQuotasResponse
from rehearsal.emulator.patches.s3 import bucket_policy

def accepted(call):
    try:
        call()
    except ClientError:
        return False
    return True

with mock_aws():
    ec2, kms = boto3.client("ec2", "us-east-1"), boto3.client("kms", "us-east-1")
    s3 = boto3.client("s3", "us-east-1")
    s3.create_bucket(Bucket="b-1")
    absent = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": "absent"}
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    ec2.create_network_interface(SubnetId=subnet)
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    unknown = dict(VpcId=vpc, ServiceName="com.amazonaws.us-east-1.no", VpcEndpointType="Interface")
    gateway = ec2.create_vpc_endpoint(
        VpcId=vpc, ServiceName="com.amazonaws.us-east-1.s3", VpcEndpointType="Gateway"
    )["VpcEndpoint"]["VpcEndpointId"]
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    ec2.modify_vpc_endpoint(VpcEndpointId=gateway, AddRouteTableIds=[table])
    routes = ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]["Routes"]
    group = ec2.create_security_group(GroupName="g", Description="g", VpcId=vpc)["GroupId"]
    pair = {"GroupId": group, "Description": "why"}
    rule = ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[
        {"IpProtocol": "tcp", "FromPort": 1, "ToPort": 1, "UserIdGroupPairs": [pair]}
    ])["SecurityGroupRules"][0]
    kms.enable_key_rotation(KeyId=key, RotationPeriodInDays=90)
    nat = ec2.create_nat_gateway(SubnetId=subnet, ConnectivityType="private")["NatGateway"]
    nat = nat["NatGatewayId"]
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", NatGatewayId=nat)
    ec2.delete_nat_gateway(NatGatewayId=nat)
    dead = ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]["Routes"]
    caller = boto3.client("sts", "us-east-1").get_caller_identity()["Arn"]
    made = ec2.create_vpc_endpoint(**unknown | {"SubnetIds": [subnet]})["VpcEndpoint"]
    eni = ec2.describe_network_interfaces(NetworkInterfaceIds=made["NetworkInterfaceIds"])
    address = eni["NetworkInterfaces"][0]["PrivateIpAddress"]
    tags = [{"Key": "Team", "Value": "a"}, {"Key": "team", "Value": "b"}]
    iam, logs = boto3.client("iam", "us-east-1"), boto3.client("logs", "us-east-1")
    iam.create_role(RoleName="r", AssumeRolePolicyDocument="{}", Tags=tags[:1])
    iam.tag_role(RoleName="r", Tags=tags[1:])
    plain = ec2.create_nat_gateway(
        SubnetId=subnet, AllocationId=ec2.allocate_address(Domain="vpc")["AllocationId"]
    )["NatGateway"]["NatGatewayId"]
    user = iam.create_user(UserName="u")["User"]["UserId"]
    logs.create_log_group(logGroupName="g")
    (log_group,) = logs.describe_log_groups()["logGroups"]
    now = 1000 * int(time.time())
    for stream, at in (("b", now), ("a", now - 1)):
        logs.create_log_stream(logGroupName="g", logStreamName=stream)
        logs.put_log_events(logGroupName="g", logStreamName=stream,
                            logEvents=[{"timestamp": at, "message": stream}])
    written = [one["message"] for one in logs.filter_log_events(logGroupName="g")["events"]]
    wanted = [{"Name": "group-name", "Values": ["default"]}, {"Name": "vpc-id", "Values": [vpc]}]
    (default,) = ec2.describe_security_groups(Filters=wanted)["SecurityGroups"]
    flows = dict(ResourceIds=[vpc], ResourceType="VPC", LogDestination="arn:aws:s3:::b-1",
                 LogDestinationType="s3")
    ec2.create_flow_logs(TrafficType="ALL", **flows)
    service = ec2.describe_vpc_endpoint_services(
        ServiceNames=["com.amazonaws.us-east-1.ecr.api"]
    )["ServiceDetails"][0]
    s3.put_bucket_versioning(Bucket="b-1", VersioningConfiguration={"Status": "Enabled"})
    s3.put_object(Bucket="b-1", Key="old", Body=b"")
    s3.put_bucket_versioning(Bucket="b-1", VersioningConfiguration={"Status": "Suspended"})
    s3.put_object(Bucket="b-1", Key="old", Body=b"")
    sqs = boto3.client("sqs", "us-east-1")
    queue = sqs.create_queue(QueueName="q")["QueueUrl"]
    elsewhere = queue.replace("123456789012", "999999999999")
    ram, other = boto3.client("ram", "us-east-1"), "999999999999"
    ram.create_resource_share(name="s", principals=[other],
        resourceArns=[f"arn:aws:ec2:us-east-1:123456789012:subnet/{subnet}"])
    from moto.ec2.models import ec2_backends
    bodies = []
    kms.meta.events.register(
        "before-parse", lambda response_dict, **_: bodies.append(response_dict["body"])
    )
    kms.list_grants(KeyId=key)
    watch = boto3.client("cloudwatch", "us-east-1")
    watch.put_metric_alarm(AlarmName="a", Namespace="n", MetricName="m", Statistic="Sum", Period=60,
        EvaluationPeriods=1, Threshold=0, ComparisonOperator="LessThanOrEqualToThreshold",
        TreatMissingData="breaching")
    (alarm,) = watch.describe_alarms(AlarmNames=["a"])["MetricAlarms"]
    began = time.monotonic()
    sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=1)
    print(json.dumps({
        "prefix_lists": not set(ec2_backends[other]["us-east-1"].managed_prefix_lists)
        & {one["PrefixListId"] for one in ec2.describe_prefix_lists()["PrefixLists"]},
        "alarm_states": alarm["StateValue"] != "ALARM",
        "grant_lists": b"GrantCount" in bodies[0],
        "shared_vpc": vpc not in ec2_backends[other]["us-east-1"].vpcs,
        "long_poll": time.monotonic() - began > 0.9,
        "queue_owner": accepted(lambda: sqs.get_queue_attributes(QueueUrl=elsewhere)),
        "bucket_defaults": not accepted(lambda: s3.get_bucket_encryption(Bucket="b-1")),
        "suspended_versions": len(s3.list_object_versions(Bucket="b-1")["Versions"]) == 1,
        "default_group": not default["IpPermissions"],
        "endpoint_names": len(made["DnsEntries"]) == 1,
        "endpoint_policies": accepted(lambda: ec2.create_vpc_endpoint(
            VpcId=vpc, ServiceName="com.amazonaws.us-east-1.neptune-graph",
            VpcEndpointType="Interface", PolicyDocument="{}")),
        "filtered_events": written == ["b", "a"],
        "flow_log_twins": not accepted(
            lambda: ec2.create_flow_logs(TrafficType="REJECT", **flows)
        ),
        "service_details": "ServiceRegion" not in service,
        "linked_role": iam.create_service_linked_role(
            AWSServiceName="airflow.amazonaws.com"
        )["Role"]["RoleName"] != "AWSServiceRoleForAmazonMWAA",
        "identities": not user.startswith("AIDA"),
        "key_defaults": "KeyUsage" not in kms.describe_key(KeyId=key)["KeyMetadata"],
        "nat_connectivity": "ConnectivityType" not in ec2.describe_nat_gateways(
            NatGatewayIds=[plain])["NatGateways"][0],
        "tag_keys": len(iam.list_role_tags(RoleName="r")["Tags"]) == 2,
        "log_group_class": "logGroupClass" not in log_group,
        "bucket_places": not accepted(lambda: boto3.client("s3", "eu-west-1").create_bucket(
            Bucket="b-eu", CreateBucketConfiguration={"LocationConstraint": "EU"})),
        "bucket_owner": accepted(
            lambda: s3.head_bucket(Bucket="b-1", ExpectedBucketOwner="999999999999")
        ),
        "dead_routes": all(route["State"] == "active" for route in dead),
        "bucket_policy": bucket_policy.needed(),
        "endpoint_services": accepted(lambda: ec2.create_vpc_endpoint(**unknown)),
        "endpoint_interfaces": not address.startswith("10.0.0."),
        "endpoint_routes": not any("DestinationPrefixListId" in route for route in routes),
        "rule_descriptions": not rule.get("Description"),
        "key_rotation": "RotationPeriodInDays" not in kms.get_key_rotation_status(KeyId=key),
        "root_caller": not caller.endswith(":root"),
        "service_quotas": not hasattr(ServiceQuotasResponse, "list_service_quotas"),
        "in_use": accepted(lambda: ec2.delete_subnet(SubnetId=subnet)),
        "key_rules": accepted(
            lambda: kms.put_key_policy(KeyId=key, PolicyName="default", Policy="{}")
        ),
        "object_keys": accepted(lambda: s3.put_object(Bucket="b-1", Key="k", **absent)),
        "log_group_keys": not hasattr(LogsResponse, "associate_kms_key"),
        "policy_simulator": not hasattr(IamResponse, "simulate_custom_policy"),
    }))
"""


def test_moto_still_needs_every_patch() -> None:
    """Fails when moto has learnt something by itself: then the patch named here can go."""
    root = Path(__file__).parents[4]
    environment = {"PATH": "", "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x"}
    done = subprocess.run(
        [sys.executable, "-c", PROBE], cwd=root, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    needed = json.loads(done.stdout)
    assert [name for name, still in needed.items() if not still] == []
    patches = {patch.__name__.rpartition(".")[2] for patch in PATCHES}
    # Three are for speed alone, one for the emulated clock: moto's answers show nothing of them.
    speed = {"dispatch", "key_owners", "managed_policies"}
    assert patches - set(needed) == speed | {"metric_times"}


def test_a_seam_that_is_gone_is_named(emulator: Emulator) -> None:
    class Backend:
        pass

    with pytest.raises(SeamError, match=r"Backend\.vanished"):
        seam.around(Backend, "vanished")(lambda original: original)
    assert "moto.ec2.models.EC2Backend.delete_subnet" in seam.SEAMS
