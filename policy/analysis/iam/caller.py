"""What the caller of a create may do: IAM's own answer, and beside it what IAM did not weigh.

The simulator sees no policy of a key or a bucket, and for a role it cannot. A key's policy must let
the caller in whatever IAM says, and alone may be enough; so may a bucket's.
https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
"""

from collections.abc import Iterable
from dataclasses import replace

from mwaa.model.platform import UNKNOWN, Decision, Maybe, Platform, Policy, known
from policy.analysis.iam import kms
from policy.analysis.iam.evaluate import evaluate
from policy.analysis.iam.request import Request, account_of
from policy.analysis.verdict import Verdict

# Stands for the caller's policies where IAM said what they allow.
_ALLOWED = Policy(
    id="iam",
    name="the caller",
    document={"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]},
)


def rights(platform: Platform) -> Maybe[tuple[Decision, ...]]:
    """The caller's rights with the policies of key and bucket weighed in."""
    found = platform.account.caller_rights
    return tuple(_weighed(platform, one) for one in found) if known(found) else UNKNOWN


def _weighed(platform: Platform, right: Decision) -> Decision:
    if right.final:
        return right
    service = right.action.partition(":")[0]
    if service == "kms":
        return _of_key(platform, right)
    return _of_bucket(platform, right) if service == "s3" else right


def _of_key(platform: Platform, right: Decision) -> Decision:
    key = platform.key
    if not known(key):
        return _doubtful(right, "the key's policy cannot be seen")
    if key is None:
        return right
    request = _request(platform, right, account_of(right.resource))
    decision = kms.decide(request, key, _identity(right))
    return _settled(right, decision.verdict, decision.reason)


def _of_bucket(platform: Platform, right: Decision) -> Decision:
    bucket = platform.bucket
    if not known(bucket):
        return right if right.allowed is True else _doubtful(right, "its policy cannot be seen")
    if bucket is None:
        return right
    request = _request(platform, right, bucket.owner)
    decision = evaluate(request, _identity(right), resource=bucket.policy)
    return _settled(right, decision.verdict, decision.reason)


def _request(platform: Platform, right: Decision, owner: Maybe[str]) -> Request:
    return Request(
        action=right.action,
        resource=right.resource,
        principal=platform.account.caller,
        # AWS calls itself by TLS alone.
        context={
            "aws:RequestedRegion": platform.account.region,
            "aws:SecureTransport": "true",
        },
        resource_account=owner if known(owner) else None,
    )


def _identity(right: Decision) -> Maybe[Iterable[Policy]]:
    if not known(right.allowed):
        return UNKNOWN
    return (_ALLOWED,) if right.allowed else ()


def _settled(right: Decision, verdict: Verdict, reason: str) -> Decision:
    if verdict is Verdict.UNKNOWN:
        return _doubtful(right, reason)
    allowed = verdict is Verdict.PASS
    if allowed == right.allowed:
        return right
    return replace(right, allowed=allowed, reason=reason)


def _doubtful(right: Decision, reason: str) -> Decision:
    return replace(right, allowed=UNKNOWN, reason=reason if known(right.allowed) else right.reason)
