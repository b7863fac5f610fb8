"""Which route tables the S3 gateway endpoint serves."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, each, fail, need
from checks.endpoints import gateways, needs_endpoints, private_s3_interface
from checks.lookups import route_table, short, subnet_ids
from checks.sources import PRIVATELINK
from mwaa.subject import Endpoint, Subject


class S3GatewayServesSubnets(Check):
    id = "mwaa-network-s3-gateway-serves-subnets"
    title = "The S3 gateway endpoint serves the route tables of both subnets"
    severity = "mandatory"
    why = "MWAA reads DAGs and its images from S3; a subnet without that route starts nothing."
    remedy = Remedy(
        setting="existingRouteTableIds: the tables of both subnets",
        command="aws ec2 modify-vpc-endpoint --vpc-endpoint-id ENDPOINT"
        " --add-route-table-ids TABLE",
    )
    source = PRIVATELINK + "gateway-endpoints.html"

    def judge(self, subject: Subject) -> Iterator[Finding]:
        if not needs_endpoints(subject) or private_s3_interface(subject):
            return iter(())
        tables = [route_table(subject, identity) for identity in subnet_ids(subject)]

        def one(endpoint: Endpoint) -> Iterator[Finding]:
            name = short(endpoint.id)
            served = need(endpoint.route_tables, f"the route tables of {name}")
            missing = {table.id for table in tables} - set(served)
            unseen = [identity for identity in served if not isinstance(identity, str)]
            if missing and unseen:
                need(unseen[0], f"a route table of {name}")
            for table in sorted(missing):
                yield fail(f"endpoint {name} does not serve {short(table)}", endpoint.id)

        return each(gateways(subject, "s3"), one)
