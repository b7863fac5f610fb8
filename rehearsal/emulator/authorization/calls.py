"""What IAM is asked for a call of the data plane: actions, resources and condition keys.

Tables: https://docs.aws.amazon.com/service-authorization/latest/reference/ (read 2026-11-27).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from botocore.exceptions import ClientError

from mwaa.model.platform import Platform, known
from policy.analysis.iam import permissions
from policy.analysis.iam.permissions import RequiredPermission
from rehearsal.emulator.mwaa.environment import Environment
from rehearsal.emulator.wire import Request
from rehearsal.emulator.world import world

S3_ACTIONS = {
    "HeadBucket": "ListBucket",
    "HeadObject": "GetObject",
    "ListBuckets": "ListAllMyBuckets",
    "ListObjects": "ListBucket",
    "ListObjectsV2": "ListBucket",
    "ListObjectVersions": "ListBucketVersions",
    "ListMultipartUploads": "ListBucketMultipartUploads",
    "ListParts": "ListMultipartUploadParts",
    "CopyObject": "PutObject",
    "CreateMultipartUpload": "PutObject",
    "UploadPart": "PutObject",
    "CompleteMultipartUpload": "PutObject",
    "DeleteObjects": "DeleteObject",
    "GetBucketEncryption": "GetEncryptionConfiguration",
    "PutBucketEncryption": "PutEncryptionConfiguration",
    "DeleteBucketEncryption": "PutEncryptionConfiguration",
    "GetBucketLifecycleConfiguration": "GetLifecycleConfiguration",
    "PutBucketLifecycleConfiguration": "PutLifecycleConfiguration",
    "DeleteBucketLifecycle": "PutLifecycleConfiguration",
    "GetPublicAccessBlock": "GetBucketPublicAccessBlock",
    "PutPublicAccessBlock": "PutBucketPublicAccessBlock",
    "DeletePublicAccessBlock": "PutBucketPublicAccessBlock",
    "DeleteBucketOwnershipControls": "PutBucketOwnershipControls",
    "GetObjectLockConfiguration": "GetBucketObjectLockConfiguration",
    "DeleteBucketTagging": "PutBucketTagging",
}
"""Operations whose action has another name:
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html"""

STREAM_ACTIONS = frozenset({"CreateLogStream", "DeleteLogStream", "PutLogEvents", "GetLogEvents"})
WITHOUT_RESOURCE = frozenset(
    {
        "cloudwatch:GetMetricData",
        "cloudwatch:GetMetricStatistics",
        "cloudwatch:ListMetrics",
        "cloudwatch:PutMetricData",
        "logs:DescribeLogGroups",
        "secretsmanager:ListSecrets",
        "sqs:ListQueues",
        "s3:ListAllMyBuckets",
    }
)
KEY_USE = {
    # https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
    "sqs:SendMessage": ("kms:GenerateDataKey", "kms:Decrypt"),
    "sqs:ReceiveMessage": ("kms:Decrypt",),
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
    "s3:GetObject": ("kms:Decrypt",),
    "s3:GetObjectVersion": ("kms:Decrypt",),
    "s3:PutObject": ("kms:GenerateDataKey",),
}
"""What a service does with the key on the caller's behalf."""

_QUEUE = re.compile(r"https?://[^/]+/(\d{12})/([^/]+)")


class UnmappedCallError(LookupError):
    """Nobody has written down what IAM is asked for the call."""


@dataclass(frozen=True)
class Call:
    """A call of the execution role of ``environment``; ``platform`` is what is around it."""

    request: Request
    environment: Environment
    platform: Platform

    def asked(self) -> Iterator[RequiredPermission]:
        """Every permission that the call takes. Raises UnmappedCallError."""
        service = str(self.request.service).removesuffix("control")
        if service not in SERVICES:
            raise UnmappedCallError(f"what {service} asks IAM for is not emulated")
        own = SERVICES[service](self)
        yield own
        yield from self._of_key(own)

    def permission(
        self, action: str, *resources: str, topic: str = "call", **context: str
    ) -> RequiredPermission:
        """``action`` on ``resources``, which are forms of one."""
        prefix = action.partition(":")[0]
        return RequiredPermission(
            topic=topic,
            action=action,
            resources=resources,
            why="the data plane calls it",
            service=ENDPOINTS.get(prefix, prefix),
            context={
                "aws:SecureTransport": "true",
                "aws:RequestedRegion": self.environment.region,
                "aws:ViaAWSService": "false",
                **context,
            },
        )

    def name(self, member: str) -> str:
        """What the request names as ``member``. Raises UnmappedCallError where it does not."""
        value = self.request.names.get(member)
        if not isinstance(value, str) or not value:
            raise UnmappedCallError(f"{self.request.operation} names no {member}")
        return value

    @property
    def action(self) -> str:
        return f"{self.request.service}:{self.request.operation}"

    def _of_key(self, own: RequiredPermission) -> Iterator[RequiredPermission]:
        """The use of the environment's key that the service makes on the role's behalf."""
        actions = KEY_USE.get(own.action, ())
        service = own.action.partition(":")[0]
        if not actions or not self._is_encrypted(service, own):
            return
        host = self.environment.names.service_host(service)
        needed = {
            each.action: each
            for each in permissions.required_permissions(self.platform)
            if each.topic == "key" and each.context["kms:ViaService"] == host
        }
        for action in actions:
            yield replace(needed[action], context={**own.context, **needed[action].context})

    def _is_encrypted(self, service: str, own: RequiredPermission) -> bool:
        """Whether it is the environment's queue, or its bucket and by default under its key."""
        if service == "sqs":
            side = self.environment.service
            return bool(side and own.resources == (side.queue_arn,))
        bucket, key = self.platform.bucket, self.platform.key
        if own.topic != "source" or not known(bucket) or bucket is None:
            return False
        encryption = bucket.encryption
        if not known(encryption) or encryption is None or not known(key) or key is None:
            return False
        return known(encryption.key) and encryption.key in (key.arn, key.id)


