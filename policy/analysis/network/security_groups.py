"""Security groups: what the union of an interface's groups admits. They are stateful.

A peer is known by its addresses, by the groups on its interface, or by the prefix lists that hold
its addresses. Source: https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
"""

from collections.abc import Iterable
from dataclasses import dataclass

from mwaa.model.platform import GroupRule, Maybe, Platform, SecurityGroup, Unknown, known
from policy.analysis.index import index_of
from policy.analysis.network.addresses import Addresses, Packets, block, union
from policy.analysis.network.admission import Admission, subtract
from policy.analysis.verdict import Verdict

_ALL_PORTS = (0, 65535)
_NUMBERS = {"6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6", "all": "-1"}


@dataclass(frozen=True)
class Peer:
    """The far end of a connection.

    ``every`` says whether all of ``addresses`` are meant, or one of them that is not known.
    ``groups`` are on its interface; ``may_have_more`` where others may be that are not known.
    ``prefix_lists`` are lists known to hold all its addresses (their identities).
    """

    addresses: Addresses
    every: bool = True
    groups: frozenset[str] = frozenset()
    may_have_more: bool = False
    prefix_lists: frozenset[str] = frozenset()


def groups_of(
    platform: Platform, identities: Maybe[tuple[Maybe[str], ...]]
) -> tuple[SecurityGroup | None, ...]:
    """The groups on an interface; None stands for one that is not known."""
    if not known(identities):
        return (None,)
    index = index_of(platform)
    return tuple(index.groups.get(i) if known(i) else None for i in identities)


def interface(
    identities: Maybe[tuple[Maybe[str], ...]], addresses: Addresses, *, every: bool = True
) -> Peer:
    """The peer that is an interface (or many) with these groups and addresses."""
    named = identities if known(identities) else (Unknown.UNKNOWN,)
    return Peer(
        addresses,
        every,
        frozenset(i for i in named if known(i)),
        may_have_more=not all(known(i) for i in named),
    )


def admits(
    platform: Platform,
    groups: Iterable[SecurityGroup | None],
    peer: Peer,
    ports: tuple[int, int],
    *,
    egress: bool,
    protocol: str = "tcp",
) -> Admission:
    """What the groups on one interface admit to (``egress``) or from ``peer``, to ``ports``."""
    asked = Packets(peer.addresses, *ports)
    shut: tuple[Packets, ...] = (asked,)
    doubtful: tuple[Packets, ...] = (asked,)
    for group in groups:
        rules = None if group is None else (group.egress if egress else group.ingress)
        if rules is None or not known(rules):
            shut = ()
            continue
        for rule in rules:
            span = _ports(rule, protocol)
            if span is None:
                continue
            sure_ports, may_ports = span
            sure, may = _addresses(platform, rule, peer)
            if not may & peer.addresses:
                continue
            if sure_ports is not None:
                doubtful = subtract(doubtful, Packets(sure, *sure_ports))
            shut = subtract(shut, Packets(may, *may_ports))
            if not doubtful:
                return Admission(asked, (), ())
    return Admission(asked, shut, doubtful)


def allows(
    platform: Platform,
    groups: Iterable[SecurityGroup | None],
    peer: Peer,
    port: int,
    *,
    egress: bool,
    protocol: str = "tcp",
) -> Verdict:
    """Whether ``peer`` and the interface may speak on one port, as ``admits`` sees it."""
    admission = admits(platform, groups, peer, (port, port), egress=egress, protocol=protocol)
    return admission.verdict(every=peer.every)


def _ports(rule: GroupRule, protocol: str) -> tuple[tuple[int, int] | None, tuple[int, int]] | None:
    """The ports a rule opens for sure, and may open; None if it is about another protocol."""
    if known(rule.protocol):
        name = _NUMBERS.get(rule.protocol.lower(), rule.protocol.lower())
        if name == "-1":
            return _ALL_PORTS, _ALL_PORTS
        if name != protocol:
            return None
    low, high = rule.from_port, rule.to_port
    may = (
        low if known(low) and low is not None else _ALL_PORTS[0],
        high if known(high) and high is not None else _ALL_PORTS[1],
    )
    if not known(rule.protocol):
        # It may turn out to be -1, which opens every port.
        return None, _ALL_PORTS
    return (may if known(low) and known(high) else None), may


def _addresses(platform: Platform, rule: GroupRule, peer: Peer) -> tuple[Addresses, Addresses]:
    """Those of the peer's addresses that a rule covers for sure, and those it may cover."""
    nothing, everything = Addresses(), peer.addresses
    if not (known(rule.cidr) and known(rule.group) and known(rule.prefix_list)):
        return nothing, everything
    if isinstance(rule.cidr, str):
        covered = block(rule.cidr)
        return covered, covered
    if isinstance(rule.group, str):
        if rule.group in peer.groups:
            return everything, everything
        return nothing, (everything if peer.may_have_more else nothing)
    if isinstance(rule.prefix_list, str):
        if rule.prefix_list in peer.prefix_lists:
            return everything, everything
        prefix_list = index_of(platform).prefix_lists.get(rule.prefix_list)
        if prefix_list is None or not known(prefix_list.cidrs):
            return nothing, everything
        covered = union(prefix_list.cidrs)
        return covered, covered
    return nothing, nothing


def opens(
    groups: Iterable[SecurityGroup | None], *, egress: bool, within: Addresses
) -> Maybe[tuple[tuple[SecurityGroup, GroupRule], ...]]:
    """The rules that name blocks reaching into ``within`` (for example the whole internet)."""
    found: list[tuple[SecurityGroup, GroupRule]] = []
    doubt = False
    for group in groups:
        rules = None if group is None else (group.egress if egress else group.ingress)
        if group is None or rules is None or not known(rules):
            doubt = True
            continue
        for rule in rules:
            if not known(rule.cidr):
                doubt = True
            elif rule.cidr is not None and block(rule.cidr) & within:
                found.append((group, rule))
    return Unknown.UNKNOWN if doubt and not found else tuple(found)
