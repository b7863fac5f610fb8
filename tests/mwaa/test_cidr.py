"""The address plan: blocks that never overlap, never move, and hold what they must."""

from ipaddress import IPv4Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mwaa.cidr import LARGEST_VPC, SMALLEST_VPC, needed, plan, usable
from mwaa.service.classes import CLASSES, size


@st.composite
def vpcs(draw: st.DrawFn) -> str:
    prefix = draw(st.integers(min_value=LARGEST_VPC, max_value=SMALLEST_VPC))
    base = int(IPv4Network("10.0.0.0/8").network_address)
    index = draw(st.integers(min_value=0, max_value=2 ** (prefix - 8) - 1))
    return str(IPv4Network((base + index * 2 ** (32 - prefix), prefix)))


@given(vpcs(), st.booleans())
def test_blocks_lie_in_the_vpc_apart_and_large_enough(vpc: str, public: bool) -> None:
    blocks = plan(vpc, public=public)
    networks = [IPv4Network(b) for b in (*blocks.private, *blocks.public)]
    assert len(blocks.private) == 2
    assert len(blocks.public) == (2 if public else 0)
    assert all(network.subnet_of(IPv4Network(vpc)) for network in networks)
    assert not any(a.overlaps(b) for i, a in enumerate(networks) for b in networks[i + 1 :])
    assert all(20 <= IPv4Network(block).prefixlen <= 26 for block in blocks.private)
    assert all(IPv4Network(block).prefixlen <= 28 for block in blocks.public)


@given(vpcs())
def test_a_nat_gateway_moves_no_private_subnet(vpc: str) -> None:
    assert plan(vpc, public=False).private == plan(vpc, public=True).private


def test_the_default_plan() -> None:
    blocks = plan("10.192.0.0/16", public=True)
    assert blocks.private == ("10.192.0.0/20", "10.192.16.0/20")
    assert blocks.public == ("10.192.32.0/24", "10.192.33.0/24")


@pytest.mark.parametrize("vpc", ["10.0.0.0/15", "10.0.0.0/25", "10.0.0.1/16", "ten"])
def test_other_blocks_are_refused(vpc: str) -> None:
    with pytest.raises(ValueError, match=vpc):
        plan(vpc, public=False)


def test_five_addresses_of_a_subnet_are_not_usable() -> None:
    assert usable("10.0.0.0/26") == 59
    assert usable("10.0.0.0/31") == 0


def test_an_update_needs_two_addresses_per_container() -> None:
    assert needed(size(CLASSES["mw1.micro"]), 0) == 6
    assert needed(size(CLASSES["mw1.small"], max_workers=25), 9) == 67
