"""What IAM is asked for a call of the request log: action, resource and condition keys.

Written from AWS's tables, apart from the policy that is held against it:
https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from policy.analysis.iam.request import Request
from rehearsal.emulator.authorization.calls import S3_ACTIONS
from tests.e2e.authorization.ec2 import of_ec2
from tests.e2e.authorization.place import Asked, Place

Names = Mapping[str, Any]

# Calls that are checked against no resource.
NOWHERE = frozenset(
    {
        "cloudwatch:DescribeAlarms",
        "cloudwatch:GetMetricData",
        "iam:GetAccountAuthorizationDetails",
        "kms:CreateKey",
        "kms:ListAliases",
        "logs:DescribeLogGroups",
        "mwaa:ListEnvironments",
        "route53:ListHostedZonesByVPC",
        "s3:GetAccountPublicAccessBlock",
        "servicequotas:ListServiceQuotas",
        "ssm:DescribeParameters",
        "sts:GetCallerIdentity",
    }
)


def requests(entry: Mapping[str, Any], place: Place) -> Iterator[Request]:
    """Every question that one logged call puts to IAM. ``KeyError`` for an unknown service."""
    principal = place.iam("role/deployer")
    for action, resource, context in _asked(entry, place):
        yield Request(
            action=action,
            resource=resource,
            principal=principal,
            context={"aws:RequestedRegion": str(entry["region"]), **context},
            complete=True,
        )


def _asked(entry: Mapping[str, Any], place: Place) -> Iterator[Asked]:
    service, operation = entry["service"], entry["operation"]
    if service == "s3control":
        service, operation = "s3", operation.replace("Public", "AccountPublic")
    if f"{service}:{operation}" in NOWHERE:
        yield f"{service.replace('mwaa', 'airflow')}:{operation}", "*", {}
    elif service == "ec2":
        yield from of_ec2(entry, place)
    else:
        yield from SERVICES[service](operation, entry["names"], place)


def _s3(operation: str, names: Names, place: Place) -> Iterator[Asked]:
    bucket = f"arn:aws:s3:::{names['Bucket']}"
    inside = "Key" in names or operation == "DeleteObjects"
    resource = f"{bucket}/{names.get('Key', 'some')}" if inside else bucket
    yield f"s3:{S3_ACTIONS.get(operation, operation)}", resource, {}
    if operation == "CreateBucket":
        yield "s3:PutBucketTagging", bucket, {}


def _kms(operation: str, names: Names, place: Place) -> Iterator[Asked]:
    key = names.get("KeyId") or names.get("TargetKeyId")
    if key:
        arn = key if key.startswith("arn:") else place.arn("kms", f"key/{key}")
        yield f"kms:{operation}", arn, {}
    if "AliasName" in names:
        yield f"kms:{operation}", place.arn("kms", names["AliasName"]), {}


def _iam(operation: str, names: Names, place: Place) -> Iterator[Asked]:
    if "PolicySourceArn" in names:
        resource = names["PolicySourceArn"]
    elif "RoleName" in names:
        resource = place.iam(f"role/{names['RoleName']}")
    else:
        resource = names.get("PolicyArn") or place.iam(f"policy/{names['PolicyName']}")
    yield f"iam:{operation}", resource, {}
    if operation in ("CreateRole", "CreatePolicy"):
        yield f"iam:Tag{operation.removeprefix('Create')}", resource, {}


def _logs(operation: str, names: Names, place: Place) -> Iterator[Asked]:
    arn = names.get("resourceArn") or place.arn("logs", f"log-group:{names['logGroupName']}")
    arn = arn.removesuffix(":*")
    for action in (operation, *(["TagResource"] if operation == "CreateLogGroup" else [])):
        # AWS's table has the plain ARN, its examples the one with a stream's place.
        yield f"logs:{action}", arn, {}
        yield f"logs:{action}", f"{arn}:*", {}


def _cloudwatch(operation: str, names: Names, place: Place) -> Iterator[Asked]:
    board = f"arn:aws:cloudwatch::{place.account}:dashboard/"
    boards = [*names.get("DashboardNames", []), *_one(names, "DashboardName")]
    alarms = [*names.get("AlarmNames", []), *_one(names, "AlarmName")]
    yield from ((f"cloudwatch:{operation}", board + name, {}) for name in boards)
    for name in alarms:
        yield f"cloudwatch:{operation}", place.arn("cloudwatch", f"alarm:{name}"), {}
    if "ResourceARN" in names:
        yield f"cloudwatch:{operation}", names["ResourceARN"], {}


def _sns(operation: str, names: Names, place: Place) -> Iterator[Asked]:
    given = names.get("TopicArn") or names.get("ResourceArn")
    yield f"sns:{operation}", given or place.arn("sns", names["Name"]), {}


def _ssm(operation: str, names: Names, place: Place) -> Iterator[Asked]:
    named = str(names.get("Name") or names["ResourceId"])
    arn = place.arn("ssm", f"parameter/{named.lstrip('/')}")
    yield f"ssm:{operation}", arn, {}
    if operation == "PutParameter":
        # Its tags go with it.
        yield "ssm:AddTagsToResource", arn, {}


def _mwaa(operation: str, names: Names, place: Place) -> Iterator[Asked]:
    given = names.get("ResourceArn")
    arn = given or place.arn("airflow", f"environment/{names['Name']}")
    yield f"airflow:{operation}", arn, {}
    if operation == "CreateEnvironment":
        yield "airflow:TagResource", arn, {}
        linked = "role/aws-service-role/airflow.amazonaws.com/AWSServiceRoleForAmazonMWAA"
        service = {"iam:AWSServiceName": "airflow.amazonaws.com"}
        yield "iam:CreateServiceLinkedRole", place.iam(linked), service
    if "ExecutionRoleArn" in names:
        passed = {"iam:PassedToService": "airflow.amazonaws.com"}
        yield "iam:PassRole", names["ExecutionRoleArn"], passed
    if operation == "CreateEnvironment" and names.get("KmsKey"):
        for action in ("CreateGrant", "DescribeKey", "GenerateDataKey", "ReEncryptFrom"):
            yield f"kms:{action}", names["KmsKey"], {}


def _one(names: Names, member: str) -> list[str]:
    return [names[member]] if member in names else []


SERVICES: Mapping[str, Callable[[str, Names, Place], Iterator[Asked]]] = {
    "s3": _s3,
    "kms": _kms,
    "iam": _iam,
    "logs": _logs,
    "cloudwatch": _cloudwatch,
    "sns": _sns,
    "ssm": _ssm,
    "mwaa": _mwaa,
}
