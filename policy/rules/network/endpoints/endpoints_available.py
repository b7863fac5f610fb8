"""The state of VPC endpoints."""

from collections.abc import Iterator

from mwaa.model.platform import Endpoint, Platform
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
    title = "Every VPC endpoint of the environment's VPC is available"
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
        def one(endpoint: Endpoint) -> Iterator[Finding]:
            state = require(endpoint.state, f"the state of {endpoint.id}")
            if (state or "").lower() != "available":
                error = f": {endpoint.last_error}" if isinstance(endpoint.last_error, str) else ""
                yield fail(f"endpoint {endpoint.id} is {state}{error}", endpoint.id)

        return each(in_vpc(platform), one)
