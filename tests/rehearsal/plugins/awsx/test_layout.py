"""Where the subnets lie: the published plugin's answers, and what holds for every layout."""

from __future__ import annotations

from ipaddress import IPv4Network
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehearsal.plugins.awsx.layout import LayoutError, lay_out, read_specs
from rehearsal.plugins.awsx.nat import plan_nat


def blocks(vpc: str, zones: int, specs: list[dict[str, Any]], strategy: str) -> list[str]:
    found = lay_out(IPv4Network(vpc), zones, read_specs(specs), strategy)
    return [str(subnet.block) for subnet in found]


@pytest.mark.parametrize(
    ("vpc", "zones", "specs", "expected"),
    [
        (
            "10.192.0.0/16",
            2,
            [{"type": "Public", "cidrMask": 24}, {"type": "Private", "cidrMask": 20}],
            ["10.192.0.0/24", "10.192.16.0/20", "10.192.128.0/24", "10.192.144.0/20"],
        ),
        ("10.0.0.0/16", 2, [{"type": "Private"}], ["10.0.0.0/17", "10.0.128.0/17"]),
        (
            "10.0.0.0/16",
            2,
            [{"type": "Private"}, {"type": "Public"}],
            ["10.0.0.0/18", "10.0.64.0/18", "10.0.128.0/18", "10.0.192.0/18"],
        ),
        (
            "10.0.0.0/16",
            1,
            [{"type": "Private", "cidrBlocks": ["10.0.4.0/24"]}],
            ["10.0.4.0/24"],
        ),
    ],
)
def test_auto(vpc: str, zones: int, specs: list[dict[str, Any]], expected: list[str]) -> None:
    assert blocks(vpc, zones, specs, "Auto") == expected


@pytest.mark.parametrize(
    ("vpc", "zones", "specs", "expected"),
    [
        # Private first, then public, then isolated, whatever order the program gives.
        (
            "10.0.0.0/16",
            2,
            [{"type": "Public"}, {"type": "Private"}],
            ["10.0.0.0/19", "10.0.32.0/20", "10.0.128.0/19", "10.0.160.0/20"],
        ),
        (
            "10.0.0.0/16",
            1,
            [{"type": "Isolated"}, {"type": "Public"}, {"type": "Private"}],
            ["10.0.0.0/19", "10.0.32.0/20", "10.0.48.0/24"],
        ),
        # Blocks are not looked at: the published component ignores them without a word.
        (
            "10.192.0.0/16",
            1,
            [
                {"type": "Public", "cidrBlocks": ["10.192.10.0/24"]},
                {"type": "Private", "cidrBlocks": ["10.192.20.0/24"]},
            ],
            ["10.192.0.0/19", "10.192.32.0/20"],
        ),
        # One spec alone has the whole zone, if that is small.
        ("10.0.0.0/24", 1, [{"type": "Isolated"}], ["10.0.0.0/24"]),
        # A wider range does not reach back over a narrower one: it begins on its own grid.
        (
            "10.0.0.0/18",
            1,
            [{"type": "Private", "cidrMask": 24}, {"type": "Public", "cidrMask": 20}],
            ["10.0.0.0/24", "10.0.16.0/20"],
        ),
    ],
)
def test_legacy(vpc: str, zones: int, specs: list[dict[str, Any]], expected: list[str]) -> None:
    assert blocks(vpc, zones, specs, "Legacy") == expected


def test_exact_counts_unused_ranges() -> None:
    specs = [
        {"type": "Private", "cidrMask": 18},
        {"type": "Unused", "cidrMask": 18},
    ]
    assert len(blocks("10.0.0.0/16", 2, specs, "Exact")) == 4
    with pytest.raises(LayoutError, match="gaps in the subnet ranges"):
        blocks("10.0.0.0/16", 2, specs[:1], "Exact")


