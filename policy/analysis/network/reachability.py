"""Can each of the environment's subnets reach each thing the environment needs, and how.

A target is an AWS service (endpoint suffix such as ``sqs``) on 443, or one of the environment's
own: ``database`` (5432), ``webserver`` (443) and ``itself`` (both). Two limits are on purpose:
IPv6 is not followed, because MWAA uses IPv4, and a service on the internet is taken to be anywhere
in the public address space unless its prefix list is known.
Sources: https://docs.aws.amazon.com/mwaa/latest/userguide/networking-about.html and
https://docs.aws.amazon.com/mwaa/latest/userguide/vpc-vpe-access.html
"""

from collections.abc import Iterable
from dataclasses import dataclass

from mwaa.model.platform import UNKNOWN, Endpoint, Maybe, Platform, Subnet, known
from mwaa.service.endpoints import REQUIRED, service_name
from mwaa.service.ports import HTTPS, POSTGRESQL
from policy.analysis.index import index_of
from policy.analysis.network import central, endpoints, hops, security_groups
from policy.analysis.network.addresses import PUBLIC, union
from policy.analysis.network.egress import internet_hop
from policy.analysis.network.hops import Groups
from policy.analysis.network.security_groups import Peer
from policy.analysis.verdict import Proof, Verdict, chain, either, every

DATABASE, WEBSERVER, ITSELF = "database", "webserver", "itself"
SECRETS = "secretsmanager"
_SOMEWHERE = "a subnet not known yet"


@dataclass(frozen=True)
class Reach:
    """One question and its proof: does ``subnet`` reach ``target`` on TCP ``port``?"""

    subnet: str
    target: str
    port: int
    proof: Proof

    @property
    def verdict(self) -> Verdict:
        return self.proof.verdict


def subnets(platform: Platform) -> tuple[Subnet, ...]:
    """The environment's subnets; one that is not known stands in as a record without facts."""
    named: Maybe[tuple[Maybe[str], ...]] = platform.environment.subnets
    index = index_of(platform)
    identities = [s if known(s) else _SOMEWHERE for s in named] if known(named) else [_SOMEWHERE]
    return tuple(index.subnets.get(i, Subnet(id=i)) for i in identities)


def services(platform: Platform) -> tuple[str, ...]:
    """The suffixes of the services that the environment calls: those of every environment, and that
    of its secrets backend where it has an endpoint.

    In a VPC that is not the environment's alone, others have endpoints to services that it does not
    call, and may keep it away from them.
    """
    options, region = platform.environment.options, platform.account.region
    if not (known(options) and "secrets.backend" in options and known(region)):
        return REQUIRED
    vpcs = {subnet.vpc for subnet in subnets(platform)}
    found = index_of(platform).endpoints_of.get(service_name(SECRETS, region), ())
    return (*REQUIRED, SECRETS) if any(one.vpc in vpcs for one in found) else REQUIRED


def prove(platform: Platform, additional: Iterable[str] = ()) -> tuple[Reach, ...]:
    """Every proof of reachability, subnet by subnet, services first. Computed once per platform."""
    wanted = tuple(dict.fromkeys((*services(platform), *additional)))
    return index_of(platform).remember(
        f"reachability {wanted}", lambda: tuple(_prove(platform, wanted))
    )


def failures(platform: Platform, additional: Iterable[str] = ()) -> tuple[Reach, ...]:
    """What is proved to be out of reach."""
    return tuple(reach for reach in prove(platform, additional) if reach.proof.failed)


def _prove(platform: Platform, wanted: tuple[str, ...]) -> Iterable[Reach]:
    for subnet in subnets(platform):
        for service in wanted:
            yield Reach(subnet.id, service, HTTPS, to_service(platform, subnet, service))
        yield Reach(subnet.id, DATABASE, POSTGRESQL, to_own(platform, subnet, DATABASE))
        if has_private_webserver(platform) is not Verdict.FAIL:
            yield Reach(subnet.id, WEBSERVER, HTTPS, to_own(platform, subnet, WEBSERVER))
        for port in (HTTPS, POSTGRESQL):
            yield Reach(subnet.id, ITSELF, port, to_itself(platform, subnet, port))


def has_private_webserver(platform: Platform) -> Verdict:
    """Whether the web server has an endpoint in the VPC: in every mode but ``PUBLIC_ONLY``.

    Without a mode the service chooses ``PUBLIC_ONLY``.
    """
    mode = platform.environment.webserver_access_mode
    if not known(mode):
        return Verdict.UNKNOWN
    return Verdict.FAIL if mode in (None, "PUBLIC_ONLY") else Verdict.PASS


def _client(platform: Platform, subnet: Subnet) -> tuple[Groups, Peer]:
    """The groups of the environment's interfaces, and those interfaces as seen from elsewhere."""
    identities = platform.environment.security_groups
    addresses, exact = hops.addresses_of(platform, subnet)
    peer = security_groups.interface(identities, addresses, every=exact)
    return security_groups.groups_of(platform, identities), peer


