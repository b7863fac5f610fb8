"""IAM: AWS's own policies are parsed once, not once per account.

moto 5.2.5 parses more than a thousand documents again for every account that is seen, a quarter of
a second each; the service has an account of its own per environment.
"""

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
    reduced_: Any = backend.__reduce_ex__(5)
    made, arguments, state = reduced_[:3]
    own = {"account_id": backend.account_id}
    found = zip(_parsed(backend.region_name).items(), backend.aws_managed_policies, strict=True)
    same = {arn for (arn, shared), here in found if here.__dict__ == {**shared.__dict__, **own}}
    kept = {k: v for k, v in backend.managed_policies.items() if k not in same}
    slim = {**state, "aws_managed_policies": None, "managed_policies": kept}
    return made, arguments, slim, None, None, _filled


def _filled(backend: IAMBackend, slim: dict[str, Any]) -> None:
    backend.__dict__.update(slim)
    kept = backend.managed_policies
    every = {
        arn: kept.get(arn) or copy_of(backend.region_name, arn, {"account_id": backend.account_id})
        for arn in _parsed(backend.region_name)
    }
    backend.aws_managed_policies = [*every.values()]
    backend.managed_policies = {**every, **kept}


def _init_aws_policies(backend: IAMBackend) -> list[Any]:
    own = {"account_id": backend.account_id}
    return [copy_of(backend.region_name, arn, own) for arn in _parsed(backend.region_name)]


def apply() -> None:
    """Share the parsed documents between accounts."""
    if _original is None:
        raise SeamError(
            "moto no longer has moto.iam.models.IAMBackend._init_aws_policies: look whether the "
            "patch is still needed"
        )
    setattr(IAMBackend, "_init_aws_policies", _init_aws_policies)  # noqa: B010
