"""The endpoints to the environment's database and web server."""

from collections.abc import Iterator

from checks.check import LIVE, Check, Finding, Remedy, fail, need
from checks.endpoints import in_vpc
from checks.sources import GUIDE
from mwaa.subject import Subject
from proofs.reachability import has_private_webserver
from proofs.verdict import Verdict


class MwaaEndpointsPresent(Check):
    id = "mwaa-network-mwaa-endpoints-present"
    title = "The VPC has the endpoints to the environment's database and web server"
    severity = "mandatory"
    why = "MWAA makes them, or waits 72 hours in PENDING for a customer who should."
    remedy = Remedy(
        setting="endpointManagement: SERVICE",
        command="aws ec2 create-vpc-endpoint --vpc-endpoint-type Interface --service-name"
        " DATABASE_VPC_ENDPOINT_SERVICE ...",
    )
    source = GUIDE + "vpc-endpoint-management.html"
    origins = LIVE

    def judge(self, subject: Subject) -> Iterator[Finding]:
        environment = subject.environment
        wanted = {"database": environment.database_endpoint_service}
        if has_private_webserver(subject) is not Verdict.FAIL:
            wanted["web server"] = environment.webserver_endpoint_service
        present = [endpoint.service for endpoint in in_vpc(subject)]
        for name, value in wanted.items():
            service = need(value, f"the {name}'s endpoint service")
            if service is not None and service not in present:
                yield fail(f"no endpoint for the {name} ({service})")
