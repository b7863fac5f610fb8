"""Network ACLs against a walk over single packets, with and without unknown facts."""

import ipaddress
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mwaa.model.platform import UNKNOWN, AclEntry, Maybe, NetworkAcl, known
from policy.analysis.network import access_lists
from policy.analysis.network.access_lists import EPHEMERAL
from policy.analysis.network.addresses import block
from policy.analysis.verdict import Verdict
from tests.fixtures.changes import with_acl
from tests.fixtures.platforms import OPEN_ACL, existing_vpc, no_internet

PEERS = "10.0.0.0/30"
PORTS = (0, 3)
cidrs = st.builds(
    lambda host, length: f"10.0.0.{host}/{length}", st.integers(0, 7), st.integers(29, 32)
) | st.just("0.0.0.0/0")
protocols = st.sampled_from(["-1", "6", "17", "tcp"])
ranges = st.tuples(st.integers(0, 4), st.integers(0, 4)).map(lambda p: (min(p), max(p)))


@st.composite
def entries(draw: st.DrawFn) -> tuple[AclEntry, ...]:
    numbers = draw(st.lists(st.integers(1, 9), unique=True, max_size=5))
    found = []
    for number in numbers:
        low, high = draw(ranges)
        entry = AclEntry(
            number=number,
            egress=draw(st.booleans()),
            protocol=draw(protocols),
            allow=draw(st.booleans()),
            cidr=draw(cidrs),
            from_port=low,
            to_port=high,
        )
        found.append(entry)
    return tuple(found)


def walk(rules: tuple[AclEntry, ...], egress: bool, address: str, port: int) -> bool:
    """What EC2's guide says, packet by packet."""
    for rule in sorted(rules, key=lambda r: r.number if known(r.number) else 0):
        assert isinstance(rule.cidr, str)
        if rule.egress is not egress or rule.protocol == "17":
            continue
        if ipaddress.ip_address(address) not in ipaddress.ip_network(rule.cidr, strict=False):
            continue
        low, high = rule.from_port, rule.to_port
        assert isinstance(low, int) and isinstance(high, int)
        if rule.protocol == "-1" or low <= port <= high:
            return rule.allow is True
    return False


def brute(rules: tuple[AclEntry, ...], egress: bool) -> bool:
    hosts = [str(a) for a in ipaddress.ip_network(PEERS)]
    return all(walk(rules, egress, a, p) for a, p in product(hosts, range(PORTS[0], PORTS[1] + 1)))


def judge(rules: Maybe[tuple[AclEntry, ...]], egress: bool) -> Verdict:
    acl = NetworkAcl(id="acl", entries=rules)
    return access_lists.admits(acl, block(PEERS), PORTS, egress=egress).verdict()


@given(entries(), st.booleans())
def test_evaluation_agrees_with_a_walk_over_packets(
    rules: tuple[AclEntry, ...], egress: bool
) -> None:
    assert judge(rules, egress) is (Verdict.PASS if brute(rules, egress) else Verdict.FAIL)


@given(entries(), st.booleans())
def test_refused_packets_are_exactly_those_that_the_walk_refuses(
    rules: tuple[AclEntry, ...], egress: bool
) -> None:
    acl = NetworkAcl(id="acl", entries=rules)
    admission = access_lists.admits(acl, block(PEERS), PORTS, egress=egress)
    refused = {
        (address, port)
        for part in admission.refused
        for _, low, high in part.addresses.intervals
        for address in range(low, high + 1)
        for port in range(part.low, part.high + 1)
    }
    expected = {
        (int(a), p)
        for a, p in product(ipaddress.ip_network(PEERS), range(PORTS[0], PORTS[1] + 1))
        if not walk(rules, egress, str(a), p)
    }
    assert refused == expected
    assert admission.refused == admission.doubtful


