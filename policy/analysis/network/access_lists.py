"""Network ACLs: rules in number order, the first match wins, no match is a refusal.

They are stateless, so a connection needs its ports one way and ephemeral ports the other way.
Source: https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html
"""

from mwaa.model.platform import (
    UNKNOWN,
    AclEntry,
    Maybe,
    NetworkAcl,
    Platform,
    Subnet,
    known,
)
from policy.analysis.index import associated, index_of
from policy.analysis.network.addresses import ANY, Addresses, Packets, block
from policy.analysis.network.admission import Admission, subtract, within

EPHEMERAL = (1024, 65535)
"""Ports of the answering direction; NAT gateways and network load balancers use all of them.

Source: https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html
"""

LAST = 32767
"""The number that EC2 gives the rule at the end of a list, which refuses what is left."""

TCP = "6"
_PROTOCOLS = {"tcp": "6", "udp": "17", "icmp": "1", "all": "-1"}
_ALL_PORTS = (0, 65535)


def effective(platform: Platform, subnet: str) -> Maybe[NetworkAcl]:
    """The network ACL that guards a subnet: its explicit association, else the VPC's default."""
    index = index_of(platform)
    record = index.subnets.get(subnet, Subnet(id=subnet))
    if not known(platform.network_acls):
        return UNKNOWN
    acls = index.network_acls.values()
    return associated(index.acls_of, acls, record, lambda acl: acl.is_default)


def admits(
    acl: Maybe[NetworkAcl],
    peers: Addresses,
    ports: tuple[int, int],
    *,
    egress: bool,
    protocol: str = TCP,
) -> Admission:
    """What the list does with packets to (``egress``) or from ``peers``, to the given ports.

    ``ports`` are destination ports, inclusive. An unknown list may admit or refuse everything.
    """
    asked = Packets(peers, *ports)
    if not known(acl) or not known(acl.entries):
        return Admission(asked, (), (asked,))
    entries = [e for e in acl.entries if known(e.number) and e.egress is not (not egress)]
    loose = [e for e in acl.entries if not known(e.number) and e.egress is not (not egress)]
    ordered = sorted(entries, key=lambda e: e.number if known(e.number) else 0)
    # A rule of unknown number does its worst in front of all others, or not at all.
    denying = [e for e in loose if e.allow is not True]
    allowing = [e for e in loose if e.allow is not False]
    worst = _refused(asked, [*denying, *ordered], egress, protocol, pessimistic=True)
    if not worst:
        return Admission(asked, (), ())
    best = _refused(asked, [*allowing, *ordered], egress, protocol, pessimistic=False)
    return Admission(asked, best, worst)


def refusing_rule(
    acl: Maybe[NetworkAcl], asked: Packets, *, egress: bool, protocol: str = TCP
) -> int | None:
    """The number of the first rule that refuses some of the packets; None where no rule does, but
    the end of the list."""
    entries = acl.entries if known(acl) and known(acl.entries) else ()
    numbered = [(e.number, e) for e in entries if known(e.number) and e.egress is egress]
    open_: tuple[Packets, ...] = (asked,)
    for number, entry in sorted(numbered, key=lambda pair: pair[0]):
        region = _region(entry, egress, protocol, sure=True)
        if region is None:
            continue
        if entry.allow is False and within(open_, region):
            return number if number != LAST else None
        open_ = subtract(open_, region)
    return None


def _refused(
    asked: Packets, entries: list[AclEntry], egress: bool, protocol: str, *, pessimistic: bool
) -> tuple[Packets, ...]:
    """The asked packets that are refused when every unknown fact turns out badly, or well."""
    open_: tuple[Packets, ...] = (asked,)
    refused: tuple[Packets, ...] = ()
    for entry in entries:
        allows = entry.allow if known(entry.allow) else not pessimistic
        if not known(entry.number):
            allows = not pessimistic
        # Against the mood, a rule counts only where it matches for sure; with it, wherever it may.
        region = _region(entry, egress, protocol, sure=allows is pessimistic)
        if region is None:
            continue
        if not allows:
            refused += within(open_, region)
        open_ = subtract(open_, region)
    return refused + open_


def _region(entry: AclEntry, egress: bool, protocol: str, *, sure: bool) -> Packets | None:
    """The packets that a rule matches for sure, or may match; None when there are none."""
    if not known(entry.egress) and sure:
        return None
    ports: tuple[int, int] = _ALL_PORTS
    if known(entry.protocol):
        number = _PROTOCOLS.get(entry.protocol.lower(), entry.protocol)
        if number not in ("-1", protocol):
            return None
        if number != "-1":
            low, high = entry.from_port, entry.to_port
            if not (known(low) and known(high)):
                if sure:
                    return None
                low = low if known(low) else None
                high = high if known(high) else None
            ports = (_ALL_PORTS[0] if low is None else low, _ALL_PORTS[1] if high is None else high)
    elif sure:
        return None
    if not known(entry.cidr):
        return None if sure else Packets(ANY, *ports)
    return Packets(block(entry.cidr), *ports)
