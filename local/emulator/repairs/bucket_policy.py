"""S3: conditions of bucket policies, which moto 5.2.5 ignores, so that a TLS-only policy would
refuse every object.

The server speaks plain HTTP on the loopback address: conditions are judged as if the request had
come over TLS. A statement whose condition does not hold is no part of the policy:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html
"""

import json
from typing import Any

from flask import has_request_context, request
from moto.iam.access_control import IAMPolicy, PermissionResult
from moto.s3.models import FakeBucket

from local.emulator.conditions import as_list, holds


def _context() -> dict[str, str]:
    context = {"aws:securetransport": "true", "s3:tlsversion": "1.3"}
    if has_request_context():
        context["aws:sourceip"] = request.remote_addr or "127.0.0.1"
        for name, value in request.headers.items():
            if name.lower().startswith("x-amz-"):
                context[f"s3:{name.lower()}"] = value
    return context


def _get_permission(bucket: Any, action: str, resource: str) -> Any:
    if bucket.policy is None:
        return PermissionResult.NEUTRAL
    policy = json.loads(bucket.policy.decode())
    context = _context()
    policy["Statement"] = [
        {name: value for name, value in statement.items() if name != "Condition"}
        for statement in as_list(policy.get("Statement", []))
        if holds(statement.get("Condition", {}), context)
    ]
    return IAMPolicy(json.dumps(policy)).is_action_permitted(action, resource)


def needed() -> bool:
    """Whether moto still refuses an object because of a condition that does not hold."""
    bucket: Any = FakeBucket.__new__(FakeBucket)  # a real one would appear in the account
    bucket.policy = json.dumps(
        {
            "Statement": [
                {
                    "Effect": "Deny",
                    "Principal": "*",
                    "Action": "s3:*",
                    "Resource": "*",
                    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                }
            ]
        }
    ).encode()
    probe = bucket.get_permission("s3:GetObject", "arn:aws:s3:::probe-of-conditions/x")
    return bool(probe == PermissionResult.DENIED)


def apply() -> None:
    """Evaluate conditions where moto does not."""
    if needed():
        setattr(FakeBucket, "get_permission", _get_permission)  # noqa: B010
