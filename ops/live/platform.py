"""Reads an environment of an account as a ``mwaa.model.platform.Platform``, whoever created it.

The twin of ``policy/plan/platform.py``: the rules cannot tell which of the two read for them,
except by ``origin``. All calls only read; they run in parallel, and a denied one becomes UNKNOWN.
An environment that does not exist yet is read by its description alone: what it will be made of.
"""

import time
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from datetime import datetime
from typing import Any

from mwaa.model.order import ordered
from mwaa.model.platform import UNKNOWN, Maybe, Metric, Platform, Vpc, known, or_unknown
from ops.live import (
    account,
    alarms,
    environment,
    identity,
    keys,
    logs,
    metrics,
    network,
    storage,
)
from ops.live.reader import AwsReader, member
from ops.live.rights import Wanted

CALLS = 16
PARTS = 12


def read(
    aws: AwsReader,
    described: Mapping[str, Any],
    *,
    wanted: Wanted | None = None,
    written: bool = False,
    pool: Callable[[int], Executor] = ThreadPoolExecutor,
) -> Platform:
    """Everything around the environment that ``described`` (GetEnvironment) describes.

    Any value of ``described`` may be ``UNKNOWN``: what it names does not exist yet. ``wanted`` says
    which of the caller's rights matter; None asks for none. ``written`` also reads what the
    containers wrote. ``pool`` makes what runs the calls, given how many at once.
    """
    name = described["Name"]
    region = aws.region
    inside = described.get("NetworkConfiguration") or {}
    subnets = _strings(inside.get("SubnetIds", ()))
    named = inside.get("SecurityGroupIds", ())
    groups = [one for one in named if isinstance(one, str)] if known(named) else []
    role_arn = described.get("ExecutionRoleArn", UNKNOWN)
    # Two pools: a part that waits for its calls must not hold the threads they need.
    with pool(CALLS) as calls, pool(PARTS) as parts:
        # What does not need to know who asks goes first.
        around = parts.submit(network.read, aws, subnets, groups, region, calls)
        role = parts.submit(identity.role, aws, role_arn, calls)
        key = parts.submit(keys.key, aws, described.get("KmsKey"), calls)
        now = time.time() if written else None
        log_groups = parts.submit(logs.log_groups, aws, name, calls, now)
        watching = parts.submit(alarms.alarms, aws, name)
        policies = parts.submit(identity.access_policies, aws, name, role_arn)
        newest = parts.submit(_metrics, aws, described)
        caller = aws.call("sts", "get_caller_identity")
        number: Maybe[str] = or_unknown(member(caller, "Account"))
        rights = wanted(described, region, caller) if wanted else None
        facts = parts.submit(account.account, aws, caller, region, calls, rights)
        bucket = parts.submit(storage.bucket, aws, described, number, calls)
        place = around.result()
        found = Platform(
            origin="live",
            environment=environment.environment(described),
            account=facts.result(),
            **place,
            bucket=bucket.result(),
            key=key.result(),
            role=role.result(),
            access_policies=policies.result(),
            log_groups=log_groups.result(),
            alarms=watching.result(),
            metrics=newest.result(),
            denied=tuple(sorted(aws.denied, key=lambda one: one.call)),
            partial=_partial(place["vpcs"], number),
        )
    return ordered(found)


def _partial(vpcs: Maybe[tuple[Vpc, ...]], account: Maybe[str]) -> frozenset[str]:
    """In a VPC that another account shares, the endpoints of its owner cannot be seen.

    https://docs.aws.amazon.com/vpc/latest/userguide/vpc-share-limitations.html (read 2026-11)
    """
    owners = {vpc.owner for vpc in vpcs} if known(vpcs) and known(account) else set()
    foreign = any(known(owner) and owner != account for owner in owners)
    return frozenset({"endpoints"}) if foreign else frozenset()


def _strings(values: Maybe[list[Maybe[str]]]) -> list[str]:
    """The ids among ``values`` when all are known; else none, because half a network misleads."""
    if not known(values) or UNKNOWN in values:
        return []
    return [one for one in values if known(one)]


def _metrics(aws: AwsReader, described: Mapping[str, Any]) -> Maybe[tuple[Metric, ...]]:
    if not described.get("Status"):
        return UNKNOWN
    created: datetime | None = described.get("CreatedAt")
    age = created.timestamp() if created else None
    return metrics.metrics(aws, described["Name"], age, time.time())
