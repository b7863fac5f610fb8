"""Where each subnet lies in the VPC's range, by the strategies of the component. Pure arithmetic.

Sources: https://github.com/pulumi/pulumi-awsx/blob/master/awsx/ec2/subnetDistributorNew.ts and, for
the default strategy, subnetDistributorLegacy.ts beside it
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network
from itertools import pairwise
from typing import Any

TYPES = ("Public", "Private", "Isolated", "Unused")
STRATEGIES = ("Legacy", "Auto", "Exact")
# In this order within a zone, and no wider than this unless a spec says so.
_LEGACY = {"Private": 19, "Public": 20, "Isolated": 24}
_SPEC_KEYS = frozenset({"type", "name", "cidrMask", "cidrBlocks", "tags", "size"})
_SMALLEST_MASK = 28


class LayoutError(ValueError):
    """The subnets do not fit; `property` is the path of the argument at fault."""

    def __init__(self, property: str, reason: str) -> None:
        super().__init__(reason)
        self.property = property
        self.reason = reason


@dataclass(frozen=True, eq=False)
class Spec:
    """One kind of subnet, of which every zone gets one; `mask` and `blocks` exclude each other.

    A spec is equal only to itself, since its tags may be values that do not exist yet.
    """

    type: str
    name: str
    mask: int | None
    blocks: tuple[IPv4Network, ...]
    tags: Any


@dataclass(frozen=True)
class PlannedSubnet:
    """One range of the layout; `zone` counts from 0."""

    spec: Spec
    zone: int
    block: IPv4Network


def read_specs(given: Sequence[Mapping[str, Any]]) -> list[Spec]:
    """The specs of a program. Raises LayoutError for an unknown type or key, or a name twice."""
    specs = []
    for index, spec in enumerate(given):
        at = f"subnetSpecs[{index}]"
        for key in set(spec) - _SPEC_KEYS:
            raise LayoutError(f"{at}.{key}", f"unknown property {key}")
        if spec.get("size") is not None:
            raise LayoutError(f"{at}.size", "not in the stand-in: give cidrMask or cidrBlocks")
        if spec.get("type") not in TYPES:
            allowed = ", ".join(TYPES)
            raise LayoutError(f"{at}.type", f"given {spec.get('type')!r}, allowed: {allowed}")
        blocks = tuple(IPv4Network(block) for block in spec.get("cidrBlocks") or ())
        mask = spec.get("cidrMask")
        name = spec.get("name") or str(spec["type"]).lower()
        specs.append(
            Spec(spec["type"], name, None if mask is None else int(mask), blocks, spec.get("tags"))
        )
    names = [spec.name for spec in specs]
    for name in names:
        if names.count(name) > 1:
            raise LayoutError("subnetSpecs", f"two specs are called {name!r}: give each a name")
    return specs


def lay_out(
    vpc: IPv4Network, zones: int, specs: Sequence[Spec], strategy: str
) -> list[PlannedSubnet]:
    """Every range, zone by zone in the order of the specs, those of type Unused included.

    Raises LayoutError when ranges do not fit, overlap or, with Exact, leave gaps.
    """
    if strategy not in STRATEGIES:
        raise LayoutError(
            "subnetStrategy",
            f"given {strategy!r}. The stand-in for rehearsal has {', '.join(STRATEGIES)}",
        )
    if strategy == "Legacy":
        found = _legacy(vpc, zones, specs)
        _judge(vpc, found, exact=False)
        return found
    explicit = [bool(spec.blocks) for spec in specs]
    if any(explicit):
        if not all(explicit):
            raise LayoutError("subnetSpecs", "cidrBlocks must be given for all specs or for none")
        found = _explicit(zones, specs)
    else:
        found = _split(vpc, zones, specs)
    _judge(vpc, found, exact=strategy == "Exact")
    return found


def _explicit(zones: int, specs: Sequence[Spec]) -> list[PlannedSubnet]:
    for index, spec in enumerate(specs):
        if len(spec.blocks) != zones:
            raise LayoutError(
                f"subnetSpecs[{index}].cidrBlocks",
                f"given {len(spec.blocks)}, allowed: {zones}, one for each Availability Zone",
            )
    return [PlannedSubnet(spec, zone, spec.blocks[zone]) for zone in range(zones) for spec in specs]


def _split(vpc: IPv4Network, zones: int, specs: Sequence[Spec]) -> list[PlannedSubnet]:
    zone_mask = vpc.prefixlen + (zones - 1).bit_length()
    equal = zone_mask + (len(specs) - 1).bit_length()
    found = []
    for zone in range(zones):
        area = list(vpc.subnets(new_prefix=zone_mask))[zone]
        start = int(area.network_address)
        for index, spec in enumerate(specs):
            mask = equal if spec.mask is None else spec.mask
            if not zone_mask <= mask <= _SMALLEST_MASK:
                raise LayoutError(
                    f"subnetSpecs[{index}].cidrMask",
                    f"/{mask} does not fit: each zone has {area}, and /28 is the smallest subnet",
                )
            size = 1 << (32 - mask)
            # A range begins at a multiple of its own size, which can leave a gap before it.
            start = -(-start // size) * size
            block = IPv4Network((start, mask))
            if not block.subnet_of(area):
                raise LayoutError("subnetSpecs", f"the subnets do not fit into {area} of a zone")
            found.append(PlannedSubnet(spec, zone, block))
            start += size
    return found


def _legacy(vpc: IPv4Network, zones: int, specs: Sequence[Spec]) -> list[PlannedSubnet]:
    """The default strategy: by type whatever order is given; `blocks` are not looked at."""
    zone_mask = vpc.prefixlen + (zones - 1).bit_length()
    halved = zone_mask + (len(specs) > 1)
    found: list[PlannedSubnet] = []
    for zone in range(zones):
        area = list(vpc.subnets(new_prefix=zone_mask))[zone]
        end = int(area.network_address) - 1
        base = int(area.network_address)
        for kind, widest in _LEGACY.items():
            mine = [spec for spec in specs if spec.type == kind]
            for index, spec in enumerate(mine):
                mask = max(halved, widest) if spec.mask is None else spec.mask
                size = 1 << (32 - mask)
                # A range that would reach back over the one before it moves up to its own grid.
                start = max((base + index * size) // size, (end + size) // size) * size
                block = IPv4Network((start, mask))
                end = int(block.broadcast_address)
                found.append(PlannedSubnet(spec, zone, block))
            if mine:
                base = end + 1
    return found


def _judge(vpc: IPv4Network, found: Sequence[PlannedSubnet], *, exact: bool) -> None:
    for subnet in found:
        if not subnet.block.subnet_of(vpc):
            raise LayoutError("subnetSpecs", f"{subnet.block} is outside of the VPC's {vpc}")
    ordered = sorted((subnet.block for subnet in found), key=lambda block: block.network_address)
    for first, second in pairwise(ordered):
        if first.overlaps(second):
            raise LayoutError("subnetSpecs", f"{first} and {second} overlap")
    if exact and sum(block.num_addresses for block in ordered) != vpc.num_addresses:
        raise LayoutError(
            "subnetSpecs",
            "There are gaps in the subnet ranges. Fill them with specs of type Unused, or use the "
            "strategy Auto",
        )
