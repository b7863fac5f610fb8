"""What each resource type is tried with: lawful inputs, one change, and what AWS makes of both."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.local.aws.engine import Made

Need = Callable[[str, dict[str, Any]], Made]
Inputs = dict[str, Any]
Build = Callable[[Need, str], tuple[Inputs, Inputs]]

ZONES = ("us-east-1a", "us-east-1b")
TAGS = {"owner": "data", "stage": "test"}
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": ["airflow-env.amazonaws.com", "airflow.amazonaws.com"]},
                "Action": "sts:AssumeRole",
            }
        ],
    }
)


@dataclass(frozen=True)
class Scene:
    """`build` creates what the type stands on and gives (inputs, the changed properties).

    `replaces`: the change needs a new resource. `rewritten`: properties AWS spells its own way.
    `untold`: properties the emulator does not tell, so that an import does not know them.
    `lasting`: what it sets cannot be without a value, so a delete restores the default one.
    """

    type: str
    build: Build
    replaces: bool = False
    untold: frozenset[str] = frozenset()
    lasting: bool = False
    import_id: Callable[[Made], str] = lambda made: made.id


def document(action: str, resource: str = "*") -> str:
    statement = {"Effect": "Allow", "Action": [action], "Resource": [resource]}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _vpc(need: Need) -> Made:
    return need("aws:ec2/vpc:Vpc", {"cidrBlock": "10.30.0.0/16", "enableDnsHostnames": True})


def _subnet(need: Need, vpc: Made, index: int = 0) -> Made:
    block = {"cidrBlock": f"10.30.{index}.0/24", "availabilityZone": ZONES[index % 2]}
    return need("aws:ec2/subnet:Subnet", {"vpcId": vpc.id, **block})


def _table(need: Need) -> tuple[Made, Made]:
    vpc = _vpc(need)
    return vpc, need("aws:ec2/routeTable:RouteTable", {"vpcId": vpc.id})


def _group(need: Need, vpc: Made, name: str) -> Made:
    return need("aws:ec2/securityGroup:SecurityGroup", {"vpcId": vpc.id, "name": name})


def _bucket(need: Need, name: str) -> Made:
    made = need("aws:s3/bucket:Bucket", {"bucket": f"bucket-{name}", "forceDestroy": True})
    status = {"status": "Enabled"}
    need(
        "aws:s3/bucketVersioning:BucketVersioning",
        {"bucket": made.id, "versioningConfiguration": status},
    )
    return made


def _role(need: Need, name: str) -> Made:
    return need("aws:iam/role:Role", {"name": f"role-{name}", "assumeRolePolicy": TRUST})


def _topic(need: Need, name: str) -> Made:
    return need("aws:sns/topic:Topic", {"name": f"topic-{name}"})


def vpc(need: Need, name: str) -> tuple[Inputs, Inputs]:
    inputs = {"cidrBlock": "10.30.0.0/16", "enableDnsHostnames": True, "tags": TAGS}
    return inputs, {"enableDnsHostnames": False, "tags": {"owner": "ops"}}


def subnet(need: Need, name: str) -> tuple[Inputs, Inputs]:
    inputs = {
        "vpcId": _vpc(need).id,
        "cidrBlock": "10.30.0.0/24",
        "availabilityZone": ZONES[0],
        "mapPublicIpOnLaunch": False,
        "assignIpv6AddressOnCreation": False,
    }
    return inputs, {"availabilityZone": ZONES[1]}


def gateway(need: Need, name: str) -> tuple[Inputs, Inputs]:
    return {"vpcId": _vpc(need).id, "tags": TAGS}, {"vpcId": _vpc(need).id}


def route_table(need: Need, name: str) -> tuple[Inputs, Inputs]:
    return {"vpcId": _vpc(need).id}, {"tags": TAGS}


def association(need: Need, name: str) -> tuple[Inputs, Inputs]:
    vpc, table = _table(need)
    other = need("aws:ec2/routeTable:RouteTable", {"vpcId": vpc.id})
    inputs = {"routeTableId": table.id, "subnetId": _subnet(need, vpc).id}
    return inputs, {"routeTableId": other.id}


def route(need: Need, name: str) -> tuple[Inputs, Inputs]:
    vpc, table = _table(need)
    gateway = need("aws:ec2/internetGateway:InternetGateway", {"vpcId": vpc.id})
    inputs = {"routeTableId": table.id, "destinationCidrBlock": "0.0.0.0/0"}
    return {**inputs, "gatewayId": gateway.id}, {"destinationCidrBlock": "10.99.0.0/16"}


def address(need: Need, name: str) -> tuple[Inputs, Inputs]:
    return {"tags": TAGS}, {"tags": {}}


def nat(need: Need, name: str) -> tuple[Inputs, Inputs]:
    subnet, address = _subnet(need, _vpc(need)), need("aws:ec2/eip:Eip", {})
    other = need("aws:ec2/eip:Eip", {})
    return {"subnetId": subnet.id, "allocationId": address.id}, {"allocationId": other.id}


def gateway_endpoint(need: Need, name: str) -> tuple[Inputs, Inputs]:
    vpc, table = _table(need)
    inputs = {
        "vpcId": vpc.id,
        "serviceName": "com.amazonaws.us-east-1.s3",
        "vpcEndpointType": "Gateway",
        "routeTableIds": [table.id],
        "policy": document("s3:GetObject"),
    }
    return inputs, {"policy": document("s3:ListBucket")}


def interface_endpoint(need: Need, name: str) -> tuple[Inputs, Inputs]:
    vpc = _vpc(need)
    inputs = {
        "vpcId": vpc.id,
        "serviceName": "com.amazonaws.us-east-1.sqs",
        "vpcEndpointType": "Interface",
        "subnetIds": [_subnet(need, vpc, 1).id, _subnet(need, vpc, 0).id],
        "securityGroupIds": [_group(need, vpc, name).id],
        "privateDnsEnabled": True,
        "tags": TAGS,
    }
    return inputs, {"policy": document("sqs:SendMessage")}


def flow_log(need: Need, name: str) -> tuple[Inputs, Inputs]:
    group = need("aws:cloudwatch/logGroup:LogGroup", {"name": f"flow-{name}"})
    inputs = {
        "vpcId": _vpc(need).id,
        "trafficType": "REJECT",
        "logDestinationType": "cloud-watch-logs",
        "logDestination": group.outputs["arn"],
        "iamRoleArn": _role(need, name).outputs["arn"],
        "tags": TAGS,
    }
    return inputs, {"trafficType": "ALL"}


def group(need: Need, name: str) -> tuple[Inputs, Inputs]:
    inputs = {"vpcId": _vpc(need).id, "name": f"group-{name}", "description": "first"}
    return inputs, {"description": "second"}


def group_rule(need: Need, name: str) -> tuple[Inputs, Inputs]:
    vpc = _vpc(need)
    group = _group(need, vpc, name)
    inputs = {
        "securityGroupId": group.id,
        "ipProtocol": "tcp",
        "fromPort": 443,
        "toPort": 443,
        "referencedSecurityGroupId": group.id,
        "description": "itself",
    }
    return inputs, {"fromPort": 5432, "toPort": 5432}


def egress_rule(need: Need, name: str) -> tuple[Inputs, Inputs]:
    group = _group(need, _vpc(need), name)
    inputs = {"securityGroupId": group.id, "ipProtocol": "-1", "cidrIpv4": "10.30.0.0/16"}
    return inputs, {"cidrIpv4": "10.31.0.0/16"}


def acl(need: Need, name: str) -> tuple[Inputs, Inputs]:
    vpc = _vpc(need)
    subnets = [_subnet(need, vpc, 0).id, _subnet(need, vpc, 1).id]
    return {"vpcId": vpc.id, "subnetIds": subnets}, {"subnetIds": subnets[:1]}


def acl_rule(need: Need, name: str) -> tuple[Inputs, Inputs]:
    inputs = {
        "networkAclId": need("aws:ec2/networkAcl:NetworkAcl", {"vpcId": _vpc(need).id}).id,
        "ruleNumber": 100,
        "protocol": "6",
        "ruleAction": "deny",
        "cidrBlock": "0.0.0.0/0",
        "fromPort": 443,
        "toPort": 443,
    }
    return inputs, {"ruleAction": "allow"}


def bucket(need: Need, name: str) -> tuple[Inputs, Inputs]:
    return {"bucket": f"bucket-{name}", "tags": TAGS}, {"forceDestroy": True, "tags": {"a.b": "c"}}


def versioning(need: Need, name: str) -> tuple[Inputs, Inputs]:
    bucket = need("aws:s3/bucket:Bucket", {"bucket": f"bucket-{name}"})
    inputs = {"bucket": bucket.id, "versioningConfiguration": {"status": "Enabled"}}
    return inputs, {"versioningConfiguration": {"status": "Suspended"}}


def public_access(need: Need, name: str) -> tuple[Inputs, Inputs]:
    inputs = {"bucket": _bucket(need, name).id, "blockPublicAcls": True, "blockPublicPolicy": True}
    return inputs, {"ignorePublicAcls": True, "restrictPublicBuckets": True}


def encryption(need: Need, name: str) -> tuple[Inputs, Inputs]:
    key = need("aws:kms/key:Key", {}).outputs["arn"]
    with_key = {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": key}
    plain = {"sseAlgorithm": "AES256"}
    rule = "applyServerSideEncryptionByDefault"
    inputs = {
        "bucket": _bucket(need, name).id,
        "rules": [{rule: with_key, "bucketKeyEnabled": True}],
    }
    return inputs, {"rules": [{rule: plain, "bucketKeyEnabled": False}]}


def bucket_policy(need: Need, name: str) -> tuple[Inputs, Inputs]:
    bucket = _bucket(need, name).id

    def deny(action: str) -> str:
        arn = f"arn:aws:s3:::{bucket}/*"
        statement = {"Effect": "Deny", "Principal": "*", "Action": action, "Resource": arn}
        return json.dumps({"Version": "2012-10-17", "Statement": [statement]})

    return {"bucket": bucket, "policy": deny("s3:GetObject")}, {"policy": deny("s3:PutObject")}


def ownership(need: Need, name: str) -> tuple[Inputs, Inputs]:
    inputs = {
        "bucket": _bucket(need, name).id,
        "rule": {"objectOwnership": "BucketOwnerEnforced"},
    }
    return inputs, {"rule": {"objectOwnership": "BucketOwnerPreferred"}}


def logging(need: Need, name: str) -> tuple[Inputs, Inputs]:
    target = need("aws:s3/bucket:Bucket", {"bucket": f"logs-{name}", "forceDestroy": True})
    need(
        "aws:s3/bucketPolicy:BucketPolicy",
        {
            "bucket": target.id,
            "policy": json.dumps(
                {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": {"Service": "logging.s3.amazonaws.com"},
                            "Action": "s3:PutObject",
                            "Resource": f"arn:aws:s3:::{target.id}/*",
                        }
                    ],
                }
            ),
        },
    )
    inputs = {"bucket": _bucket(need, name).id, "targetBucket": target.id, "targetPrefix": "a/"}
    return inputs, {"targetPrefix": "b/"}


def lifecycle(need: Need, name: str) -> tuple[Inputs, Inputs]:
    def rules(days: int) -> list[dict[str, Any]]:
        return [
            {
                "id": "old",
                "status": "Enabled",
                "filter": {"prefix": "dags/"},
                "noncurrentVersionExpiration": {"noncurrentDays": days},
            },
            {
                "id": "parts",
                "status": "Enabled",
                "filter": {"prefix": ""},
                "abortIncompleteMultipartUpload": {"daysAfterInitiation": 7},
            },
        ]

    return {"bucket": _bucket(need, name).id, "rules": rules(90)}, {"rules": rules(30)}


def s3_object(need: Need, name: str) -> tuple[Inputs, Inputs]:
    inputs = {"bucket": _bucket(need, name).id, "key": "requirements.txt", "content": "a==1"}
    return inputs, {"content": "a==2"}


def kms_key(need: Need, name: str) -> tuple[Inputs, Inputs]:
    inputs = {
        "description": name,
        "enableKeyRotation": True,
        "rotationPeriodInDays": 365,
        "deletionWindowInDays": 7,
        "multiRegion": False,
        "policy": document("kms:*"),
        "tags": TAGS,
    }
    return inputs, {"description": "other", "policy": document("kms:Describe*")}


def kms_alias(need: Need, name: str) -> tuple[Inputs, Inputs]:
    first, second = need("aws:kms/key:Key", {}), need("aws:kms/key:Key", {})
    return {"name": f"alias/{name}", "targetKeyId": first.id}, {"targetKeyId": second.id}


def kms_policy(need: Need, name: str) -> tuple[Inputs, Inputs]:
    key = need("aws:kms/key:Key", {})
    return {"keyId": key.id, "policy": document("kms:*")}, {"policy": document("kms:Describe*")}


def role(need: Need, name: str) -> tuple[Inputs, Inputs]:
    inputs = {"name": f"role-{name}", "assumeRolePolicy": TRUST, "tags": TAGS}
    return inputs, {"description": "now with words", "maxSessionDuration": 7200}


def role_policy(need: Need, name: str) -> tuple[Inputs, Inputs]:
    inputs = {"role": _role(need, name).id, "name": "dags", "policy": document("s3:GetObject")}
    return inputs, {"policy": document("s3:ListBucket")}


def policy(need: Need, name: str) -> tuple[Inputs, Inputs]:
    inputs = {"name": f"policy-{name}", "policy": document("airflow:GetEnvironment"), "tags": TAGS}
    return inputs, {"policy": document("airflow:ListEnvironments")}


def attachment(need: Need, name: str) -> tuple[Inputs, Inputs]:
    first = need("aws:iam/policy:Policy", {"name": f"p-{name}", "policy": document("s3:Get*")})
    other = need("aws:iam/policy:Policy", {"name": f"q-{name}", "policy": document("s3:Get*")})
    inputs = {"role": _role(need, name).id, "policyArn": first.id}
    return inputs, {"policyArn": other.id}


def log_group(need: Need, name: str) -> tuple[Inputs, Inputs]:
    key = need("aws:kms/key:Key", {}).outputs["arn"]
    inputs = {"name": f"airflow-{name}-Task", "kmsKeyId": key, "retentionInDays": 365, "tags": TAGS}
    return inputs, {"retentionInDays": 30}


def alarm(need: Need, name: str) -> tuple[Inputs, Inputs]:
    inputs = {
        "name": f"alarm-{name}",
        "alarmDescription": "The scheduler is silent",
        "namespace": "AmazonMWAA",
        "metricName": "SchedulerHeartbeat",
        "dimensions": {"Environment": name, "Function": "Scheduler"},
        "statistic": "Sum",
        "comparisonOperator": "LessThanThreshold",
        "threshold": 1,
        "period": 300,
        "evaluationPeriods": 3,
        "datapointsToAlarm": 3,
        "treatMissingData": "breaching",
        "alarmActions": [_topic(need, name).id],
        "tags": TAGS,
    }
    return inputs, {"threshold": 2}


def dashboard(need: Need, name: str) -> tuple[Inputs, Inputs]:
    def body(title: str) -> str:
        view = {"type": "text", "properties": {"markdown": title}}
        return json.dumps({"widgets": [view]})

    return {"dashboardName": name, "dashboardBody": body("a")}, {"dashboardBody": body("b")}


def topic(need: Need, name: str) -> tuple[Inputs, Inputs]:
    key = need("aws:kms/key:Key", {})
    inputs = {"name": f"topic-{name}", "kmsMasterKeyId": key.outputs["arn"], "tags": TAGS}
    return inputs, {"displayName": "Alarms"}


def topic_policy(need: Need, name: str) -> tuple[Inputs, Inputs]:
    arn = _topic(need, name).id

    def allow(action: str) -> str:
        who = {"Service": "cloudwatch.amazonaws.com"}
        statement = {"Effect": "Allow", "Principal": who, "Action": action, "Resource": arn}
        return json.dumps({"Version": "2012-10-17", "Statement": [statement]})

    return {"arn": arn, "policy": allow("sns:Publish")}, {"policy": allow("sns:Subscribe")}


def subscription(need: Need, name: str) -> tuple[Inputs, Inputs]:
    inputs = {"topic": _topic(need, name).id, "protocol": "email", "endpoint": "a@example.com"}
    return inputs, {"endpoint": "b@example.com"}


def _way_out(need: Need, vpc: Made, subnets: list[Made]) -> None:
    """A NAT gateway in a public subnet, and the default route of the private ones to it."""
    public = _subnet(need, vpc, 2)
    gateway = need("aws:ec2/internetGateway:InternetGateway", {"vpcId": vpc.id})
    address = need("aws:ec2/eip:Eip", {})
    nat = {"subnetId": public.id, "allocationId": address.id}
    through_nat = {"natGatewayId": need("aws:ec2/natGateway:NatGateway", nat).id}
    for members, target in (([public], {"gatewayId": gateway.id}), (subnets, through_nat)):
        table = need("aws:ec2/routeTable:RouteTable", {"vpcId": vpc.id}).id
        default = {"routeTableId": table, "destinationCidrBlock": "0.0.0.0/0"}
        need("aws:ec2/route:Route", {**default, **target})
        for member in members:
            need(
                "aws:ec2/routeTableAssociation:RouteTableAssociation",
                {"routeTableId": table, "subnetId": member.id},
            )


def environment(need: Need, name: str) -> tuple[Inputs, Inputs]:
    vpc = _vpc(need)
    group = _group(need, vpc, name)
    subnets = [_subnet(need, vpc, 1), _subnet(need, vpc, 0)]
    _way_out(need, vpc, subnets)
    everything = {"securityGroupId": group.id, "ipProtocol": "-1"}
    need(
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        {**everything, "referencedSecurityGroupId": group.id},
    )
    need(
        "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
        {**everything, "cidrIpv4": "0.0.0.0/0"},
    )
    role = _role(need, name)
    need("aws:iam/rolePolicy:RolePolicy", {"role": role.id, "name": "all", "policy": document("*")})
    bucket = _bucket(need, name)
    flags = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
    need(
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
        {"bucket": bucket.id, **dict.fromkeys(flags, True)},
    )
    need(
        "aws:s3/bucketObjectv2:BucketObjectv2", {"bucket": bucket.id, "key": "dags/", "content": ""}
    )
    inputs = {
        "name": name,
        "airflowVersion": "2.10.3",
        "environmentClass": "mw1.small",
        "minWorkers": 1,
        "maxWorkers": 5,
        "executionRoleArn": role.outputs["arn"],
        "sourceBucketArn": bucket.outputs["arn"],
        "dagS3Path": "dags",
        "networkConfiguration": {
            "subnetIds": [subnet.id for subnet in subnets],
            "securityGroupIds": [group.id],
        },
        "loggingConfiguration": {"taskLogs": {"enabled": True, "logLevel": "INFO"}},
        "airflowConfigurationOptions": {"core.default_task_retries": "3"},
        "webserverAccessMode": "PRIVATE_ONLY",
        "endpointManagement": "SERVICE",
        "tags": TAGS,
    }
    return inputs, {"maxWorkers": 7, "tags": {"owner": "ops"}}


SCENES = (
    Scene("aws:ec2/vpc:Vpc", vpc),
    Scene("aws:ec2/subnet:Subnet", subnet, replaces=True),
    Scene("aws:ec2/internetGateway:InternetGateway", gateway),
    Scene("aws:ec2/routeTable:RouteTable", route_table),
    Scene("aws:ec2/routeTableAssociation:RouteTableAssociation", association, replaces=True),
    Scene(
        "aws:ec2/route:Route",
        route,
        replaces=True,
        import_id=lambda made: f"{made.inputs['routeTableId']}_0.0.0.0/0",
    ),
    Scene("aws:ec2/eip:Eip", address),
    Scene("aws:ec2/natGateway:NatGateway", nat, replaces=True),
    Scene("aws:ec2/vpcEndpoint:VpcEndpoint", gateway_endpoint),
    Scene("aws:ec2/vpcEndpoint:VpcEndpoint", interface_endpoint),
    Scene("aws:ec2/flowLog:FlowLog", flow_log, replaces=True, untold=frozenset({"logDestination"})),
    Scene("aws:ec2/securityGroup:SecurityGroup", group, replaces=True),
    Scene(
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        group_rule,
        untold=frozenset({"description"}),
    ),
    Scene("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", egress_rule),
    Scene("aws:ec2/networkAcl:NetworkAcl", acl),
    Scene(
        "aws:ec2/networkAclRule:NetworkAclRule",
        acl_rule,
        replaces=True,
        import_id=lambda made: f"{made.inputs['networkAclId']}:100:6:false",
    ),
    Scene("aws:s3/bucket:Bucket", bucket),
    Scene("aws:s3/bucketVersioning:BucketVersioning", versioning, lasting=True),
    Scene("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", public_access),
    Scene(
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        encryption,
    ),
    Scene("aws:s3/bucketPolicy:BucketPolicy", bucket_policy),
    Scene("aws:s3/bucketOwnershipControls:BucketOwnershipControls", ownership),
    Scene("aws:s3/bucketLogging:BucketLogging", logging),
    Scene("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", lifecycle),
    Scene("aws:s3/bucketObject:BucketObject", s3_object),
    Scene("aws:s3/bucketObjectv2:BucketObjectv2", s3_object),
    Scene("aws:kms/key:Key", kms_key, untold=frozenset({"rotationPeriodInDays"})),
    Scene("aws:kms/alias:Alias", kms_alias),
    Scene("aws:kms/keyPolicy:KeyPolicy", kms_policy, lasting=True),
    Scene("aws:iam/role:Role", role),
    Scene("aws:iam/rolePolicy:RolePolicy", role_policy),
    Scene("aws:iam/policy:Policy", policy),
    Scene("aws:iam/rolePolicyAttachment:RolePolicyAttachment", attachment, replaces=True),
    Scene("aws:cloudwatch/logGroup:LogGroup", log_group),
    Scene("aws:cloudwatch/metricAlarm:MetricAlarm", alarm),
    Scene("aws:cloudwatch/dashboard:Dashboard", dashboard),
    Scene("aws:sns/topic:Topic", topic),
    Scene("aws:sns/topicPolicy:TopicPolicy", topic_policy, lasting=True),
    Scene("aws:sns/topicSubscription:TopicSubscription", subscription, replaces=True),
    Scene("aws:mwaa/environment:Environment", environment),
)
