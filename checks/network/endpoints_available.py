"""The state of VPC endpoints."""

from collections.abc import Iterator

from checks.check import LIVE, Check, Finding, Remedy, each, fail, need
from checks.endpoints import in_vpc
from checks.sources import PRIVATELINK
from mwaa.subject import Endpoint, Subject


class EndpointsAvailable(Check):
    id = "mwaa-network-endpoints-available"
    title = "Every VPC endpoint of the environment's VPC is available"
    severity = "mandatory"
    why = "An endpoint that is pending, rejected or failed swallows what is sent to it."
    remedy = Remedy(
        command="aws ec2 describe-vpc-endpoints --vpc-endpoint-ids ENDPOINT"
        " --query 'VpcEndpoints[].LastError'"
    )
    source = PRIVATELINK + "concepts.html"
    origins = LIVE

    def judge(self, subject: Subject) -> Iterator[Finding]:
        def one(endpoint: Endpoint) -> Iterator[Finding]:
            state = need(endpoint.state, f"the state of {endpoint.id}")
            if (state or "").lower() != "available":
                error = f": {endpoint.last_error}" if isinstance(endpoint.last_error, str) else ""
                yield fail(f"endpoint {endpoint.id} is {state}{error}", endpoint.id)

        return each(in_vpc(subject), one)
