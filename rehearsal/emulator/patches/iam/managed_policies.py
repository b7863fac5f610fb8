"""IAM: AWS's own policies are parsed once, not once per account.

moto 5.2.5 parses more than a thousand documents again for every account that is seen, a quarter of
a second each; the service has an account of its own per environment.
"""

from collections.abc import Callable
from functools import cache
from types import SimpleNamespace
from typing import Any

from moto.iam.models import AWSManagedPolicy, IAMBackend

from rehearsal.emulator.registry import SeamError

_original = getattr(IAMBackend, "_init_aws_policies", None)


@cache
def _parsed(partition: str) -> dict[str, Any]:
    """AWS's policies by ARN; they say which account and partition they were made for."""
    assert _original is not None
    maker = SimpleNamespace(account_id="", region_name=partition)
    return {policy.arn: policy for policy in _original(maker)}


def copy_of(partition: str, arn: str, own: dict[str, Any]) -> Any:
    """One account's policy: it has its ``own`` account and attachments, and shares the document."""
    # Not copy.copy: moto keeps a reference to every model that is made in the usual way.
    made: Any = object.__new__(AWSManagedPolicy)  # type: ignore[type-abstract]
    made.__dict__ = {**_parsed(partition)[arn].__dict__, **own}
    return made


def reduced(policy: AWSManagedPolicy) -> Any:
    """The policy for pickle: what only this account's has, and where the rest is found."""
    shared = _parsed(policy.partition)[policy.arn].__dict__
    own = {key: value for key, value in policy.__dict__.items() if shared.get(key) is not value}
    return copy_of, (policy.partition, policy.arn, own)


def reduced_backend(backend: IAMBackend) -> Any:
    """An account's IAM for pickle, without the policies of AWS that are as AWS made them: nobody
    refers to those, as to be attached changes a policy."""
    plain: Any = backend.__reduce_ex__(5)
    made, arguments, state = plain[:3]
    found = zip(_fresh(backend).items(), backend.aws_managed_policies, strict=True)
    same = {arn for (arn, fresh), here in found if here.__dict__ == fresh.__dict__}
    kept = {arn: policy for arn, policy in backend.managed_policies.items() if arn not in same}
    slim = {**state, "aws_managed_policies": None, "managed_policies": kept}
    return made, arguments, slim, None, None, _filled


def _filled(backend: IAMBackend, slim: dict[str, Any]) -> None:
    backend.__dict__.update(slim)
    fresh = _fresh(backend)
    policies = backend.managed_policies = {**fresh, **backend.managed_policies}
    backend.aws_managed_policies = [policies[arn] for arn in fresh]


REDUCED: dict[str, Callable[[Any], Any]] = {
    "AWSManagedPolicy": reduced,
    "IAMBackend": reduced_backend,
}
"""How the state file keeps moto's classes, by name."""


def _fresh(backend: IAMBackend) -> dict[str, Any]:
    """The account's policies of AWS by ARN, as AWS made them."""
    own = {"account_id": backend.account_id}
    return {arn: copy_of(backend.region_name, arn, own) for arn in _parsed(backend.region_name)}


def _init_aws_policies(backend: IAMBackend) -> list[Any]:
    return [*_fresh(backend).values()]


def apply() -> None:
    """Share the parsed documents between accounts."""
    if _original is None:
        raise SeamError(
            "moto no longer has moto.iam.models.IAMBackend._init_aws_policies: look whether the "
            "patch is still needed"
        )
    setattr(IAMBackend, "_init_aws_policies", _init_aws_policies)  # noqa: B010
