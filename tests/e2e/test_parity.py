"""One platform, two origins: the plan's reader and the running environment's see the same platform.

The platform is read from the engine's state and from the account, and
compared field by field. What only one side can know by nature is listed here, with the reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from mwaa.model.unknown import UNKNOWN
from policy.rules.catalog import judge
from policy.rules.rule import Verdict
from tests.e2e.stacks.lives import Life
from tests.fixtures.one_sided import LIVE_ONLY, PLAN_ONLY

# Records that the service or EC2 itself adds to what a plan declares, by field.
ADDED = {
    "security_groups": "EC2 gives every VPC a default group",
    "endpoints": "MWAA makes its own endpoints to database and web server",
    "route_tables.routes": "a gateway endpoint writes its route into the tables",
    "network_acls.subnets": "the default ACL lists the subnets that nothing else guards",
    "bucket.objects": "a plan lists what it uploads, the account also DAGs that were synced",
}

# What the account's reader was not asked for, though the plan tells it.
NOT_ASKED = {
    "bucket.objects.version": "only of the artifacts that the environment pins",
    "bucket.objects.is_latest": "only of the artifacts that the environment pins",
}
# A plan in a VPC that somebody else made does not see what stands around it.
OUTSIDE = {
    "dhcp_options",
    "subnets",
    "route_tables",
    "network_acls",
    "nat_gateways",
    "internet_gateways",
    "flow_logs",
}


def differences(path: str, plan: Any, alive: Any) -> Iterator[str]:
    """Every field in which the two differ and may not."""
    if path in PLAN_ONLY or path in LIVE_ONLY or plan == alive:
        return
    if (path in NOT_ASKED and alive is UNKNOWN) or (path in OUTSIDE and plan is UNKNOWN):
        return
    if is_dataclass(plan) and is_dataclass(alive):
        for field in fields(plan):
            below = f"{path}.{field.name}" if path else field.name
            yield from differences(below, getattr(plan, field.name), getattr(alive, field.name))
    elif isinstance(plan, tuple) and isinstance(alive, tuple):
        yield from _records(path, plan, alive)
    else:
        yield f"{path}: plan {plan!r}, account {alive!r}"


def _records(path: str, plan: tuple[Any, ...], alive: tuple[Any, ...]) -> Iterator[str]:
    planned = {_identity(one): one for one in plan}
    there = {_identity(one): one for one in alive}
    for identity in sorted(planned.keys() | there.keys()):
        if identity not in there:
            # A plan may say more only where it uploads more than the account was asked for.
            if path != "bucket.objects":
                yield f"{path}: {identity} is only planned"
        elif identity not in planned:
            if path not in ADDED:
                yield f"{path}: {identity} is only in the account"
        else:
            yield from differences(path, planned[identity], there[identity])


def _identity(item: Any) -> str:
    for name in ("id", "key"):
        if is_dataclass(item) and isinstance(getattr(item, name, None), str):
            # What has a name of its own is recognized by it, whether written as ARN or alone.
            return str(getattr(item, name)).rpartition(":")[2]
    return repr(item)


def test_both_readers_see_the_same_platform(life: Life) -> None:
    assert list(differences("", life.planned, life.alive)) == []
    # A VPC of somebody else is looked up: only what stands around it is not known.
    assert life.planned.vpcs is not UNKNOWN


def test_the_stacks_own_web_policies_are_found_in_the_account(life: Life) -> None:
    assert life.planned.access_policies is not UNKNOWN
    assert life.alive.access_policies is not UNKNOWN
    there = {policy.arn: policy.document for policy in life.alive.access_policies}
    for policy in life.planned.access_policies:
        assert there[str(policy.arn)] == policy.document


def test_neither_origin_has_a_finding(life: Life) -> None:
    """Compliant stacks, each under the profile that its shape chooses: no rule is broken."""
    judged = judge(life.planned, profile=life.profile)
    for judgments in (judged, life.found.judgments):
        broken = [
            (j.rule.id, finding.found)
            for j in judgments
            for finding in j.findings
            if j.verdict is Verdict.FAIL
        ]
        assert broken == []
    assert {j.rule.profile for j in judged} <= {"", life.profile}
    assert life.found.code == 0
