"""S3: settings that a program writes into the bucket itself, as its first version took them.

Each becomes the setting of `settings`, which knows how S3 takes and answers it. What a program
leaves out stays as S3 has it: it may be a resource of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from rehearsal.plugins.aws.context import Context, is_gone
from rehearsal.plugins.aws.resource import Input, ResourceType, State
from rehearsal.plugins.aws.services.s3.bucket import bucket_type
from rehearsal.plugins.aws.services.s3.settings import TYPES as SETTINGS

Shape = Callable[[Any], Any]


@dataclass(frozen=True, kw_only=True)
class _Inline:
    """A property: the setting it is elsewhere, and what it looks like `there` and back `here`."""

    setting: str
    there: Shape
    here: Shape


def _versioning_there(value: Mapping[str, Any]) -> State:
    status = "Enabled" if value.get("enabled") else "Disabled"
    return {"versioningConfiguration": {"status": status}}


def _encryption_there(value: Mapping[str, Any]) -> State:
    return {"rules": [value["rule"]]}


def _lifecycle_there(rules: list[Mapping[str, Any]]) -> State:
    return {"rules": [_rule_there(rule) for rule in rules]}


def _rule_there(rule: Mapping[str, Any]) -> State:
    made = {key: rule[key] for key in ("id", "expiration", "transitions") if rule.get(key)}
    made |= {"status": "Enabled" if rule.get("enabled") else "Disabled"}
    made |= {"filter": {"prefix": rule.get("prefix") or ""}}
    if noncurrent := rule.get("noncurrentVersionExpiration"):
        made["noncurrentVersionExpiration"] = {"noncurrentDays": noncurrent.get("days")}
    return made


def _lifecycle_here(state: State) -> list[State]:
    return [_rule_here(rule) for rule in state["rules"]]


def _rule_here(rule: Mapping[str, Any]) -> State:
    made = {key: rule[key] for key in ("id", "expiration", "transitions") if rule.get(key)}
    made |= {"enabled": rule.get("status") == "Enabled"}
    if prefix := (rule.get("filter") or {}).get("prefix"):
        made["prefix"] = prefix
    if noncurrent := rule.get("noncurrentVersionExpiration"):
        made["noncurrentVersionExpiration"] = {"days": noncurrent.get("noncurrentDays")}
    return made


_FIRST = {
    "versioning": _Inline(
        setting="BucketVersioning",
        there=_versioning_there,
        here=lambda state: {"enabled": state["versioningConfiguration"]["status"] == "Enabled"},
    ),
    "serverSideEncryptionConfiguration": _Inline(
        setting="BucketServerSideEncryptionConfiguration",
        there=_encryption_there,
        here=lambda state: {"rule": state["rules"][0]},
    ),
    "logging": _Inline(
        setting="BucketLogging",
        there=lambda value: {
            "targetBucket": value["targetBucket"],
            "targetPrefix": value.get("targetPrefix") or "",
        },
        here=lambda state: state,
    ),
    "lifecycleRules": _Inline(
        setting="BucketLifecycleConfiguration", there=_lifecycle_there, here=_lifecycle_here
    ),
    "policy": _Inline(
        setting="BucketPolicy",
        there=lambda value: {"policy": value},
        here=lambda state: state["policy"],
    ),
}
# Which of them the second version of the resource writes as a list of one, and under what name.
_LISTED = {
    "versioning": "versionings",
    "serverSideEncryptionConfiguration": "serverSideEncryptionConfigurations",
    "logging": "loggings",
}
# And what it writes as a list of one within those and within lifecycle rules.
_WITHIN = {
    "rule": "rules",
    "applyServerSideEncryptionByDefault": "applyServerSideEncryptionByDefaults",
    "expiration": "expirations",
    "noncurrentVersionExpiration": "noncurrentVersionExpirations",
}
_SINGLE = {listed: single for single, listed in _WITHIN.items()}


def _first(value: Any) -> Any:
    """A value of the second version as the first has it."""
    if isinstance(value, list):
        return [_first(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        _SINGLE.get(key, key): _first(item[0] if key in _SINGLE and item else item)
        for key, item in value.items()
    }


def _second(value: Any) -> Any:
    """A value of the first version as the second has it."""
    if isinstance(value, list):
        return [_second(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        _WITHIN.get(key, key): [_second(item)] if key in _WITHIN else _second(item)
        for key, item in value.items()
    }


def _of_second(name: str, one: _Inline) -> _Inline:
    if name in _LISTED:
        return _Inline(
            setting=one.setting,
            there=lambda value: one.there(_first(value[0])),
            here=lambda state: [_second(one.here(state))],
        )
    return _Inline(
        setting=one.setting,
        there=lambda value: one.there(_first(value)),
        here=lambda state: _second(one.here(state)),
    )


_SECOND = {_LISTED.get(name, name): _of_second(name, one) for name, one in _FIRST.items()}
_KINDS = {kind.name.rpartition(":")[2]: kind for kind in SETTINGS}


def _inline_type(token: str, inline: Mapping[str, _Inline]) -> ResourceType:
    """A version of the bucket's resource with the settings that it takes inline."""

    def put(context: Context, bucket: str, state: State) -> None:
        # What a program no longer declares stays as it is.
        for name, one in inline.items():
            if state.get(name):
                kind = _KINDS[one.setting]
                kind.create(context, {"bucket": bucket, **one.there(state[name])})

    def read(context: Context, bucket: str, known: State) -> State:
        current = {
            name: (one, _current(_KINDS[one.setting], context, bucket))
            for name, one in inline.items()
            if known.get(name)
        }
        return {
            name: None if has is None else one.here(has) for name, (one, has) in current.items()
        }

    inputs = {
        name: Input(computed=True, partial=True, document=one.setting == "BucketPolicy")
        for name, one in inline.items()
    }
    return bucket_type(token, inputs=inputs, put=put, read=read)


def _current(kind: ResourceType, context: Context, bucket: str) -> State | None:
    try:
        found = kind.read(context, bucket, {})
    except Exception as error:
        if not is_gone(error):
            raise
        return None
    return None if found is None else {k: v for k, v in found.items() if k != "bucket"}


TYPES = (
    _inline_type("aws:s3/bucket:Bucket", _FIRST),
    _inline_type("aws:s3/bucketV2:BucketV2", _SECOND),
)
