"""Sets of IP addresses as sorted, disjoint intervals, and sets of (address, port) packets.

Cutting intervals is exact where testing one sample address is not: a rule that admits half of a
subnet is seen to admit half. Blocks are parsed once (``block`` is cached).
"""

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

Interval = tuple[int, int, int]
"""IP version, first address, last address; both ends belong to it."""


@dataclass(frozen=True)
class Addresses:
    """A set of IPv4 and IPv6 addresses. Build it with ``block``, ``union`` or the operators."""

    intervals: tuple[Interval, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.intervals)

    def __and__(self, other: "Addresses") -> "Addresses":
        found = []
        for version, low, high in self.intervals:
            for its_version, its_low, its_high in other.intervals:
                if version == its_version and low <= its_high and its_low <= high:
                    found.append((version, max(low, its_low), min(high, its_high)))
        return Addresses(_normal(found))

    def __or__(self, other: "Addresses") -> "Addresses":
        return Addresses(_normal((*self.intervals, *other.intervals)))

    def __sub__(self, other: "Addresses") -> "Addresses":
        left = list(self.intervals)
        for version, low, high in other.intervals:
            kept: list[Interval] = []
            for interval in left:
                its_version, its_low, its_high = interval
                if its_version != version or its_high < low or high < its_low:
                    kept.append(interval)
                    continue
                if its_low < low:
                    kept.append((version, its_low, low - 1))
                if high < its_high:
                    kept.append((version, high + 1, its_high))
            left = kept
        return Addresses(_normal(left))

    def __le__(self, other: "Addresses") -> bool:
        return not self - other

    def __str__(self) -> str:
        blocks = [
            str(network)
            for version, low, high in self.intervals
            for network in ipaddress.summarize_address_range(
                _address(version, low), _address(version, high)
            )
        ]
        return ", ".join(blocks[:3]) + (f" and {len(blocks) - 3} more" if len(blocks) > 3 else "")


def _address(version: int, value: int) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    return ipaddress.IPv4Address(value) if version == 4 else ipaddress.IPv6Address(value)


def _normal(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """Sorted, with touching and overlapping intervals of one IP version merged."""
    merged: list[Interval] = []
    for version, low, high in sorted(intervals):
        if merged and merged[-1][0] == version and low <= merged[-1][2] + 1:
            merged[-1] = (version, merged[-1][1], max(high, merged[-1][2]))
        else:
            merged.append((version, low, high))
    return tuple(merged)


@lru_cache(maxsize=16384)
def parse(cidr: str) -> tuple[Addresses, int] | None:
    """The addresses and prefix length of a CIDR block, or None when the text is no CIDR block.

    Host bits may be set, as the EC2 API allows them.
    """
    try:
        network = ipaddress.ip_network(cidr, strict=False)
    except ValueError:
        return None
    first, last = int(network.network_address), int(network.broadcast_address)
    return Addresses(((network.version, first, last),)), network.prefixlen


def block(cidr: str) -> Addresses:
    """The addresses of a CIDR block; the empty set when the text is no CIDR block."""
    parsed = parse(cidr)
    return parsed[0] if parsed else Addresses()


def union(cidrs: Iterable[str]) -> Addresses:
    """All addresses of several CIDR blocks."""
    return Addresses(_normal(i for cidr in cidrs for i in block(cidr).intervals))


ANY = union(("0.0.0.0/0", "::/0"))
EVERYWHERE = block("0.0.0.0/0")
# Not reachable over the internet: https://www.iana.org/assignments/iana-ipv4-special-registry
PUBLIC = EVERYWHERE - union(
    (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",
    )
)


def is_world(addresses: Addresses) -> bool:
    """Whether a set is too large to be anyone's own networks: a sixteenth of IPv4 or more, or a
    /7 of IPv6. All private blocks of IPv4 together are less than a tenth of that."""
    sizes = {4: 0, 6: 0}
    for version, low, high in addresses.intervals:
        sizes[version] += high - low + 1
    return sizes[4] >= 2**28 or sizes[6] >= 2**121


@dataclass(frozen=True)
class Packets:
    """Packets of one protocol: addresses of the far end times an inclusive range of ports."""

    addresses: Addresses
    low: int
    high: int

    # The same few packets meet the same few rules for every service, subnet and endpoint.
    @lru_cache(maxsize=16384)  # noqa: B019 - a value: what it refers to are numbers
    def cut(self, other: "Packets") -> tuple["Packets | None", tuple["Packets", ...]]:
        """The part that also lies in ``other``, and the rest in at most three parts."""
        low, high = max(self.low, other.low), min(self.high, other.high)
        shared = self.addresses & other.addresses
        if low > high or not shared:
            return None, (self,)
        rest = []
        if self.low < low:
            rest.append(Packets(self.addresses, self.low, low - 1))
        if high < self.high:
            rest.append(Packets(self.addresses, high + 1, self.high))
        outside = self.addresses - other.addresses
        if outside:
            rest.append(Packets(outside, low, high))
        return Packets(shared, low, high), tuple(rest)

    def __str__(self) -> str:
        ports = str(self.low) if self.low == self.high else f"{self.low}-{self.high}"
        return f"{self.addresses} port {ports}"