def _s3(call: Call) -> RequiredPermission:
    operation = str(call.request.operation)
    if call.request.service == "s3control":
        if operation != "GetPublicAccessBlock":
            raise UnmappedCallError(f"{operation} of S3 Control is not judged")
        return call.permission("s3:GetAccountPublicAccessBlock", "*")
    if operation == "DeleteObjects":
        raise UnmappedCallError("the keys of DeleteObjects are not read")
    action = f"s3:{S3_ACTIONS.get(operation, operation)}"
    if action in WITHOUT_RESOURCE:
        return call.permission(action, "*")
    bucket = call.name("Bucket")
    arn = f"arn:{call.environment.names.partition}:s3:::{bucket}"
    if "Key" in call.request.names:
        arn = f"{arn}/{call.name('Key')}"
        if action == "s3:GetObject" and "VersionId" in call.request.names:
            action = "s3:GetObjectVersion"
    own = permissions.bucket_of(call.platform) == bucket
    return call.permission(action, arn, topic="source" if own else "call")


def _sqs(call: Call) -> RequiredPermission:
    action = call.action.removesuffix("Batch")
    if action in WITHOUT_RESOURCE:
        return call.permission(action, "*")
    names = call.environment.names
    if "QueueUrl" in call.request.names:
        found = _QUEUE.fullmatch(call.name("QueueUrl"))
        if found is None:
            raise UnmappedCallError(f"{call.name('QueueUrl')} is no URL of a queue")
        account, queue = found.groups()
    else:
        given = call.request.names.get("QueueOwnerAWSAccountId")
        account, queue = str(given or call.environment.account), call.name("QueueName")
    return call.permission(action, f"arn:{names.partition}:sqs:{names.region}:{account}:{queue}")


def _logs(call: Call) -> RequiredPermission:
    if call.action in WITHOUT_RESOURCE:
        return call.permission(call.action, "*")
    group = call.environment.names.arn("logs", f"log-group:{call.name('logGroupName')}")
    if call.request.operation in STREAM_ACTIONS:
        stream = call.name("logStreamName")
        return call.permission(call.action, f"{group}:log-stream:{stream}", f"{group}:*")
    # AWS writes the ARN of a group in all of these forms.
    return call.permission(call.action, group, f"{group}:*", f"{group}:log-stream:")


def _cloudwatch(call: Call) -> RequiredPermission:
    if call.action not in WITHOUT_RESOURCE:
        raise UnmappedCallError(f"{call.action} is not judged")
    space = call.request.names.get("Namespace")
    context = {"cloudwatch:namespace": space} if isinstance(space, str) else {}
    return call.permission(call.action, "*", **context)


def _kms(call: Call) -> RequiredPermission:
    key, given = call.platform.key, call.name("KeyId")
    if not known(key) or key is None or not known(key.arn):
        raise UnmappedCallError(f"the policy of {given} is not read")
    if given not in (key.arn, key.arn.rpartition("/")[2]):
        raise UnmappedCallError(f"{given} is not the environment's key")
    return call.permission(call.action, key.arn, topic="key")


def _secrets(call: Call) -> RequiredPermission:
    if call.action in WITHOUT_RESOURCE:
        return call.permission(call.action, "*")
    secret = call.name("SecretId")
    if not secret.startswith("arn:"):
        secret = _secret_arn(call.environment, secret)
    return call.permission(call.action, secret)


def _secret_arn(environment: Environment, name: str) -> str:
    """The ARN of a secret, which ends in six letters of its own; of none that exists, the name."""
    client: Any = world().accounts.client("secretsmanager", environment.account, environment.region)
    try:
        return str(client.describe_secret(SecretId=name)["ARN"])
    except ClientError:
        return environment.names.arn("secretsmanager", f"secret:{name}")


SERVICES: Mapping[str, Callable[[Call], RequiredPermission]] = {
    "s3": _s3,
    "sqs": _sqs,
    "logs": _logs,
    "cloudwatch": _cloudwatch,
    "kms": _kms,
    "secretsmanager": _secrets,
}
ENDPOINTS = {"cloudwatch": "monitoring"}
"""Prefix of an action -> the service's name among VPC endpoints, where they differ."""