@settings(max_examples=300)
@given(entries(), st.booleans(), st.data())
def test_no_unknown_field_flips_a_verdict(
    rules: tuple[AclEntry, ...], egress: bool, data: st.DataObject
) -> None:
    """An unknown field may only lead to unknown: every completion agrees with PASS or FAIL."""
    if not rules:
        return
    hidden = list(rules)
    for _ in range(data.draw(st.integers(1, 2))):
        index = data.draw(st.integers(0, len(rules) - 1))
        name = data.draw(
            st.sampled_from(
                ["number", "egress", "protocol", "allow", "cidr", "from_port", "to_port"]
            )
        )
        change: dict[str, Any] = {name: UNKNOWN}
        hidden[index] = replace(hidden[index], **change)
    truth = Verdict.PASS if brute(rules, egress) else Verdict.FAIL
    assert judge(tuple(hidden), egress) in (truth, Verdict.UNKNOWN)


def test_an_unknown_list_is_unknown() -> None:
    assert judge(UNKNOWN, True) is Verdict.UNKNOWN


def test_a_rule_of_unknown_number_that_allows_all_still_cannot_help_against_a_known_deny() -> None:
    deny = AclEntry(number=1, egress=True, protocol="-1", allow=False, cidr="0.0.0.0/0")
    allow = replace(deny, number=2, allow=True)
    assert judge((deny, allow), True) is Verdict.FAIL
    assert judge((deny, replace(allow, number=UNKNOWN)), True) is Verdict.UNKNOWN
    assert judge((replace(deny, number=UNKNOWN), allow), True) is Verdict.UNKNOWN


@pytest.mark.parametrize(
    ("ports", "verdict"),
    [((1024, 65535), Verdict.PASS), ((32768, 65535), Verdict.FAIL), ((1024, 65534), Verdict.FAIL)],
)
def test_answers_need_all_ephemeral_ports(ports: tuple[int, int], verdict: Verdict) -> None:
    rule = AclEntry(
        number=1,
        egress=False,
        protocol="6",
        allow=True,
        cidr="0.0.0.0/0",
        from_port=ports[0],
        to_port=ports[1],
    )
    acl = NetworkAcl(id="acl", entries=(rule,))
    answer = access_lists.admits(acl, block("10.0.0.0/24"), EPHEMERAL, egress=False)
    assert answer.verdict() is verdict


def test_half_of_a_subnet_is_not_the_subnet() -> None:
    half = replace(OPEN_ACL[0], cidr="10.0.0.0/25")
    acl = NetworkAcl(id="acl", entries=(half,))
    admission = access_lists.admits(acl, block("10.0.0.0/24"), (443, 443), egress=False)
    assert admission.verdict(every=True) is Verdict.FAIL
    assert admission.verdict(every=False) is Verdict.UNKNOWN
    assert admission.sample == "10.0.0.128/25 port 443"


def test_the_default_list_guards_subnets_without_an_association() -> None:
    acl = access_lists.effective(existing_vpc(), "subnet-a")
    assert known(acl) and acl.id == "acl-1"


def test_an_association_not_known_may_be_any_subnets() -> None:
    hidden = with_acl(no_internet(), "acl-1", subnets=UNKNOWN)
    assert access_lists.effective(hidden, "subnet-a") is UNKNOWN


@pytest.mark.parametrize(
    ("denies_at", "named"),
    [(50, 50), (150, None), (access_lists.LAST, None)],
    ids=["before the allow", "behind the allow", "the end of the list"],
)
def test_the_rule_that_refuses_is_named(denies_at: int, named: int | None) -> None:
    """An allow of a higher number does not help: the lowest number that matches decides."""

    def entry(number: int, allow: bool, cidr: str) -> AclEntry:
        return AclEntry(number=number, egress=False, protocol="-1", allow=allow, cidr=cidr)

    allowed = "0.0.0.0/0" if denies_at != access_lists.LAST else "192.0.2.0/24"
    acl = NetworkAcl(
        id="acl-1", entries=(entry(denies_at, False, "10.0.0.0/8"), entry(100, True, allowed))
    )
    asked = access_lists.admits(acl, block("10.0.0.0/24"), (443, 443), egress=False).asked
    assert access_lists.refusing_rule(acl, asked, egress=False) == named