def to_service(platform: Platform, subnet: Subnet, service: str) -> Proof:
    """The path from a subnet to an AWS service: through an endpoint that takes its packets, else
    through NAT."""
    region = platform.account.region
    if not known(region):
        return Proof(Verdict.UNKNOWN, "the region is not known")
    if not known(platform.endpoints):
        return Proof(Verdict.UNKNOWN, "the VPC's endpoints are not known")
    found = endpoints.candidates(platform, subnet, service, region)
    ways = [
        chain(c.takes if c.certain else Proof(Verdict.PASS, "", ()), way)
        for c in found
        for way in (_through(platform, subnet, c.endpoint, service, region),)
    ]
    if not any(c.certain for c in found):
        out = _out(platform, subnet, service, region)
        ways.append(out if found or not out.failed else _explained(platform, subnet, service, out))
        # An endpoint of the VPC's own that does not serve the subnet is what there is to repair.
        own = endpoints.of_service(platform, service_name(service, region), subnet.vpc)
        host = endpoints.host_of(service, region)
        if ways[-1].failed and not own and (far := central.elsewhere(platform, subnet, host)):
            remedy = f"prove the way to {service} from inside the VPC, or {ways[-1].remedy}"
            ways[-1] = Proof(Verdict.UNKNOWN, far, remedy=remedy)
    proof = either(ways)
    if proof.verdict is Verdict.UNKNOWN and found and not any(c.certain for c in found):
        return Proof(proof.verdict, found[0].takes.reason, remedy=found[0].takes.remedy)
    return proof


def _explained(platform: Platform, subnet: Subnet, service: str, out: Proof) -> Proof:
    """No way out, and an endpoint that does not serve this subnet: name it, it is what to fix."""
    region = platform.account.region
    if not known(region):
        return out
    name = service_name(service, region)
    for endpoint in endpoints.of_service(platform, name, subnet.vpc):
        if endpoint.service == name:
            why = endpoints.takes(platform, endpoint, subnet, service, region)
            return Proof(out.verdict, f"{why.reason}; {out.reason}", out.path, why.remedy)
    endpoint_type = "a gateway" if service == "s3" else "an interface"
    return Proof(
        out.verdict,
        f"the VPC has no endpoint for {name}; {out.reason}",
        out.path,
        f"add {endpoint_type} endpoint for {name}, or a NAT gateway",
    )


def _through(
    platform: Platform, subnet: Subnet, endpoint: Endpoint, service: str, region: str
) -> Proof:
    groups, own = _client(platform, subnet)
    if not known(endpoint.type):
        return Proof(Verdict.UNKNOWN, f"the type of endpoint {endpoint.id} is not known")
    if endpoint.type == "Gateway":
        there = _public(platform, service, region, endpoint)
        return chain(endpoints.state(endpoint), _leaves(platform, subnet, groups, there, service))
    return chain(
        endpoints.state(endpoint),
        hops.endpoint_hop(platform, subnet, groups, own, endpoint, HTTPS),
    )


def _out(platform: Platform, subnet: Subnet, service: str, region: str) -> Proof:
    groups, _ = _client(platform, subnet)
    there = _public(platform, service, region)
    return chain(
        internet_hop(platform, subnet, there), _leaves(platform, subnet, groups, there, service)
    )


def _leaves(platform: Platform, subnet: Subnet, groups: Groups, there: Peer, name: str) -> Proof:
    """The environment's groups and its subnet's network ACL let HTTPS out to public addresses."""
    return chain(
        hops.group_hop(
            platform,
            groups,
            there,
            HTTPS,
            egress=True,
            owner="the environment",
            peer_name=f"the addresses of {name}",
        ),
        hops.acl_hop(
            platform,
            subnet.id,
            there.addresses,
            HTTPS,
            opens=True,
            every=there.every,
            peer_name=f"the addresses of {name}",
        ),
    )


def _public(
    platform: Platform, service: str, region: str, endpoint: Endpoint | None = None
) -> Peer:
    """The public addresses of a service: its prefix list where it is known, else anywhere."""
    names = {service_name(service, region), f"com.amazonaws.{region}.{service}"}
    index = index_of(platform)
    lists = [p for p in index.prefix_lists.values() if known(p.name) and p.name in names]
    # At a preview a rule may name the list through the gateway endpoint that tells its id.
    identities = frozenset(p.id for p in lists) | ({endpoint.id} if endpoint else frozenset())
    for prefix_list in lists:
        if known(prefix_list.cidrs):
            blocks = union(c for c in prefix_list.cidrs if ":" not in c)
            return Peer(blocks, every=True, prefix_lists=identities)
    return Peer(PUBLIC, every=False, prefix_lists=identities)


def to_itself(platform: Platform, subnet: Subnet, port: int) -> Proof:
    """From a subnet to the environment's interfaces in each of its subnets, with its own groups."""
    # MWAA's own endpoints lie there, too, so it is asked for them again.
    return index_of(platform).remember(
        ("to itself", subnet.id, port), lambda: _to_itself(platform, subnet, port)
    )


