"""The hops inside a VPC, each a proof: security groups on both ends, network ACLs, local routes.

A hop says what it found in words that name the resources, so that the first hop that breaks is
the finding.
"""

from mwaa.model.platform import (
    UNKNOWN,
    Endpoint,
    Maybe,
    Platform,
    Route,
    SecurityGroup,
    Subnet,
    known,
)
from policy.analysis.index import index_of
from policy.analysis.network import access_lists, routes, security_groups
from policy.analysis.network.access_lists import EPHEMERAL
from policy.analysis.network.addresses import EVERYWHERE, Addresses, block, union
from policy.analysis.network.security_groups import Peer
from policy.analysis.verdict import Proof, Verdict, chain, every

Groups = tuple[SecurityGroup | None, ...]


def addresses_of(platform: Platform, subnet: Subnet) -> tuple[Addresses, bool]:
    """The addresses an interface in the subnet may have, and whether that set is exact.

    Any of them will be in use sooner or later: workers come and go. A subnet whose block is not
    known lies in its VPC's blocks.
    """
    if known(subnet.cidr) and subnet.cidr is not None:
        return block(subnet.cidr), True
    vpc = index_of(platform).vpcs.get(subnet.vpc) if known(subnet.vpc) else None
    if vpc is None or not known(vpc.cidrs) or not all(known(c) for c in vpc.cidrs):
        return EVERYWHERE, False
    return union(c for c in vpc.cidrs if known(c)), False


def say(verdict: Verdict, good: str, bad: str, doubt: str, remedy: str) -> Proof:
    """A proof worded for each verdict."""
    if verdict is Verdict.PASS:
        return Proof(verdict, good, (good,))
    return Proof(verdict, bad if verdict is Verdict.FAIL else doubt, remedy=remedy)


def group_hop(
    platform: Platform,
    groups: Groups,
    peer: Peer,
    port: int,
    *,
    egress: bool,
    owner: str,
    peer_name: str,
) -> Proof:
    """The security groups of ``owner`` admit ``peer`` on a TCP port."""
    ids = [g.id if g else "a group not known yet" for g in groups]
    # Every service asks it of the same groups and the same peer.
    admission = index_of(platform).remember(
        ("admits", *ids, peer, port, egress),
        lambda: security_groups.admits(platform, groups, peer, (port, port), egress=egress),
    )
    names = ", ".join(ids) or "no group"
    way = "to" if egress else "from"
    rule = "egress" if egress else "ingress"
    return say(
        admission.verdict(every=peer.every),
        f"security groups of {owner} admit tcp {port} {way} {peer_name}",
        f"security groups of {owner} ({names}) do not admit tcp {port} {way} {peer_name}",
        f"whether security groups of {owner} ({names}) admit tcp {port} {way} {peer_name} "
        "is not known",
        f"add an {rule} rule for tcp {port} {way} {peer_name} to one of: {names}",
    )


def acl_hop(
    platform: Platform,
    subnet: str,
    peers: Addresses,
    port: int,
    *,
    opens: bool,
    every: bool,
    peer_name: str,
) -> Proof:
    """The network ACL of a subnet lets one connection through, both directions.

    ``opens`` tells whether the subnet is the side that opens the connection.
    """
    acl = access_lists.effective(platform, subnet)
    name = acl.id if known(acl) else "its network ACL"
    asked = access_lists.admits(acl, peers, (port, port), egress=opens)
    answer = access_lists.admits(acl, peers, EPHEMERAL, egress=not opens)
    ways = ("outbound", "inbound") if opens else ("inbound", "outbound")
    proofs = []
    for admission, way in zip((asked, answer), ways, strict=True):
        low, high = admission.asked.low, admission.asked.high
        ports = str(low) if low == high else f"{low}-{high}"
        what = f"{way} tcp {ports} with {peer_name}"
        verdict, rule = admission.verdict(every=every), None
        if verdict is not Verdict.PASS:
            rule = access_lists.refusing_rule(acl, admission.asked, egress=way == "outbound")
        by = f" by rule {rule}" if rule is not None else ", as no rule allows it"
        before = f"below {rule}" if rule is not None else "of your choice"
        proofs.append(
            say(
                verdict,
                f"network ACL of {subnet} allows {what}",
                f"network ACL {name} of {subnet} refuses {what} (for example {admission.sample})"
                f"{by}",
                f"whether network ACL {name} of {subnet} allows {what} is not known",
                f"allow {what} in {name}, with a rule number {before}",
            )
        )
    return chain(*proofs)


