"""The endpoints that a customer promised to make."""

from collections.abc import Iterator

from checks.check import PLAN, Check, Finding, Remedy, fail, need, unknown
from checks.endpoints import in_vpc, suffix
from checks.sources import GUIDE
from mwaa.subject import Subject, known


class CustomerEndpointsDeclared(Check):
    id = "mwaa-network-customer-endpoints-declared"
    title = "With customer-managed endpoints the plan makes the two endpoints to the environment"
    severity = "mandatory"
    why = (
        "MWAA waits in PENDING for the database and web server endpoints, and fails after 72 hours."
    )
    remedy = Remedy(
        setting="endpointManagement: SERVICE",
        command="aws ec2 create-vpc-endpoint --vpc-endpoint-type Interface --service-name"
        " DATABASE_VPC_ENDPOINT_SERVICE ...",
    )
    source = GUIDE + "vpc-endpoint-management.html"
    origins = PLAN

    def judge(self, subject: Subject) -> Iterator[Finding]:
        if need(subject.environment.endpoint_management, "the endpoint management") != "CUSTOMER":
            return
        wanted = 1 if subject.environment.webserver_access_mode == "PUBLIC_ONLY" else 2
        # Their services are outputs of the environment: unknown until it exists, then vpce ones.
        ours = [e for e in in_vpc(subject) if not known(e.service) or suffix(e) is None]
        if len(ours) >= wanted:
            return
        verdict = unknown if "endpoints" in subject.partial else fail
        yield verdict(f"{len(ours)} of {wanted} endpoints to the environment are declared")
