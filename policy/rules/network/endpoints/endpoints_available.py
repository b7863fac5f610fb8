"""The state of the VPC endpoints that the environment works through."""

from collections.abc import Iterator

from mwaa.model.platform import Endpoint, Platform
from mwaa.service.endpoints import REQUIRED, service_name
from policy.rules.facts.endpoints import in_vpc
from policy.rules.rule import (
    LIVE,
    Finding,
    Fix,
    Rule,
    each,
    fail,
    require,
)
from policy.rules.sources import PRIVATELINK


class EndpointsAvailable(Rule):
    id = "mwaa-network-endpoints-available"
    title = "The VPC endpoints that the environment works through are available"
    enforcement = "mandatory"
    severity = "high"
    why = "An endpoint that is pending, rejected or failed swallows what is sent to it."
    fix = Fix(
        command="aws ec2 describe-vpc-endpoints --vpc-endpoint-ids ENDPOINT"
        " --query 'VpcEndpoints[].LastError'"
    )
    source = PRIVATELINK + "concepts.html"
    origins = LIVE

    def judge(self, platform: Platform) -> Iterator[Finding]:
        region = require(platform.account.region, "the region")
        own = platform.environment
        # In a shared VPC other teams have endpoints, to services that may refuse them.
        needed = {
            *(service_name(suffix, region) for suffix in REQUIRED),
            own.database_endpoint_service,
            own.webserver_endpoint_service,
        }

        def one(endpoint: Endpoint) -> Iterator[Finding]:
            state = require(endpoint.state, f"the state of {endpoint.id}")
            if (state or "").lower() != "available":
                error = f": {endpoint.last_error}" if isinstance(endpoint.last_error, str) else ""
                yield fail(f"endpoint {endpoint.id} is {state}{error}", endpoint.id)

        return each((e for e in in_vpc(platform) if e.service in needed), one)
