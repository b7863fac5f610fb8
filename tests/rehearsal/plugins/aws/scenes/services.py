"""S3, KMS, IAM, CloudWatch, SNS, and the MWAA environment that stands on all of them."""

from __future__ import annotations

import json
from typing import Any

from tests.rehearsal.plugins.aws.engine import Made
from tests.rehearsal.plugins.aws.scenes.scene import (
    TAGS,
    TRUST,
    Inputs,
    Need,
    Scene,
    document,
    key_policy,
    some_bucket,
    some_group,
    some_role,
    some_subnet,
    some_topic,
    some_vpc,
)


def bucket(need: Need, name: str) -> tuple[Inputs, Inputs]:
    return {"bucket": f"bucket-{name}", "tags": TAGS}, {"forceDestroy": True, "tags": {"a.b": "c"}}


def inline_bucket(need: Need, name: str) -> tuple[Inputs, Inputs]:
    inputs = {
        "bucket": f"inline-{name}",
        "forceDestroy": True,
        "versionings": [{"enabled": True}],
        "lifecycleRules": [
            {"id": "old", "enabled": True, "noncurrentVersionExpirations": [{"days": 30}]}
        ],
    }
    return inputs, {"lifecycleRules": [{"id": "old", "enabled": False, "prefix": "tmp/"}]}


def versioning(need: Need, name: str) -> tuple[Inputs, Inputs]:
    bucket = need("aws:s3/bucket:Bucket", {"bucket": f"bucket-{name}"})
    inputs = {"bucket": bucket.id, "versioningConfiguration": {"status": "Enabled"}}
    return inputs, {"versioningConfiguration": {"status": "Suspended"}}


def public_access(need: Need, name: str) -> tuple[Inputs, Inputs]:
    inputs = {
        "bucket": some_bucket(need, name).id,
        "blockPublicAcls": True,
        "blockPublicPolicy": True,
    }
    return inputs, {"ignorePublicAcls": True, "restrictPublicBuckets": True}


