"""One broken fact in the network: routes, subnets, groups."""

from dataclasses import replace

from mwaa.model.platform import (
    UNKNOWN,
    GroupRule,
    HostedZone,
    Platform,
    PrefixList,
    Route,
    SecurityGroup,
)
from tests.fixtures import changes
from tests.fixtures.changes import live
from tests.fixtures.platforms import (
    LOCAL,
    S3_PREFIX_LIST,
    customer_endpoints,
    existing_vpc,
    interface_endpoint,
    nat,
    no_internet,
)
from tests.fixtures.records import ACCOUNT
from tests.policy.rules.cases import (
    Change,
    account,
    adding,
    endpoint,
    environment,
    group,
    platform,
    record,
    rule_cases,
    subnet,
    table,
    together,
    vpc,
    without,
)

NAT_ROUTE = Route(destination="0.0.0.0/0", kind="nat", target="nat-a")
OWN = GroupRule(protocol="-1", group="sg-env")
FROM_LIST = group("sg-env", ingress=(OWN, GroupRule(protocol="-1", prefix_list="pl-ours")))

# What the compliant shapes leave out that this profile advises.
PROFILE = ["mwaa-network-older-list-of-endpoints", "mwaa-network-endpoint-policies-narrow"]


def listed(*cidrs: str) -> Change:
    """Clients named by a prefix list of the customer's."""
    return together(FROM_LIST, adding("prefix_lists", PrefixList(id="pl-ours", cidrs=cidrs)))


def both(*routes: Route) -> Change:
    """More routes in the tables of both subnets."""
    return together(*(table(f"rtb-{letter}", routes=(LOCAL, *routes)) for letter in "ab"))


def with_corporate_routes() -> Platform:
    """The usual private network: a transit gateway leads to the company's other networks."""
    return both(Route(destination="10.0.0.0/8", kind="transit", target="tgw-1"))(no_internet())


def answered(service: str, vpcs: tuple[str, ...] = ("vpc-1",)) -> Change:
    """A private hosted zone of the service's name, as one shares central endpoints."""
    name = f"{service}.us-east-1.amazonaws.com"
    zone = HostedZone(id=f"zone-{service}", name=f"{name}.", vpcs=vpcs, records=(f"{name}.",))

    def change(found: Platform) -> Platform:
        return replace(found, hosted_zones=(zone,))

    return change


