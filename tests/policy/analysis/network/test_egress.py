"""The way out through NAT: each place where it can break, and each where it cannot be seen."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from mwaa.model.platform import UNKNOWN, Platform, Route
from policy.analysis.network import reachability
from policy.analysis.verdict import Verdict
from tests.fixtures.changes import with_acl, with_record, with_table, without
from tests.fixtures.platforms import LOCAL, OPEN_ACL, nat
from tests.policy.analysis.unknowns import hidden

PASS, FAIL, MAYBE = Verdict.PASS, Verdict.FAIL, Verdict.UNKNOWN


def _nat_table(**route: Any) -> Platform:
    default = replace(Route(destination="0.0.0.0/0", kind="nat", target="nat-a"), **route)
    return with_table(nat(), "rtb-a", routes=(LOCAL, default))


NAT_CASES: dict[str, tuple[Callable[[], Platform], Verdict, str]] = {
    "no default route": (
        lambda: with_table(nat(), "rtb-a", routes=(LOCAL,)),
        FAIL,
        "no route to the internet",
    ),
    "blackhole": (lambda: _nat_table(blackhole=True), FAIL, "blackhole"),
    "blackhole not known": (lambda: _nat_table(blackhole=UNKNOWN), MAYBE, "blackhole"),
    "internet gateway": (
        lambda: _nat_table(kind="internet", target="igw-1"),
        FAIL,
        "public address",
    ),
    "peering": (lambda: _nat_table(kind="peering", target="pcx-1"), FAIL, "peering"),
    "transit gateway": (lambda: _nat_table(kind="transit", target="tgw-1"), MAYBE, "behind"),
    "firewall": (lambda: _nat_table(kind="endpoint", target="vpce-fw"), MAYBE, "behind"),
    "target not known": (lambda: _nat_table(kind=UNKNOWN), MAYBE, "target"),
    "NAT gateway gone": (
        lambda: with_record(nat(), "nat_gateways", "nat-a", state="deleted"),
        FAIL,
        "nat-a is deleted",
    ),
    "NAT gateway not read": (lambda: without(nat(), "nat_gateways", "nat-a"), MAYBE, "nat-a"),
    "private NAT": (
        lambda: with_record(nat(), "nat_gateways", "nat-a", is_public=False),
        MAYBE,
        "leads to the internet",
    ),
    "NAT in a private subnet": (
        lambda: with_record(nat(), "nat_gateways", "nat-a", subnet="subnet-b"),
        FAIL,
        "no usable route to an internet gateway",
    ),
    "gateway of another VPC": (
        lambda: with_record(nat(), "internet_gateways", "igw-1", vpc="vpc-2"),
        FAIL,
        "not attached",
    ),
    "gateway detached": (
        lambda: with_record(nat(), "internet_gateways", "igw-1", vpc=None),
        FAIL,
        "not attached",
    ),
    "half of the internet": (
        lambda: _nat_table(destination="0.0.0.0/1"),
        MAYBE,
        "some public addresses",
    ),
    "two halves": (
        lambda: with_table(
            nat(),
            "rtb-a",
            routes=(
                LOCAL,
                Route(destination="0.0.0.0/1", kind="nat", target="nat-a"),
                Route(destination="128.0.0.0/1", kind="nat", target="nat-a"),
            ),
        ),
        PASS,
        "",
    ),
    "private blocks elsewhere": (
        lambda: with_table(
            nat(),
            "rtb-a",
            routes=(
                LOCAL,
                Route(destination="0.0.0.0/0", kind="nat", target="nat-a"),
                Route(destination="10.0.0.0/8", kind="transit", target="tgw-1"),
            ),
        ),
        PASS,
        "",
    ),
}


@pytest.mark.parametrize("case", NAT_CASES)
def test_the_way_through_nat(case: str) -> None:
    make, expected, words = NAT_CASES[case]
    found = {r.target: r for r in reachability.prove(make()) if r.subnet == "subnet-a"}
    assert found["sqs"].verdict is expected, found["sqs"].proof
    assert words in found["sqs"].proof.reason
    assert found["s3"].verdict is PASS, "the gateway endpoint does not depend on NAT"


def test_the_network_acl_of_the_nat_subnet_is_on_the_way() -> None:
    closed = replace(nat(), network_acls=())
    base = with_acl(nat(), "acl-1", subnets=("subnet-a", "subnet-b", "subnet-public-b"))
    refusing = replace(OPEN_ACL[0], allow=False)
    other = replace(
        with_acl(base, "acl-1", id="acl-public", is_default=False, subnets=("subnet-public-a",),
                 entries=(refusing,)),
    )  # fmt: skip
    assert isinstance(base.network_acls, tuple) and isinstance(other.network_acls, tuple)
    platform = replace(base, network_acls=(*base.network_acls, *other.network_acls))
    found = {(r.subnet, r.target): r for r in reachability.prove(platform)}
    assert found["subnet-a", "sqs"].verdict is FAIL
    assert "acl-public" in found["subnet-a", "sqs"].proof.reason
    assert found["subnet-b", "sqs"].verdict is PASS
    unread = {(r.subnet, r.target): r.verdict for r in reachability.prove(closed)}
    assert unread["subnet-a", "sqs"] is MAYBE


def test_no_unknown_fact_flips_a_broken_way_out() -> None:
    for case in ("blackhole", "NAT gateway gone", "gateway detached", "half of the internet"):
        platform = NAT_CASES[case][0]()
        truth = {(r.subnet, r.target, r.port): r.verdict for r in reachability.prove(platform)}
        for path, copy in hidden(platform):
            if path.startswith((".route", ".nat", ".internet", ".subnets")):
                for reach in reachability.prove(copy):
                    if reach.verdict is not MAYBE:
                        question = (reach.subnet, reach.target, reach.port)
                        assert reach.verdict is truth[question], f"{case} {path}: {question}"