def _to_itself(platform: Platform, subnet: Subnet, port: int) -> Proof:
    own = Endpoint(
        id="the environment",
        service=UNKNOWN,
        type="Interface",
        vpc=subnet.vpc,
        subnets=platform.environment.subnets,
        security_groups=platform.environment.security_groups,
    )
    return _to_interfaces(platform, subnet, own, port)


def _to_interfaces(platform: Platform, subnet: Subnet, endpoint: Endpoint, port: int) -> Proof:
    groups, own = _client(platform, subnet)
    return hops.endpoint_hop(platform, subnet, groups, own, endpoint, port)


def to_own(platform: Platform, subnet: Subnet, target: str) -> Proof:
    """From a subnet to the endpoint of the environment's database or web server.

    In ``SERVICE`` mode MWAA makes it in the environment's subnets with the environment's groups.
    In ``CUSTOMER`` mode it is an endpoint of the VPC for the service the environment names.
    """
    port = POSTGRESQL if target == DATABASE else HTTPS
    environment = platform.environment
    service = (
        environment.database_endpoint_service
        if target == DATABASE
        else environment.webserver_endpoint_service
    )
    made = _made_for(platform, subnet, service)
    if environment.endpoint_management in (None, "SERVICE"):
        return _service(platform, subnet, made, service, port)
    if not known(environment.endpoint_management):
        served = _service(platform, subnet, made, service, port)
        return either((served, _customer(platform, subnet, made, service, target, port)))
    return _customer(platform, subnet, made, service, target, port)


def every_way(proofs: list[Proof]) -> Proof:
    """All of the proofs, worded as the one that decides."""
    verdict = every(p.verdict for p in proofs)
    return next(p for p in proofs if p.verdict is verdict)


def _made_for(platform: Platform, subnet: Subnet, service: Maybe[str | None]) -> list[Endpoint]:
    """The endpoints that are, or may be, for one of the environment's own services."""
    if service is None:
        return []
    if known(service):
        found = endpoints.of_service(platform, service, subnet.vpc)
        return [e for e in found if e.type != "Gateway"]
    return [
        e
        for e in index_of(platform).endpoints.values()
        if e.type != "Gateway"
        and not (known(e.service) and endpoints.suffix_of(e.service))
        and endpoints.is_in_vpc(e, subnet.vpc) is not Verdict.FAIL
    ]


def _is_for(endpoint: Endpoint, service: Maybe[str | None], subnet: Subnet) -> bool:
    """Whether it is certain that the endpoint is the one for this service."""
    here = endpoints.is_in_vpc(endpoint, subnet.vpc) is Verdict.PASS
    return here and known(service) and endpoint.service == service


def _service(
    platform: Platform,
    subnet: Subnet,
    made: list[Endpoint],
    service: Maybe[str | None],
    port: int,
) -> Proof:
    """MWAA's own endpoint: the one that exists, else the one it will make like ``to_itself``."""
    sure = [_to_interfaces(platform, subnet, e, port) for e in made if _is_for(e, service, subnet)]
    if sure:
        return every_way(sure)
    future = to_itself(platform, subnet, port)
    if platform.origin == "plan" or service is None:
        return future
    if not known(service) or not known(platform.endpoints):
        return either((future, Proof(Verdict.UNKNOWN, "the endpoint that MWAA made is not known")))
    return either((future, *(_to_interfaces(platform, subnet, e, port) for e in made)))


def _customer(
    platform: Platform,
    subnet: Subnet,
    made: list[Endpoint],
    service: Maybe[str | None],
    target: str,
    port: int,
) -> Proof:
    if not known(platform.endpoints):
        return Proof(Verdict.UNKNOWN, "the VPC's endpoints are not known")
    remedy = (
        f"create an interface endpoint for the environment's {target} service in both subnets, "
        "with the environment's security groups"
    )
    if not made:
        # An existing environment may be served by an endpoint that was made for it by hand, and a
        # VPC from elsewhere by one that its owner makes.
        named = isinstance(service, str) or service is None
        is_all = "endpoints" not in platform.partial
        return Proof(
            Verdict.FAIL if is_all and (named or platform.origin == "plan") else Verdict.UNKNOWN,
            f"endpoint management is CUSTOMER and no endpoint leads to the {target}",
            remedy=remedy,
        )
    ways = [chain(endpoints.state(e), _to_interfaces(platform, subnet, e, port)) for e in made]
    certain = [way for way, e in zip(ways, made, strict=True) if _is_for(e, service, subnet)]
    if certain:
        return every_way(certain)
    broken = [way for way in ways if way.failed]
    if len(broken) == len(ways):
        return broken[0]
    return Proof(
        Verdict.UNKNOWN,
        f"which endpoint leads to the {target} is known only once the environment names its "
        "endpoint services",
        remedy=remedy,
    )
