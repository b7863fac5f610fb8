"""Lookups are built once per platform, are dropped with it, and scale."""

import gc
import time
from dataclasses import replace

from mwaa.model.platform import GroupRule, SecurityGroup
from policy.analysis import index
from policy.analysis.iam import excessive_permissions, permissions
from policy.analysis.index import index_of
from policy.analysis.network import reachability
from policy.analysis.verdict import Verdict
from tests.fixtures.changes import adding, live
from tests.fixtures.platforms import interface_endpoint, nat, no_internet


def test_a_platform_is_indexed_once_and_forgotten_with_it() -> None:
    platform = no_internet()
    assert index_of(platform) is index_of(platform)
    assert index_of(platform) is not index_of(no_internet())
    key = id(platform)
    del platform
    gc.collect()
    assert key not in index._INDEXES


def test_each_proof_is_computed_once() -> None:
    platform = nat()
    assert reachability.prove(platform) is reachability.prove(platform)
    assert permissions.prove(platform) is permissions.prove(platform)
    assert reachability.prove(platform, ("sts",)) is not reachability.prove(platform)


def test_a_thousand_endpoints_and_five_hundred_groups_take_at_most_a_second() -> None:
    base = live(no_internet())
    groups = [
        SecurityGroup(
            id=f"sg-{n}",
            vpc="vpc-1",
            ingress=tuple(
                GroupRule(protocol="tcp", from_port=443, to_port=443, cidr=f"10.{n % 250}.{m}.0/24")
                for m in range(10)
            ),
        )
        for n in range(500)
    ]
    endpoints = [
        interface_endpoint(
            f"service-{n}", id=f"vpce-{n}", security_groups=(f"sg-{n % 500}", "sg-endpoints")
        )
        for n in range(1000)
    ]
    platform = adding(adding(base, "security_groups", *groups), "endpoints", *endpoints)
    # The best of three, because the machine has other work too.
    seconds = []
    for _ in range(3):
        fresh = replace(platform)
        started = time.process_time()
        found = reachability.prove(fresh, [f"service-{n}" for n in range(1000)])
        permissions.prove(fresh)
        excessive_permissions.find(fresh)
        seconds.append(time.process_time() - started)
    assert {r.verdict for r in found} == {Verdict.PASS}
    assert len({r.target for r in found}) > 1000
    assert min(seconds) < 1.0, seconds