def encryption(need: Need, name: str) -> tuple[Inputs, Inputs]:
    key = need("aws:kms/key:Key", {}).outputs["arn"]
    with_key = {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": key}
    plain = {"sseAlgorithm": "AES256"}
    rule = "applyServerSideEncryptionByDefault"
    inputs = {
        "bucket": some_bucket(need, name).id,
        "rules": [{rule: with_key, "bucketKeyEnabled": True}],
    }
    return inputs, {"rules": [{rule: plain, "bucketKeyEnabled": False}]}


def bucket_policy(need: Need, name: str) -> tuple[Inputs, Inputs]:
    bucket = some_bucket(need, name).id

    def deny(action: str) -> str:
        arn = f"arn:aws:s3:::{bucket}/*"
        statement = {"Effect": "Deny", "Principal": "*", "Action": action, "Resource": arn}
        return json.dumps({"Version": "2012-10-17", "Statement": [statement]})

    return {"bucket": bucket, "policy": deny("s3:GetObject")}, {"policy": deny("s3:PutObject")}


def ownership(need: Need, name: str) -> tuple[Inputs, Inputs]:
    inputs = {
        "bucket": some_bucket(need, name).id,
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
    inputs = {"bucket": some_bucket(need, name).id, "targetBucket": target.id, "targetPrefix": "a/"}
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

    return {"bucket": some_bucket(need, name).id, "rules": rules(90)}, {"rules": rules(30)}


def s3_object(need: Need, name: str) -> tuple[Inputs, Inputs]:
    inputs = {"bucket": some_bucket(need, name).id, "key": "requirements.txt", "content": "a==1"}
    return inputs, {"content": "a==2"}


def kms_key(need: Need, name: str) -> tuple[Inputs, Inputs]:
    inputs = {
        "description": name,
        "enableKeyRotation": True,
        "rotationPeriodInDays": 365,
        "deletionWindowInDays": 7,
        "multiRegion": False,
        "policy": key_policy(),
        "tags": TAGS,
    }
    return inputs, {"description": "other", "policy": key_policy("logs.amazonaws.com")}


def kms_alias(need: Need, name: str) -> tuple[Inputs, Inputs]:
    first, second = need("aws:kms/key:Key", {}), need("aws:kms/key:Key", {})
    return {"name": f"alias/{name}", "targetKeyId": first.id}, {"targetKeyId": second.id}


def kms_policy(need: Need, name: str) -> tuple[Inputs, Inputs]:
    key = need("aws:kms/key:Key", {})
    return {"keyId": key.id, "policy": key_policy()}, {"policy": key_policy("logs.amazonaws.com")}


def role(need: Need, name: str) -> tuple[Inputs, Inputs]:
    inputs = {"name": f"role-{name}", "assumeRolePolicy": TRUST, "tags": TAGS}
    return inputs, {"description": "now with words", "maxSessionDuration": 7200}


def role_policy(need: Need, name: str) -> tuple[Inputs, Inputs]:
    inputs = {"role": some_role(need, name).id, "name": "dags", "policy": document("s3:GetObject")}
    return inputs, {"policy": document("s3:ListBucket")}


def policy(need: Need, name: str) -> tuple[Inputs, Inputs]:
    inputs = {"name": f"policy-{name}", "policy": document("airflow:GetEnvironment"), "tags": TAGS}
    return inputs, {"policy": document("airflow:ListEnvironments")}


def attachment(need: Need, name: str) -> tuple[Inputs, Inputs]:
    first = need("aws:iam/policy:Policy", {"name": f"p-{name}", "policy": document("s3:Get*")})
    other = need("aws:iam/policy:Policy", {"name": f"q-{name}", "policy": document("s3:Get*")})
    inputs = {"role": some_role(need, name).id, "policyArn": first.id}
    return inputs, {"policyArn": other.id}


def log_group(need: Need, name: str) -> tuple[Inputs, Inputs]:
    policy = key_policy("logs.us-east-1.amazonaws.com")
    key = need("aws:kms/key:Key", {"policy": policy}).outputs["arn"]
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
        "alarmActions": [some_topic(need, name).id],
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
    arn = some_topic(need, name).id

    def allow(action: str) -> str:
        who = {"Service": "cloudwatch.amazonaws.com"}
        statement = {"Effect": "Allow", "Principal": who, "Action": action, "Resource": arn}
        return json.dumps({"Version": "2012-10-17", "Statement": [statement]})

    return {"arn": arn, "policy": allow("sns:Publish")}, {"policy": allow("sns:Subscribe")}


def subscription(need: Need, name: str) -> tuple[Inputs, Inputs]:
    inputs = {"topic": some_topic(need, name).id, "protocol": "email", "endpoint": "a@example.com"}
    return inputs, {"endpoint": "b@example.com"}


def _way_out(need: Need, vpc: Made, subnets: list[Made]) -> None:
    """A NAT gateway in a public subnet, and the default route of the private ones to it."""
    public = some_subnet(need, vpc, 2)
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
    vpc = some_vpc(need)
    group = some_group(need, vpc, name)
    subnets = [some_subnet(need, vpc, 1), some_subnet(need, vpc, 0)]
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
    role = some_role(need, name)
    need("aws:iam/rolePolicy:RolePolicy", {"role": role.id, "name": "all", "policy": document("*")})
    bucket = some_bucket(need, name)
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


def parameter(need: Need, name: str) -> tuple[Inputs, Inputs]:
    inputs = {
        "name": f"/scenes/{name}/bucketName",
        "type": "String",
        # An import reads the value as `value`, whichever of the two a program means to give.
        "value": "bucket",
        "tags": TAGS,
    }
    return inputs, {"value": "another", "description": "of the team"}


# An import takes no setting over that may be a resource of its own.
INLINE = frozenset({"versionings", "lifecycleRules"})
SCENES = (
    Scene("aws:s3/bucket:Bucket", bucket),
    Scene("aws:s3/bucketV2:BucketV2", inline_bucket, not_returned=INLINE),
    Scene("aws:s3/bucketVersioning:BucketVersioning", versioning, lasting=True),
    Scene("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", public_access),
    Scene(
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        encryption,
        lasting=True,
    ),
    Scene("aws:s3/bucketPolicy:BucketPolicy", bucket_policy),
    Scene("aws:s3/bucketOwnershipControls:BucketOwnershipControls", ownership),
    Scene("aws:s3/bucketLogging:BucketLogging", logging),
    Scene("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", lifecycle),
    Scene("aws:s3/bucketObject:BucketObject", s3_object),
    Scene("aws:s3/bucketObjectv2:BucketObjectv2", s3_object),
    Scene("aws:kms/key:Key", kms_key),
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
    Scene("aws:ssm/parameter:Parameter", parameter),
    Scene("aws:mwaa/environment:Environment", environment),
)