CASES = [
    *rule_cases(
        "mwaa-network-webserver-private",
        fail=[
            environment(webserver_access_mode="PUBLIC_ONLY"),
            environment(webserver_access_mode="PUBLIC_AND_PRIVATE"),
        ],
        unknown=[environment(webserver_access_mode=UNKNOWN)],
    ),
    *rule_cases(
        "mwaa-network-no-internet-gateway-route",
        fail=[
            table("rtb-a", routes=(LOCAL, Route(destination="0.0.0.0/0", kind="internet"))),
            table("rtb-b", routes=(LOCAL, Route(destination="::/0", kind="internet"))),
        ],
        unknown=[
            table("rtb-a", routes=UNKNOWN),
            table("rtb-a", routes=(LOCAL, Route(destination="0.0.0.0/0", kind=UNKNOWN))),
            environment(subnets=UNKNOWN),
        ],
    ),
    *rule_cases(
        "mwaa-network-no-internet-gateway-route",
        base=existing_vpc,
        fail=[table("rtb-main", routes=(LOCAL, Route(destination="0.0.0.0/0", kind="internet")))],
    ),
    *rule_cases(
        "mwaa-network-subnet-no-public-ip",
        fail=[
            subnet("subnet-a", public_ip_on_launch=True),
            subnet("subnet-b", ipv6_on_launch=True),
        ],
        unknown=[subnet("subnet-a", public_ip_on_launch=UNKNOWN)],
    ),
    *rule_cases(
        "mwaa-network-no-world-ingress",
        fail=[
            group("sg-env", ingress=(GroupRule(protocol="-1", group="sg-env"), world))
            for world in (
                GroupRule(protocol="tcp", from_port=443, to_port=443, cidr="0.0.0.0/0"),
                GroupRule(protocol="-1", cidr="::/0"),
                GroupRule(protocol="-1", cidr="128.0.0.0/1"),
            )
        ]
        + [listed("10.0.0.0/8", "0.0.0.0/1")],
        unknown=[
            group("sg-env", ingress=UNKNOWN),
            group(
                "sg-env",
                ingress=(
                    GroupRule(protocol="-1", group="sg-env"),
                    GroupRule(protocol="-1", cidr=UNKNOWN),
                ),
            ),
            FROM_LIST,
            together(FROM_LIST, adding("prefix_lists", PrefixList(id="pl-ours", cidrs=UNKNOWN))),
            group("sg-env", ingress=(OWN, GroupRule(protocol="-1", prefix_list=UNKNOWN))),
        ],
        passing=[listed("10.0.0.0/8", "192.168.0.0/16")],
    ),
    *rule_cases(
        "mwaa-network-vpc-dns-enabled",
        fail=[vpc(dns_hostnames=False), vpc(dns_support=False)],
        unknown=[vpc(dns_hostnames=UNKNOWN), platform(vpcs=UNKNOWN)],
        also=["mwaa-network-everything-reachable"],
    ),
    *rule_cases(
        "mwaa-network-dhcp-resolver",
        fail=[record("dhcp_options", "dopt-1", name_servers=("10.9.9.9",))],
        unknown=[vpc(dhcp_options=UNKNOWN), platform(dhcp_options=())],
    ),
    *rule_cases(
        "mwaa-network-two-subnets",
        fail=[environment(subnets=("subnet-a",))],
        unknown=[environment(subnets=UNKNOWN)],
    ),
    *rule_cases(
        "mwaa-network-distinct-zones",
        fail=[subnet("subnet-b", zone_id="use1-az1", zone="us-east-1a")],
        unknown=[subnet("subnet-b", zone_id=UNKNOWN, zone=UNKNOWN)],
    ),
    *rule_cases(
        "mwaa-network-one-vpc",
        fail=[
            group("sg-env", vpc="vpc-2"),
            environment(security_groups=(UNKNOWN, "sg-env", "sg-elsewhere")),
        ],
        unknown=[
            group("sg-env", vpc=UNKNOWN),
            subnet("subnet-a", vpc=UNKNOWN),
            environment(security_groups=("sg-env", "sg-not-read")),
        ],
        base=lambda: changes.adding(
            no_internet(), "security_groups", SecurityGroup(id="sg-elsewhere", vpc="vpc-2")
        ),
    ),
    *rule_cases(
        "mwaa-network-no-blackhole-route",
        fail=[table("rtb-a", routes=(LOCAL, replace(NAT_ROUTE, blackhole=True)))],
        unknown=[table("rtb-a", routes=(LOCAL, replace(NAT_ROUTE, blackhole=UNKNOWN)))],
        base=lambda: live(nat()),
        also=["mwaa-network-everything-reachable"],
    ),
    *rule_cases(
        "mwaa-network-subnets-route-alike",
        fail=[table("rtb-a", routes=(LOCAL,))],
        unknown=[table("rtb-a", routes=UNKNOWN)],
        base=nat,
        also=["mwaa-network-everything-reachable", "mwaa-network-required-endpoints"],
    ),
    *rule_cases(
        "mwaa-network-nat-per-zone",
        fail=[table("rtb-b", routes=(LOCAL, NAT_ROUTE))],
        unknown=[table("rtb-b", routes=(LOCAL, replace(NAT_ROUTE, target=UNKNOWN)))],
        base=nat,
    ),
    *rule_cases(
        "mwaa-network-no-way-out",
        fail=[environment()],
        base=nat,
        also=["*"],
    ),
    *rule_cases(
        "mwaa-network-no-way-out",
        fail=[
            both(Route(destination=block, kind=kind))
            for block, kind in (
                ("0.0.0.0/0", "virtual-private"),
                ("0.0.0.0/0", "interface"),
                ("0.0.0.0/0", "endpoint"),
                ("0.0.0.0/0", "other"),
                ("::/0", "peering"),
            )
        ],
        also=PROFILE,
    ),
    *rule_cases(
        "mwaa-network-no-way-out",
        fail=[both(Route(destination="10.0.0.0/8", kind="nat"))],
        unknown=[
            table("rtb-b", routes=UNKNOWN),
            both(Route(destination="0.0.0.0/0", kind=UNKNOWN)),
            both(Route(destination="pl-not-read", kind="transit")),
        ],
        passing=[
            both(*(Route(destination=f"{n}.0.0.0/8", kind="transit") for n in (9, 10))),
            both(Route(destination=S3_PREFIX_LIST.id, kind="endpoint", target="vpce-s3")),
        ],
        also=PROFILE,
    ),
    *rule_cases(
        "mwaa-network-no-way-out",
        # It may lead to AWS too, so that no endpoint is missed.
        fail=[both(Route(destination="0.0.0.0/1", kind="transit"))],
        also=["mwaa-network-endpoint-policies-narrow"],
    ),
    *rule_cases(
        "mwaa-network-shared-vpc-customer-endpoints",
        fail=[vpc(owner="999999999999")],
        unknown=[
            vpc(owner=UNKNOWN),
            platform(vpcs=UNKNOWN),
            account(id=UNKNOWN),
            environment(endpoint_management=UNKNOWN),
        ],
    ),
    *rule_cases(
        "mwaa-network-shared-vpc-customer-endpoints",
        base=customer_endpoints,
        passing=[
            vpc(owner="999999999999"),
            together(vpc(owner="999999999999"), endpoint("vpce-sqs", owner="999999999999")),
            endpoint("vpce-sqs", owner=ACCOUNT),
        ],
        fail=[together(vpc(owner="999999999999"), endpoint("vpce-sqs", owner=ACCOUNT))],
        unknown=[together(vpc(owner=UNKNOWN), endpoint("vpce-sqs", owner=ACCOUNT))],
    ),
    # A transit gateway to one's own networks replaces no endpoint; a default route through it may.
    *rule_cases(
        "mwaa-network-required-endpoints",
        base=with_corporate_routes,
        # A network team may share its endpoints: by a hosted zone, a profile or a resolver rule.
        unknown=[
            without("endpoints", "vpce-sqs"),
            together(without("endpoints", "vpce-sqs"), answered("sqs")),
        ],
    ),
    *rule_cases(
        "mwaa-network-required-endpoints",
        base=lambda: changes.without(no_internet(), "endpoints", "vpce-sqs"),
        fail=[
            both(Route(destination="0.0.0.0/0", kind="peering", target="pcx-1")),
            both(Route(destination="10.0.0.0/8", kind="transit", target="tgw-1", blackhole=True)),
            answered("sqs", vpcs=("vpc-of-others",)),
            answered("logs"),
        ],
        unknown=[
            both(Route(destination="10.0.0.0/8", kind="peering", target="pcx-1")),
            answered("sqs"),
        ],
        also=["mwaa-network-everything-reachable"],
    ),
    *rule_cases(
        "mwaa-network-everything-reachable",
        base=with_corporate_routes,
        unknown=[together(without("endpoints", "vpce-sqs"), answered("sqs"))],
    ),
    *rule_cases(
        "mwaa-network-required-endpoints",
        base=lambda: changes.without(no_internet(), "endpoints", "vpce-sqs"),
        unknown=[both(Route(destination="pl-not-read", kind="transit"))],
        passing=[both(Route(destination="0.0.0.0/0", kind="transit"))],
    ),
    *rule_cases(
        "mwaa-network-endpoints-in-both-subnets",
        base=with_corporate_routes,
        fail=[endpoint("vpce-sqs", subnets=("subnet-a",))],
    ),
    *rule_cases(
        "mwaa-network-endpoints-in-both-subnets",
        base=nat,
        fail=[adding("endpoints", interface_endpoint("sqs", subnets=("subnet-a",)))],
        passing=[adding("endpoints", interface_endpoint("sqs"))],
    ),
    *rule_cases(
        "mwaa-network-s3-gateway-serves-subnets",
        base=with_corporate_routes,
        fail=[endpoint("vpce-s3", route_tables=("rtb-a",)), endpoint("vpce-s3", route_tables=())],
        also=["mwaa-network-everything-reachable"],
    ),
]
