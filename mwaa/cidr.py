"""The address plan of a new VPC: pure arithmetic, no AWS.

Blocks follow from the VPC's block alone. Whether there are public subnets changes no private one,
because a moved subnet replaces the environment and its metadata database is lost.
"""

from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Final

from mwaa.service.classes import Sizing

ZONES: Final = 2
"""MWAA takes exactly two subnets in two zones."""

LARGEST_VPC: Final = 16
SMALLEST_VPC: Final = 24
"""Prefix lengths. AWS allows /28, but four blocks of it would not hold an environment."""

_LARGEST_SUBNET: Final = 20
_LARGEST_PUBLIC: Final = 24

RESERVED: Final = 5
"""Addresses that AWS keeps in every subnet.

Source: https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html
"""


@dataclass(frozen=True)
class AddressPlan:
    """Blocks in the order of the zones. ``public`` is empty without a NAT gateway."""

    vpc: str
    private: tuple[str, str]
    public: tuple[str, ...]


def plan(vpc_cidr: str, *, public: bool) -> AddressPlan:
    """Splits a VPC: four equal blocks (at most /20), two private, one for public subnets, one free.

    Raises ValueError for a block that is not a network or not between /16 and /24.
    """
    vpc = IPv4Network(vpc_cidr)
    if not LARGEST_VPC <= vpc.prefixlen <= SMALLEST_VPC:
        raise ValueError(f"{vpc_cidr} is not between /{LARGEST_VPC} and /{SMALLEST_VPC}")
    prefix = max(vpc.prefixlen + 2, _LARGEST_SUBNET)
    step = 2 ** (32 - prefix)
    base = int(vpc.network_address)
    first, second, shared = (IPv4Network((base + i * step, prefix)) for i in range(3))
    # A NAT gateway needs one address: the public pair shares one block.
    public_prefix = max(prefix + 1, _LARGEST_PUBLIC)
    pair = list(shared.subnets(new_prefix=public_prefix))[:ZONES] if public else []
    return AddressPlan(str(vpc), (str(first), str(second)), tuple(str(block) for block in pair))


def usable(cidr: str) -> int:
    """The addresses of a subnet that AWS lets anyone use."""
    return max(IPv4Network(cidr).num_addresses - RESERVED, 0)


def needed(sizing: Sizing, interface_endpoints: int) -> int:
    """Addresses that one subnet should have free at full scale.

    Every container has one interface, and an update runs old and new containers side by side, so
    each counts twice; a zone may have to hold all of them. Each endpoint takes one address.
    """
    containers = sizing.max_workers + sizing.schedulers + sizing.max_webservers
    return 2 * containers + interface_endpoints
