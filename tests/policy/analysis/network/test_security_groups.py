"""Security groups against an enumeration of peers and ports."""

import ipaddress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mwaa.model.platform import UNKNOWN, GroupRule, Platform, PrefixList, SecurityGroup
from policy.analysis.network import security_groups
from policy.analysis.network.addresses import block
from policy.analysis.network.security_groups import Peer
from policy.analysis.verdict import Verdict
from tests.fixtures.changes import adding
from tests.fixtures.platforms import no_internet

LIST = PrefixList(id="pl-1", name="mine", cidrs=("10.0.0.0/31", "10.0.0.4/32"))
PLATFORM: Platform = adding(no_internet(), "prefix_lists", LIST)
PEER = "10.0.0.0/30"
cidrs = st.builds(
    lambda host, length: f"10.0.0.{host}/{length}", st.integers(0, 7), st.integers(29, 32)
)
ranges = st.tuples(st.integers(0, 4), st.integers(0, 4)).map(lambda p: (min(p), max(p)))


@st.composite
def rules(draw: st.DrawFn) -> GroupRule:
    kind = draw(st.sampled_from(["cidr", "cidr", "group", "prefix_list"]))
    low, high = draw(ranges)
    peer: dict[str, Any] = {
        "cidr": {"cidr": draw(cidrs)},
        "group": {"group": draw(st.sampled_from(["sg-1", "sg-2"]))},
        "prefix_list": {"prefix_list": "pl-1"},
    }[kind]
    protocol = draw(st.sampled_from(["-1", "tcp", "udp", "6"]))
    return GroupRule(protocol=protocol, from_port=low, to_port=high, **peer)


groups = st.lists(st.lists(rules(), max_size=3), min_size=1, max_size=2).map(
    lambda both: tuple(
        SecurityGroup(id=f"sg-x{n}", ingress=tuple(found)) for n, found in enumerate(both)
    )
)


def admitted(
    found: tuple[SecurityGroup, ...], address: ipaddress.IPv4Address, peer: frozenset[str]
) -> bool:
    for group in found:
        assert isinstance(group.ingress, tuple)
        for rule in group.ingress:
            low, high = rule.from_port, rule.to_port
            assert isinstance(low, int) and isinstance(high, int)
            if rule.protocol == "udp" or (rule.protocol != "-1" and not low <= 2 <= high):
                continue
            blocks = [rule.cidr] if rule.cidr else LIST.cidrs if rule.prefix_list else []
            assert isinstance(blocks, list | tuple)
            if rule.group in peer or any(
                address in ipaddress.ip_network(str(b), strict=False) for b in blocks
            ):
                return True
    return False


def judge(found: tuple[SecurityGroup | None, ...], peer: frozenset[str]) -> Verdict:
    return security_groups.allows(PLATFORM, found, Peer(block(PEER), groups=peer), 2, egress=False)


@given(groups, st.sampled_from([frozenset(), frozenset({"sg-1"})]))
def test_union_of_groups_agrees_with_an_enumeration(
    found: tuple[SecurityGroup, ...], peer: frozenset[str]
) -> None:
    expected = all(admitted(found, a, peer) for a in ipaddress.IPv4Network(PEER))
    assert judge(found, peer) is (Verdict.PASS if expected else Verdict.FAIL)


@settings(max_examples=300)
@given(groups, st.sampled_from([frozenset(), frozenset({"sg-1"})]), st.data())
def test_no_unknown_field_flips_a_verdict(
    found: tuple[SecurityGroup, ...], peer: frozenset[str], data: st.DataObject
) -> None:
    truth = judge(found, peer)
    index = data.draw(st.integers(0, len(found) - 1))
    group = found[index]
    assert isinstance(group.ingress, tuple)
    hidden: SecurityGroup | None = replace(group, ingress=UNKNOWN)
    depth = data.draw(st.sampled_from(["group", "rules", "field"]))
    if depth == "group":
        hidden = None
    elif depth == "field" and group.ingress:
        place = data.draw(st.integers(0, len(group.ingress) - 1))
        name = data.draw(
            st.sampled_from(["protocol", "from_port", "to_port", "cidr", "group", "prefix_list"])
        )
        change: dict[str, Any] = {name: UNKNOWN}
        changed = list(group.ingress)
        changed[place] = replace(changed[place], **change)
        hidden = replace(group, ingress=tuple(changed))
    several: list[SecurityGroup | None] = list(found)
    several[index] = hidden
    assert judge(tuple(several), peer) in (truth, Verdict.UNKNOWN)


def group_with(**rule: Any) -> tuple[SecurityGroup, ...]:
    return (SecurityGroup(id="sg-x", ingress=(GroupRule(**rule),)),)


@pytest.mark.parametrize(
    ("rule", "verdict"),
    [
        ({"protocol": "-1", "group": "sg-env"}, Verdict.PASS),
        ({"protocol": "tcp", "from_port": 22, "to_port": 22, "group": "sg-env"}, Verdict.FAIL),
        ({"protocol": "tcp", "group": "sg-env"}, Verdict.PASS),
        ({"protocol": "tcp", "from_port": 443, "to_port": 443, "group": UNKNOWN}, Verdict.UNKNOWN),
        ({"protocol": "tcp", "prefix_list": "pl-unread"}, Verdict.UNKNOWN),
        ({"protocol": "icmp", "cidr": "0.0.0.0/0"}, Verdict.FAIL),
        ({"protocol": "tcp", "cidr": "::/0"}, Verdict.FAIL),
    ],
)
def test_one_rule(rule: dict[str, Any], verdict: Verdict) -> None:
    peer = Peer(block("10.0.0.0/24"), groups=frozenset({"sg-env"}))
    found = group_with(**rule)
    assert security_groups.allows(PLATFORM, found, peer, 443, egress=False) is verdict


def test_groups_of_the_peer_that_are_not_known_make_doubt_not_denial() -> None:
    peer = security_groups.interface(("sg-a", UNKNOWN), block("10.0.0.0/24"))
    verdict = security_groups.allows(
        PLATFORM, group_with(protocol="-1", group="sg-b"), peer, 443, egress=False
    )
    assert verdict is Verdict.UNKNOWN
    known_one = group_with(protocol="-1", group="sg-a")
    assert security_groups.allows(PLATFORM, known_one, peer, 443, egress=False) is Verdict.PASS


def test_rules_open_to_the_world_are_found() -> None:
    found = group_with(protocol="tcp", from_port=22, to_port=22, cidr="0.0.0.0/0")
    opened = security_groups.opens(found, egress=False, within=block("8.8.8.8/32"))
    assert isinstance(opened, tuple) and opened[0][0].id == "sg-x"
    assert security_groups.opens((None,), egress=False, within=block("8.8.8.8/32")) is UNKNOWN
