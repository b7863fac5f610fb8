"""Reads a living MWAA environment as a ``mwaa.model.platform.Platform``, whoever created it.

The twin of ``policy/plan/platform.py``: the rules cannot tell which of the two read for them,
except by ``origin``. All calls only read; they run in parallel, and a denied one becomes UNKNOWN.
An environment that does not exist yet is read by its description alone: what it will be made of.
"""

import time
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from mwaa.model.platform import Platform, known, or_unknown
from mwaa.model.unknown import UNKNOWN
from ops.live import account, environment, identity, network, observed, storage
from ops.live.reader import AwsReader, member
from ops.live.rights import wanted_rights

CALLS = 16
PARTS = 12


def read(aws: AwsReader, described: Mapping[str, Any], *, before: bool = False) -> Platform:
    """Everything around the environment that ``described`` (GetEnvironment) describes.

    Any value of ``described`` may be ``UNKNOWN``: what it names does not exist yet. ``before`` also
    asks what the caller may do, which matters to a create alone.
    """
    name = described["Name"]
    region = str(aws.account.session.region_name)
    inside = described.get("NetworkConfiguration") or {}
    subnets = _strings(inside.get("SubnetIds", ()))
    groups = inside.get("SecurityGroupIds", ())
    worn = [g for g in groups if isinstance(g, str)] if known(groups) else []
    # Two pools: a part that waits for its calls must not hold the threads they need.
    with ThreadPoolExecutor(CALLS) as calls, ThreadPoolExecutor(PARTS) as parts:

        def later(work: Any, *arguments: Any) -> "Future[Any]":
            return parts.submit(work, *arguments)

        # What does not need to know who asks goes first.
        around = later(network.read, aws, subnets, worn, region, calls)
        role = later(_if_known, described.get("ExecutionRoleArn"), identity.role, aws, calls)
        key = later(_if_known, described.get("KmsKey"), observed.key, aws, calls)
        logs = later(observed.log_groups, aws, name, calls)
        alarms = later(observed.alarms, aws, name)
        access = later(identity.access_policies, aws, name, described.get("ExecutionRoleArn"))
        metrics = later(_metrics, aws, described)
        caller = aws.call("sts", "get_caller_identity")
        number = member(caller, "Account")
        wanted = wanted_rights(described, region, caller) if before else None
        facts = later(account.read, aws, caller, region, calls, wanted)
        store = later(_bucket, aws, described, number, calls)
        return Platform(
            origin="live",
            environment=environment.environment(described),
            account=facts.result(),
            **around.result(),
            bucket=store.result(),
            key=key.result(),
            role=role.result(),
            access_policies=access.result(),
            log_groups=logs.result(),
            alarms=alarms.result(),
            metrics=metrics.result(),
            denied=tuple(sorted(aws.denied, key=lambda one: one.call)),
        )


def _strings(values: Any) -> list[str]:
    """The ids among ``values`` when all are known; else none, because half a network misleads."""
    if not known(values) or any(not isinstance(one, str) for one in values):
        return []
    return list(values)


def _if_known(value: Any, reader: Any, aws: AwsReader, pool: ThreadPoolExecutor) -> Any:
    return reader(aws, value, pool) if known(value) else value


def _bucket(aws: AwsReader, described: Mapping[str, Any], account_id: Any, pool: Any) -> Any:
    arn = described.get("SourceBucketArn", UNKNOWN)
    if not known(arn):
        return UNKNOWN
    known_id = or_unknown(account_id)
    return storage.read(aws, arn, described, known_id, pool)


def _metrics(aws: AwsReader, described: Mapping[str, Any]) -> Any:
    if not described.get("Status"):
        return UNKNOWN
    created = described.get("CreatedAt")
    age = created.timestamp() if created else None
    return observed.metrics(aws, described["Name"], age, time.time())