def crossing(platform: Platform, one: Subnet, other: Subnet, port: int) -> Proof:
    """From any address of one subnet to an interface in another one of the same VPC."""
    if one.id == other.id:
        return Proof(Verdict.PASS, "both ends are in the same subnet")
    # Every endpoint in a subnet asks the same question.
    return index_of(platform).remember(
        f"crossing {one.id} {other.id} {port}", lambda: _crossing(platform, one, other, port)
    )


def _crossing(platform: Platform, one: Subnet, other: Subnet, port: int) -> Proof:
    there, exact = addresses_of(platform, other)
    here, from_all = addresses_of(platform, one)
    return chain(
        _stays_local(platform, one, there, exact, other.id),
        acl_hop(platform, one.id, there, port, opens=True, every=exact, peer_name=other.id),
        acl_hop(platform, other.id, here, port, opens=False, every=from_all, peer_name=one.id),
    )


def _stays_local(
    platform: Platform, subnet: Subnet, there: Addresses, exact: bool, name: str
) -> Proof:
    """No route takes packets inside the VPC away: the local route is there even when unlisted."""
    table = routes.effective(platform, subnet.id)
    doubt = Proof(Verdict.UNKNOWN, f"the routes from {subnet.id} to {name} are not all known")
    if not known(table):
        return doubt
    for segment in routes.resolve(platform, table, there):
        if not known(segment.route):
            return doubt
        if segment.route is None or segment.route.kind == "local":
            continue
        if not exact:
            return doubt
        if segment.route.blackhole is True:
            return blackhole(table.id, segment.route)
        return Proof(
            Verdict.UNKNOWN,
            f"route table {table.id} sends packets for {name} to {segment.route.target}",
            remedy=f"remove the route to {segment.route.destination} from {table.id}",
        )
    return Proof(Verdict.PASS, f"the local route leads to {name}")


def blackhole(table: str, route: Route) -> Proof:
    """The finding for a route whose target is gone."""
    return Proof(
        Verdict.FAIL,
        f"the route to {route.destination} in {table} is a blackhole: its target is gone",
        remedy=f"point the route to {route.destination} in {table} at a usable target",
    )


def endpoint_hop(
    platform: Platform, subnet: Subnet, groups: Groups, own: Peer, endpoint: Endpoint, port: int
) -> Proof:
    """From ``subnet`` to each of the interfaces of an interface endpoint.

    The name resolves to the addresses of all its zones, so each of them must be reachable.
    """
    its_groups = groups_on(platform, endpoint)
    name = f"endpoint {endpoint.id}"
    proofs = []
    for place in _places(platform, endpoint, subnet):
        addresses, _ = addresses_of(platform, place)
        there = security_groups.interface(its_groups, addresses, every=False)
        on_endpoint = security_groups.groups_of(platform, its_groups)
        proofs.append(
            chain(
                group_hop(
                    platform, groups, there, port, egress=True, owner="the environment",
                    peer_name=name,
                ),
                crossing(platform, subnet, place, port),
                group_hop(
                    platform, on_endpoint, own, port, egress=False, owner=name,
                    peer_name=f"the environment in {subnet.id}",
                ),
            )
        )  # fmt: skip
    if not proofs:
        return Proof(
            Verdict.FAIL,
            f"{name} has no subnet, so it has no address",
            remedy=f"give {endpoint.id} the environment's subnets",
        )
    verdict = every(p.verdict for p in proofs)
    return next(p for p in proofs if p.verdict is verdict)


def _places(platform: Platform, endpoint: Endpoint, near: Subnet) -> list[Subnet]:
    """The subnets in which an interface endpoint has an interface, known or not."""
    index = index_of(platform)
    named: tuple[Maybe[str], ...] = endpoint.subnets if known(endpoint.subnets) else (UNKNOWN,)
    return [
        index.subnets.get(name, Subnet(id=name, vpc=near.vpc))
        if known(name)
        else Subnet(id=f"a subnet of {endpoint.id} not known yet", vpc=near.vpc)
        for name in named
    ]


def groups_on(platform: Platform, endpoint: Endpoint) -> Maybe[tuple[Maybe[str], ...]]:
    """The groups of an interface endpoint; without any it gets the VPC's default group."""
    groups = endpoint.security_groups
    if not known(groups) or groups:
        return groups
    default = [
        group.id
        for group in index_of(platform).groups.values()
        if group.name == "default" and group.vpc == endpoint.vpc
    ]
    return tuple(default) if default else UNKNOWN
