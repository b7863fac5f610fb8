"""One broken fact in the network: routes, subnets, groups."""

from dataclasses import replace

from mwaa.subject import UNKNOWN, GroupRule, PrefixList, Route, SecurityGroup
from tests import changes
from tests.changes import live
from tests.checks.cases import (
    Change,
    adding,
    check_cases,
    environment,
    group,
    record,
    subject,
    subnet,
    table,
    together,
    vpc,
)
from tests.subjects import LOCAL, existing_vpc, nat, no_internet

NAT_ROUTE = Route(destination="0.0.0.0/0", kind="nat", target="nat-a")
OWN = GroupRule(protocol="-1", group="sg-env")
FROM_LIST = group("sg-env", ingress=(OWN, GroupRule(protocol="-1", prefix_list="pl-ours")))


def listed(*cidrs: str) -> Change:
    """Clients named by a prefix list of the customer's."""
    return together(FROM_LIST, adding("prefix_lists", PrefixList(id="pl-ours", cidrs=cidrs)))


CASES = [
    *check_cases(
        "mwaa-network-webserver-private",
        fail=[
            environment(webserver_access_mode="PUBLIC_ONLY"),
            environment(webserver_access_mode="PUBLIC_AND_PRIVATE"),
        ],
        unknown=[environment(webserver_access_mode=UNKNOWN)],
    ),
    *check_cases(
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
    *check_cases(
        "mwaa-network-no-internet-gateway-route",
        base=existing_vpc,
        fail=[table("rtb-main", routes=(LOCAL, Route(destination="0.0.0.0/0", kind="internet")))],
    ),
    *check_cases(
        "mwaa-network-subnet-no-public-ip",
        fail=[
            subnet("subnet-a", public_ip_on_launch=True),
            subnet("subnet-b", ipv6_on_launch=True),
        ],
        unknown=[subnet("subnet-a", public_ip_on_launch=UNKNOWN)],
    ),
    *check_cases(
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
    *check_cases(
        "mwaa-network-vpc-dns-enabled",
        fail=[vpc(dns_hostnames=False), vpc(dns_support=False)],
        unknown=[vpc(dns_hostnames=UNKNOWN), subject(vpcs=UNKNOWN)],
        also=["mwaa-network-everything-reachable"],
    ),
    *check_cases(
        "mwaa-network-dhcp-resolver",
        fail=[record("dhcp_options", "dopt-1", name_servers=("10.9.9.9",))],
        unknown=[vpc(dhcp_options=UNKNOWN), subject(dhcp_options=())],
    ),
    *check_cases(
        "mwaa-network-two-subnets",
        fail=[environment(subnets=("subnet-a",))],
        unknown=[environment(subnets=UNKNOWN)],
    ),
    *check_cases(
        "mwaa-network-distinct-zones",
        fail=[subnet("subnet-b", zone_id="use1-az1", zone="us-east-1a")],
        unknown=[subnet("subnet-b", zone_id=UNKNOWN, zone=UNKNOWN)],
    ),
    *check_cases(
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
    *check_cases(
        "mwaa-network-no-blackhole-route",
        fail=[table("rtb-a", routes=(LOCAL, replace(NAT_ROUTE, blackhole=True)))],
        unknown=[table("rtb-a", routes=(LOCAL, replace(NAT_ROUTE, blackhole=UNKNOWN)))],
        base=lambda: live(nat()),
        also=["mwaa-network-everything-reachable"],
    ),
    *check_cases(
        "mwaa-network-subnets-route-alike",
        fail=[table("rtb-a", routes=(LOCAL,))],
        unknown=[table("rtb-a", routes=UNKNOWN)],
        base=nat,
        also=["mwaa-network-everything-reachable", "mwaa-network-required-endpoints"],
    ),
    *check_cases(
        "mwaa-network-nat-per-zone",
        fail=[table("rtb-b", routes=(LOCAL, NAT_ROUTE))],
        unknown=[table("rtb-b", routes=(LOCAL, replace(NAT_ROUTE, target=UNKNOWN)))],
        base=nat,
    ),
    *check_cases(
        "mwaa-network-no-way-out",
        fail=[environment()],
        base=nat,
        also=["*"],
    ),
    *check_cases(
        "mwaa-network-no-way-out",
        unknown=[table("rtb-b", routes=UNKNOWN)],
        passing=[table("rtb-a", routes=(LOCAL, Route(destination="10.0.0.0/8", kind="transit")))],
    ),
]
