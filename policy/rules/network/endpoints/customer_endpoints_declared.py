"""The endpoints that a customer promised to make."""

from collections.abc import Iterator

from mwaa.model.platform import Platform, known
from policy.rules.facts.endpoints import in_vpc, suffix
from policy.rules.rule import (
    PLAN,
    Finding,
    Fix,
    Rule,
    fail,
    require,
    unknown,
)
from policy.rules.sources import GUIDE


class CustomerEndpointsDeclared(Rule):
    id = "mwaa-network-customer-endpoints-declared"
    title = "With customer-managed endpoints the plan makes the two endpoints to the environment"
    enforcement = "mandatory"
    severity = "high"
    why = (
        "MWAA waits in PENDING for the database and web server endpoints, and fails after 72 hours."
    )
    fix = Fix(
        setting="endpointManagement: SERVICE",
        command="aws ec2 create-vpc-endpoint --vpc-endpoint-type Interface --service-name"
        " DATABASE_VPC_ENDPOINT_SERVICE ...",
    )
    source = GUIDE + "vpc-endpoint-management.html"
    origins = PLAN

    def judge(self, platform: Platform) -> Iterator[Finding]:
        if (
            require(platform.environment.endpoint_management, "the endpoint management")
            != "CUSTOMER"
        ):
            return
        wanted = 1 if platform.environment.webserver_access_mode == "PUBLIC_ONLY" else 2
        # Their services are outputs of the environment: unknown until it exists, then vpce ones.
        ours = [e for e in in_vpc(platform) if not known(e.service) or suffix(e) is None]
        if len(ours) >= wanted:
            return
        verdict = unknown if "endpoints" in platform.partial else fail
        yield verdict(f"{len(ours)} of {wanted} endpoints to the environment are declared")
