"""One broken fact in the network: routes, subnets, groups."""

from mwaa.subject import UNKNOWN, GroupRule, Route
from tests.checks.cases import environment, group, law, subnet, table
from tests.subjects import LOCAL, existing_vpc

CASES = [
    *law(
        "mwaa-network-webserver-private",
        fail=[
            environment(webserver_access_mode="PUBLIC_ONLY"),
            environment(webserver_access_mode="PUBLIC_AND_PRIVATE"),
        ],
        unknown=[environment(webserver_access_mode=UNKNOWN)],
    ),
    *law(
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
    *law(
        "mwaa-network-no-internet-gateway-route",
        base=existing_vpc,
        fail=[table("rtb-main", routes=(LOCAL, Route(destination="0.0.0.0/0", kind="internet")))],
    ),
    *law(
        "mwaa-network-subnet-no-public-ip",
        fail=[
            subnet("subnet-a", public_ip_on_launch=True),
            subnet("subnet-b", ipv6_on_launch=True),
        ],
        unknown=[subnet("subnet-a", public_ip_on_launch=UNKNOWN)],
    ),
    *law(
        "mwaa-network-no-world-ingress",
        fail=[
            group("sg-env", ingress=(GroupRule(protocol="-1", group="sg-env"), world))
            for world in (
                GroupRule(protocol="tcp", from_port=443, to_port=443, cidr="0.0.0.0/0"),
                GroupRule(protocol="-1", cidr="::/0"),
                GroupRule(protocol="-1", cidr="128.0.0.0/1"),
            )
        ],
        unknown=[
            group("sg-env", ingress=UNKNOWN),
            group(
                "sg-env",
                ingress=(
                    GroupRule(protocol="-1", group="sg-env"),
                    GroupRule(protocol="-1", cidr=UNKNOWN),
                ),
            ),
        ],
    ),
]
