"""Longest-prefix match against ipaddress, and which table serves a subnet."""

import ipaddress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mwaa.model.platform import (
    UNKNOWN,
    Endpoint,
    Platform,
    PrefixList,
    Route,
    RouteTable,
    known,
)
from policy.analysis.network import routes
from policy.analysis.network.addresses import block
from tests.fixtures.changes import adding, with_subnet, with_table
from tests.fixtures.platforms import existing_vpc, nat, no_internet

cidrs = st.builds(
    lambda host, length: str(ipaddress.ip_network((f"10.0.0.{host}", length), strict=False)),
    st.integers(0, 15),
    st.integers(27, 32),
) | st.sampled_from(["0.0.0.0/0", "::/0", "fd00::/8"])
tables = st.lists(cidrs, unique=True, max_size=6).map(
    lambda found: RouteTable(
        id="rtb",
        routes=tuple(Route(destination=c, kind="nat", target=f"to {c}") for c in found),
    )
)
addresses = st.integers(0, 31).map(lambda n: f"10.0.0.{n}") | st.just("fd00::7")


def longest(table: RouteTable, address: str) -> str | None:
    assert known(table.routes)
    matching = [
        network
        for route in table.routes
        if (network := ipaddress.ip_network(str(route.destination))).version
        == ipaddress.ip_address(address).version
        and ipaddress.ip_address(address) in network
    ]
    return str(max(matching, key=lambda n: n.prefixlen)) if matching else None


@given(tables, addresses)
def test_lookup_agrees_with_the_longest_prefix(table: RouteTable, address: str) -> None:
    route = routes.lookup(no_internet(), table, address)
    assert route is not UNKNOWN
    assert (route.destination if route else None) == longest(table, address)


@given(tables)
def test_segments_divide_the_destinations(table: RouteTable) -> None:
    wanted = block("10.0.0.0/27")
    segments = routes.resolve(no_internet(), table, wanted)
    assert sum(h - low + 1 for s in segments for _, low, h in s.addresses.intervals) == 32
    for segment in segments:
        first = str(ipaddress.ip_address(segment.addresses.intervals[0][1]))
        assert segment.route is not UNKNOWN
        assert (segment.route.destination if segment.route else None) == longest(table, first)


DEFAULT = Route(destination="0.0.0.0/0", kind="internet")


def table_with(*found: Route) -> RouteTable:
    return RouteTable(id="rtb", routes=found)


def test_a_prefix_list_route_serves_all_its_blocks_and_yields_to_a_block_of_equal_length() -> None:
    platform = adding(
        no_internet(), "prefix_lists", PrefixList(id="pl-1", cidrs=("10.1.0.0/16", "10.2.0.0/16"))
    )
    listed = Route(destination="pl-1", kind="transit", target="tgw")
    static = Route(destination="10.1.0.0/16", kind="nat", target="nat")
    table = table_with(listed, static, DEFAULT)
    found = [routes.lookup(platform, table, a) for a in ("10.1.0.1", "10.2.0.1", "10.3.0.1")]
    assert [r.kind if known(r) and r else r for r in found] == ["nat", "transit", "internet"]


def test_a_prefix_list_not_read_makes_every_route_unknown_unless_a_gateway_endpoint_owns_it() -> (
    None
):
    default = Route(destination="0.0.0.0/0", kind="nat", target="nat")
    for target, expected in (("vpce-s3", default), ("vpce-kms", UNKNOWN), ("gone", UNKNOWN)):
        listed = Route(destination="pl-unread", kind="endpoint", target=target)
        assert routes.lookup(no_internet(), table_with(listed, default), "8.8.8.8") is expected


def test_an_unknown_destination_could_take_any_packet() -> None:
    table = table_with(Route(destination=UNKNOWN, kind="nat"), DEFAULT)
    assert routes.lookup(no_internet(), table, "8.8.8.8") is UNKNOWN


def test_lookup_refuses_what_is_no_address() -> None:
    with pytest.raises(ValueError, match="no IP address"):
        routes.lookup(no_internet(), table_with(), "s3")


def effective(platform: Platform, subnet: str = "subnet-a") -> object:
    table = routes.effective(platform, subnet)
    return table.id if known(table) else table


def test_an_explicit_association_precedes_the_main_table() -> None:
    assert effective(nat()) == "rtb-a"
    assert effective(with_table(nat(), "rtb-a", subnets=())) == "rtb-main"


def test_the_main_table_serves_subnets_without_an_association() -> None:
    assert effective(existing_vpc()) == "rtb-main"


@pytest.mark.parametrize(
    "platform",
    [
        with_table(no_internet(), "rtb-a", subnets=UNKNOWN),
        with_table(no_internet(), "rtb-a", subnets=(UNKNOWN,)),
        with_table(existing_vpc(), "rtb-main", is_main=UNKNOWN),
        with_table(existing_vpc(), "rtb-main", vpc=UNKNOWN),
        with_subnet(existing_vpc(), "subnet-a", vpc=UNKNOWN),
        replace(no_internet(), route_tables=UNKNOWN),
        replace(existing_vpc(), route_tables=()),
    ],
)
def test_an_ambiguous_association_is_unknown(platform: Platform) -> None:
    assert effective(platform) is UNKNOWN


def test_an_unknown_association_elsewhere_does_not_hide_a_known_one() -> None:
    assert effective(with_table(no_internet(), "rtb-b", subnets=UNKNOWN)) == "rtb-a"


def test_kinds_of_routes() -> None:
    table = table_with(
        DEFAULT,
        Route(destination="10.0.0.0/8", kind="local"),
    )
    found = routes.kinds(table, "internet")
    assert known(found) and len(found) == 1
    assert (
        routes.kinds(table_with(Route(destination="0.0.0.0/0", kind=UNKNOWN)), "internet")
        is UNKNOWN
    )
    assert routes.kinds(table_with(), "internet") == ()


def test_local_and_gateway_endpoint_routes_have_no_say_for_public_services() -> None:
    platform = adding(no_internet(), "endpoints", Endpoint(id="fw", service="x", type="Gateway"))
    assert routes.is_aside(platform, Route(destination="10.0.0.0/8", kind="local"))
    assert routes.is_aside(platform, Route(destination="pl-1", kind="endpoint", target="vpce-s3"))
    assert not routes.is_aside(
        platform, Route(destination="0.0.0.0/0", kind="endpoint", target="vpce-kms")
    )
    assert not routes.is_aside(platform, None)
