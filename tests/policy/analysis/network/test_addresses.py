"""Interval arithmetic against sets of single addresses and packets."""

import ipaddress
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from policy.analysis.network.addresses import (
    EVERYWHERE,
    PUBLIC,
    Addresses,
    Packets,
    block,
    parse,
    union,
)
from policy.analysis.network.admission import Admission, subtract, within
from policy.analysis.verdict import Verdict

SPACE = block("10.0.0.0/28")
BASE = int(ipaddress.ip_address("10.0.0.0"))
blocks = st.builds(
    lambda host, length: f"10.0.0.{host}/{length}", st.integers(0, 15), st.integers(28, 32)
)
sets = st.lists(blocks, max_size=4).map(union)
ports = st.tuples(st.integers(0, 4), st.integers(0, 4)).map(lambda pair: (min(pair), max(pair)))
packets = st.builds(lambda a, p: Packets(a, *p), sets, ports)


def members(addresses: Addresses) -> set[int]:
    return {i for _, low, high in addresses.intervals for i in range(low, high + 1)}


def points(region: Packets) -> set[tuple[int, int]]:
    return set(product(members(region.addresses), range(region.low, region.high + 1)))


@given(sets, sets)
def test_set_operations_agree_with_sets_of_addresses(one: Addresses, other: Addresses) -> None:
    assert members(one & other) == members(one) & members(other)
    assert members(one | other) == members(one) | members(other)
    assert members(one - other) == members(one) - members(other)
    assert (one <= other) == (members(one) <= members(other))


@given(sets, sets)
def test_equal_sets_have_equal_intervals(one: Addresses, other: Addresses) -> None:
    assert ((one | other) - other) == (one - other)
    assert (one == other) == (members(one) == members(other))


@given(packets, packets)
def test_a_cut_loses_and_invents_no_packet(one: Packets, other: Packets) -> None:
    shared, rest = one.cut(other)
    inside = points(shared) if shared else set()
    outside = [points(part) for part in rest]
    assert inside == points(one) & points(other)
    assert set().union(*outside) == points(one) - points(other)
    assert sum(map(len, outside)) == len(points(one) - points(other))


@given(packets, packets, packets)
def test_subtract_and_within_divide_a_region(one: Packets, two: Packets, cut: Packets) -> None:
    both = (one, two)
    left = {p for part in subtract(both, cut) for p in points(part)}
    taken = {p for part in within(both, cut) for p in points(part)}
    assert left == (points(one) | points(two)) - points(cut)
    assert taken == (points(one) | points(two)) & points(cut)


def test_ip_versions_never_mix() -> None:
    assert not block("0.0.0.0/0") & block("::/0")
    assert block("10.0.0.0/8") - block("::/0") == block("10.0.0.0/8")


def test_text_that_is_no_block_is_the_empty_set() -> None:
    assert parse("pl-63a5400a") is None
    assert not block("everything")


def test_host_bits_are_accepted_as_the_ec2_api_accepts_them() -> None:
    assert block("10.0.0.7/24") == block("10.0.0.0/24")


def test_public_space_leaves_out_private_blocks() -> None:
    assert PUBLIC <= EVERYWHERE
    for cidr in ("10.1.2.3/32", "172.31.0.0/16", "192.168.7.0/24", "100.64.0.1/32"):
        assert not PUBLIC & block(cidr)
    assert block("52.216.0.0/15") <= PUBLIC


def test_a_set_reads_as_blocks() -> None:
    assert str(block("10.0.0.0/24") - block("10.0.0.128/25")) == "10.0.0.0/25"
    assert "more" in str(union(f"10.0.{i}.0/24" for i in range(0, 10, 2)))


@given(sets, sets)
def test_one_of_many_fails_only_when_each_of_them_is_refused(
    asked: Addresses, refused: Addresses
) -> None:
    region = Packets(asked, 443, 443)
    shut = within((region,), Packets(refused, 443, 443))
    admission = Admission(region, shut, shut)
    verdict = admission.verdict(every=False)
    if not asked & refused:
        assert verdict is Verdict.PASS
    elif asked <= refused:
        assert verdict is Verdict.FAIL
    else:
        assert verdict is Verdict.UNKNOWN
        assert admission.verdict(every=True) is Verdict.FAIL
