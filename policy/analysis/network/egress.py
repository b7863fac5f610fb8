"""The way out of a VPC: a NAT gateway in a subnet whose routes lead to an internet gateway.

MWAA's own interfaces have no public address, so nothing else than NAT leads them out.
Source: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html
"""

from mwaa.model.platform import UNKNOWN, Maybe, NatGateway, Platform, Route, Subnet, known
from mwaa.service.ports import HTTPS
from policy.analysis.index import index_of
from policy.analysis.network import routes
from policy.analysis.network.addresses import Addresses
from policy.analysis.network.hops import acl_hop, addresses_of, blackhole, say
from policy.analysis.network.security_groups import Peer
from policy.analysis.verdict import Proof, Verdict, chain, every, of


def internet_hop(platform: Platform, subnet: Subnet, there: Peer) -> Proof:
    """The effective routes of ``subnet`` lead to public addresses through a NAT gateway."""
    table = routes.effective(platform, subnet.id)
    if not known(table):
        return Proof(Verdict.UNKNOWN, f"the route table of {subnet.id} is not known")
    proofs = []
    for segment in routes.resolve(platform, table, there.addresses):
        route = segment.route
        if routes.is_aside(platform, route):
            continue
        proofs.append(_onward(platform, subnet, table.id, route, segment.addresses))
    if not proofs:
        return Proof(Verdict.UNKNOWN, f"{table.id} routes these addresses to gateway endpoints")
    verdicts = {p.verdict for p in proofs}
    if len(verdicts) == 1:
        return proofs[0]
    # Only some public addresses are reachable: which ones the service has may not be known.
    if there.every and Verdict.FAIL in verdicts:
        return next(p for p in proofs if p.failed)
    doubt = next((p for p in proofs if p.verdict is Verdict.UNKNOWN), None)
    broken = doubt or next(p for p in proofs if p.failed)
    return Proof(Verdict.UNKNOWN, f"for some public addresses, {broken.reason}", (), broken.remedy)


def _onward(
    platform: Platform, subnet: Subnet, table: str, route: Maybe[Route | None], there: Addresses
) -> Proof:
    remedy = f"route 0.0.0.0/0 in {table} to a NAT gateway, or add an endpoint for the service"
    if not known(route):
        return Proof(Verdict.UNKNOWN, f"the routes of {table} are not all known")
    if route is None:
        return Proof(
            Verdict.FAIL,
            f"route table {table} of {subnet.id} has no route to the internet and no endpoint "
            "takes these packets",
            remedy=remedy,
        )
    if route.blackhole is True:
        return blackhole(table, route)
    doubt = f"whether the route to {route.destination} in {table} is a blackhole is not known"
    alive = of(not route.blackhole if known(route.blackhole) else UNKNOWN)
    usable = Proof(alive, doubt)
    if not known(route.kind):
        return Proof(Verdict.UNKNOWN, f"the target of {route.destination} in {table} is not known")
    if route.kind == "nat":
        nat = (
            index_of(platform).nat_gateways.get(route.target or "") if known(route.target) else None
        )
        hop = f"route table {table} sends {route.destination} to NAT gateway {route.target}"
        if nat is None:
            return Proof(Verdict.UNKNOWN, f"NAT gateway {route.target} is not known", (hop,))
        return chain(usable, _nat_hop(platform, subnet, nat, there).after(hop))
    if route.kind in ("internet", "peering", "egress-only-internet"):
        why = {
            "internet": "an internet gateway serves only interfaces with a public address, and "
            "MWAA's have none",
            "peering": "a peering connection carries no traffic on to the internet",
            "egress-only-internet": "an egress-only internet gateway carries IPv6 only",
        }[route.kind]
        return Proof(
            Verdict.FAIL,
            f"route table {table} of {subnet.id} sends {route.destination} to {route.target}: "
            f"{why}",
            remedy=remedy,
        )
    return Proof(
        Verdict.UNKNOWN,
        f"route table {table} sends {route.destination} to {route.target} ({route.kind}); "
        "what lies behind it cannot be seen from here",
        remedy="prove the path beyond it, or " + remedy,
    )


def _nat_hop(platform: Platform, subnet: Subnet, nat: NatGateway, there: Addresses) -> Proof:
    """A public NAT gateway that is available, in a subnet whose routes lead to an open gateway."""
    if known(nat.state) and nat.state is not None and nat.state != "available":
        return Proof(
            Verdict.FAIL,
            f"NAT gateway {nat.id} is {nat.state}",
            remedy=f"replace NAT gateway {nat.id} and point the routes at the new one",
        )
    if not (known(nat.state) and known(nat.subnet)) or nat.is_public is not True:
        return Proof(
            Verdict.UNKNOWN, f"whether NAT gateway {nat.id} leads to the internet is not known"
        )
    home = index_of(platform).subnets.get(nat.subnet, Subnet(id=nat.subnet))
    here, known_here = addresses_of(platform, subnet)
    return chain(
        _nat_acl(platform, subnet, home, here, known_here),
        _gateway_hop(platform, home, nat, there),
        acl_hop(platform, home.id, there, HTTPS, opens=True, every=False, peer_name="the internet"),
    )


def _nat_acl(
    platform: Platform, subnet: Subnet, home: Subnet, here: Addresses, every_address: bool
) -> Proof:
    """Only the list of the NAT gateway's own subnet sees packets with the client's address."""
    if home.id == subnet.id:
        return Proof(Verdict.PASS, "the NAT gateway is in the same subnet")
    return acl_hop(
        platform,
        home.id,
        here,
        HTTPS,
        opens=False,
        every=every_address,
        peer_name=subnet.id,
    )


def _gateway_hop(platform: Platform, home: Subnet, nat: NatGateway, there: Addresses) -> Proof:
    table = routes.effective(platform, home.id)
    if not known(table):
        return Proof(Verdict.UNKNOWN, f"the route table of {home.id}, home of {nat.id}, is unknown")
    proofs = []
    for segment in routes.resolve(platform, table, there):
        route = segment.route
        if routes.is_aside(platform, route):
            continue
        if not known(route) or (route is not None and not known(route.kind)):
            proofs.append(Proof(Verdict.UNKNOWN, f"the routes of {table.id} are not all known"))
        elif route is None or route.kind != "internet" or route.blackhole is True:
            proofs.append(
                Proof(
                    Verdict.FAIL,
                    f"NAT gateway {nat.id} stands in {home.id}, whose route table {table.id} has "
                    "no usable route to an internet gateway",
                    remedy=f"route 0.0.0.0/0 in {table.id} to an internet gateway",
                )
            )
        else:
            proofs.append(_attached(platform, home, route))
    verdict = every(p.verdict for p in proofs)
    return next((p for p in proofs if p.verdict is verdict), Proof(Verdict.UNKNOWN, "no route"))


def _attached(platform: Platform, home: Subnet, route: Route) -> Proof:
    gateways = index_of(platform).internet_gateways
    gateway = gateways.get(route.target or "") if known(route.target) else None
    alive = of(not route.blackhole if known(route.blackhole) else UNKNOWN)
    attached = Verdict.UNKNOWN
    if gateway is not None and known(gateway.vpc) and known(home.vpc):
        attached = of(gateway.vpc == home.vpc)
    return say(
        every((alive, attached)),
        f"NAT subnet {home.id} leads to internet gateway {route.target}",
        f"internet gateway {route.target} is not attached to the VPC of {home.id}",
        f"whether internet gateway {route.target} is attached to the VPC is not known",
        f"attach {route.target} to the VPC",
    )