@pytest.mark.parametrize(
    ("specs", "strategy", "property_", "reason"),
    [
        ([{"type": "Private"}], "AutoMerge", "subnetStrategy", "Legacy, Auto, Exact"),
        ([{"type": "Secret"}], "Auto", "subnetSpecs[0].type", "allowed: Public, Private"),
        ([{"type": "Private", "color": 1}], "Auto", "subnetSpecs[0].color", "unknown property"),
        ([{"type": "Private"}] * 2, "Auto", "subnetSpecs", "give each a name"),
        ([{"type": "Private", "cidrMask": 8}], "Auto", "subnetSpecs[0].cidrMask", "does not fit"),
        ([{"type": "Private", "cidrMask": 29}], "Auto", "subnetSpecs[0].cidrMask", "/28"),
        (
            [{"type": "Private", "cidrMask": 18}, {"type": "Public", "cidrMask": 17}],
            "Auto",
            "subnetSpecs",
            "do not fit",
        ),
        (
            [{"type": "Private", "cidrBlocks": ["10.0.0.0/24"]}],
            "Auto",
            "subnetSpecs[0].cidrBlocks",
            "allowed: 2",
        ),
        (
            [{"type": "Private", "cidrBlocks": ["10.0.0.0/24", "10.0.1.0/24"]}, {"type": "Public"}],
            "Auto",
            "subnetSpecs",
            "all specs or for none",
        ),
        (
            [{"type": "Private", "cidrBlocks": ["10.0.0.0/24", "10.0.0.0/25"]}],
            "Auto",
            "subnetSpecs",
            "overlap",
        ),
        (
            [{"type": "Private", "cidrBlocks": ["10.0.0.0/24", "10.1.0.0/24"]}],
            "Auto",
            "subnetSpecs",
            "outside",
        ),
    ],
)
def test_refusals(specs: list[dict[str, Any]], strategy: str, property_: str, reason: str) -> None:
    with pytest.raises(LayoutError, match=reason) as refused:
        blocks("10.0.0.0/16", 2, specs, strategy)
    assert refused.value.property == property_


@given(
    st.integers(16, 22),
    st.integers(1, 4),
    st.lists(st.one_of(st.none(), st.integers(20, 28)), min_size=1, max_size=4),
)
def test_ranges_lie_within_the_vpc_and_apart(
    prefix: int, zones: int, masks: list[int | None]
) -> None:
    vpc = IPv4Network(("10.0.0.0", prefix))
    specs = read_specs(
        [
            {"type": "Private", "name": f"s{index}", "cidrMask": mask}
            for index, mask in enumerate(masks)
        ]
    )
    try:
        found = lay_out(vpc, zones, specs, "Auto")
    except LayoutError:
        return
    assert len(found) == zones * len(specs)
    assert all(subnet.block.subnet_of(vpc) for subnet in found)
    assert not any(a.block.overlaps(b.block) for a, b in combinations(found, 2))
    assert all(s.spec.mask in (None, s.block.prefixlen) for s in found)


PUBLIC, PRIVATE = {"type": "Public"}, {"type": "Private"}


@pytest.mark.parametrize(
    ("strategy", "zones"), [("None", ()), ("Single", (0,)), ("OnePerAz", (0, 1)), (None, (0, 1))]
)
def test_nat_gateways_by_strategy(strategy: str | None, zones: tuple[int, ...]) -> None:
    plan = plan_nat({"strategy": strategy} if strategy else None, read_specs([PUBLIC, PRIVATE]), 2)
    assert plan.zones == zones
    assert plan.serving(1) == (zones[-1] if zones else None)


@pytest.mark.parametrize(
    ("given", "specs", "property_"),
    [
        ({"strategy": "Single"}, [PRIVATE], "natGateways.strategy"),
        ({"strategy": "Single"}, [PUBLIC], "natGateways.strategy"),
        (None, [PRIVATE], "natGateways.strategy"),
        ({"strategy": "Two"}, [PUBLIC, PRIVATE], "natGateways.strategy"),
        (
            {"strategy": "Single", "elasticIpAllocationIds": ["a", "b"]},
            [PUBLIC, PRIVATE],
            "natGateways.elasticIpAllocationIds",
        ),
    ],
)
def test_nat_refusals(
    given: dict[str, Any] | None, specs: list[dict[str, Any]], property_: str
) -> None:
    with pytest.raises(LayoutError) as refused:
        plan_nat(given, read_specs(specs), 2)
    assert refused.value.property == property_
