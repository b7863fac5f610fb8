"""How private subnets reach the internet: which zones get a NAT gateway, and which one serves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rehearsal.plugins.awsx.layout import LayoutError, Spec

STRATEGIES = ("None", "Single", "OnePerAz")


@dataclass(frozen=True)
class NatPlan:
    """`zones` that get a NAT gateway, and the allocations to use instead of new addresses."""

    zones: tuple[int, ...]
    allocations: tuple[Any, ...]

    def serving(self, zone: int) -> int | None:
        """The zone whose gateway serves the private subnet of `zone`; None for no way out."""
        if not self.zones:
            return None
        return zone if zone in self.zones else self.zones[0]


def plan_nat(given: Mapping[str, Any] | None, specs: Sequence[Spec], zones: int) -> NatPlan:
    """The plan; a program that says nothing gets one gateway per zone. Raises LayoutError."""
    strategy = (given or {}).get("strategy") or "OnePerAz"
    allocations = tuple((given or {}).get("elasticIpAllocationIds") or ())
    if strategy not in STRATEGIES:
        allowed = ", ".join(STRATEGIES)
        raise LayoutError("natGateways.strategy", f"given {strategy!r}, allowed: {allowed}")
    chosen = {"None": (), "Single": (0,), "OnePerAz": tuple(range(zones))}[strategy]
    if allocations and len(allocations) != len(chosen):
        raise LayoutError(
            "natGateways.elasticIpAllocationIds",
            f"given {len(allocations)}, allowed: none or {len(chosen)} with {strategy}",
        )
    types = {spec.type for spec in specs}
    if chosen and not ("Public" in types and types & {"Private", "Isolated"}):
        raise LayoutError(
            "natGateways.strategy",
            f"{strategy} needs a Public subnet and a Private or Isolated one; given: "
            f"{', '.join(sorted(types))}. Use the strategy None",
        )
    return NatPlan(chosen, allocations)
