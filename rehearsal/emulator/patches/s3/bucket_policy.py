"""S3: conditions of bucket policies, which moto 5.2.5 ignores, so that a TLS-only policy would
refuse every object.

The server speaks plain HTTP on the loopback address: conditions are judged as if the request had
come over TLS. A statement whose condition does not hold is no part of the policy:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html
"""

import json
from typing import Any

from flask import has_request_context, request
from moto.iam.access_control import PermissionResult
from moto.s3.models import FakeBucket

from mwaa.model.platform import Maybe
from policy.analysis.iam.evaluate import evaluate
from policy.analysis.iam.request import Request
from policy.analysis.verdict import Verdict


def _context() -> dict[str, Maybe[str | tuple[str, ...] | None]]:
    context: dict[str, Maybe[str | tuple[str, ...] | None]] = {
        "aws:SecureTransport": "true",
        "s3:TlsVersion": "1.3",
    }
    if has_request_context():
        context["aws:SourceIp"] = request.remote_addr or "127.0.0.1"
        for name, value in request.headers.items():
            if name.lower().startswith("x-amz-"):
                context[f"s3:{name.lower()}"] = value
    return context


def _get_permission(bucket: Any, action: str, resource: str) -> Any:
    if bucket.policy is None:
        return PermissionResult.NEUTRAL
    asked = Request(
        action=action.replace("HeadObject", "GetObject"),
        resource=resource,
        # moto does not know who asks; in a rehearsal it is whoever owns the account.
        principal=f"arn:aws:iam::{bucket.account_id}:root",
        context=_context(),
        complete=True,
    )
    decision = evaluate(asked, resource=json.loads(bucket.policy.decode()))
    if decision.explicit:
        return PermissionResult.DENIED
    allowed = decision.verdict is Verdict.PASS
    return PermissionResult.PERMITTED if allowed else PermissionResult.NEUTRAL


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
