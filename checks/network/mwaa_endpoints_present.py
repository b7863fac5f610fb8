"""The endpoints to the environment's database and web server."""

from collections.abc import Iterator

from checks.check import LIVE, Check, Finding, Remedy, fail, need, unknown
from checks.endpoints import in_vpc
from checks.sources import GUIDE
from mwaa.subject import Subject
from proofs.reachability import has_private_webserver
from proofs.verdict import Verdict

# MWAA's service-linked role may change and delete what has this tag, and nothing else:
# https://docs.aws.amazon.com/mwaa/latest/userguide/mwaa-slr.html
TAG = "AmazonMWAAManaged"


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
        ours = in_vpc(subject)
        is_service = environment.endpoint_management != "CUSTOMER"
        for name, value in wanted.items():
            service = need(value, f"the {name}'s endpoint service")
            if service is None:
                yield unknown(f"the environment names no endpoint service for the {name}")
                continue
            made = [endpoint for endpoint in ours if endpoint.service == service]
            if not made:
                yield fail(f"no endpoint for the {name} ({service})")
            for endpoint in made if is_service else ():
                if TAG not in need(endpoint.tags, f"the tags of {endpoint.id}"):
                    yield fail(f"{endpoint.id} for the {name} has no tag {TAG}", endpoint.id)
