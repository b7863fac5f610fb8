"""Which route tables the S3 gateway endpoint serves."""

from collections.abc import Iterator

from mwaa.model.platform import Endpoint, Platform
from policy.rules.facts.endpoints import gateways, needs_endpoints, private_s3_interface
from policy.rules.facts.resources import route_table, short, subnet_ids
from policy.rules.rule import Finding, Fix, Rule, each, fail, require
from policy.rules.sources import PRIVATELINK


class S3GatewayServesSubnets(Rule):
    id = "mwaa-network-s3-gateway-serves-subnets"
    title = "The S3 gateway endpoint serves the route tables of both subnets"
    enforcement = "mandatory"
    severity = "high"
    why = "MWAA reads DAGs and its images from S3; a subnet without that route starts nothing."
    fix = Fix(
        setting="existingRouteTableIds: the tables of both subnets",
        command="aws ec2 modify-vpc-endpoint --vpc-endpoint-id ENDPOINT"
        " --add-route-table-ids TABLE",
    )
    source = PRIVATELINK + "gateway-endpoints.html"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        if not needs_endpoints(platform) or private_s3_interface(platform):
            return iter(())
        tables = [route_table(platform, identity) for identity in subnet_ids(platform)]

        def one(endpoint: Endpoint) -> Iterator[Finding]:
            name = short(endpoint.id)
            served = require(endpoint.route_tables, f"the route tables of {name}")
            missing = {table.id for table in tables} - set(served)
            unseen = [identity for identity in served if not isinstance(identity, str)]
            if missing and unseen:
                require(unseen[0], f"a route table of {name}")
            for table in sorted(missing):
                what = f"endpoint {name} does not serve {short(table)}"
                yield fail(what, endpoint.id, words={"TABLE": table})

        return each(gateways(platform, "s3"), one)
