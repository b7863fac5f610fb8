"""The five further endpoints of AWS's older list."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, fail, need, unknown
from checks.endpoints import needs_endpoints, present
from checks.sources import GUIDE
from mwaa.endpoints import FULL, REQUIRED, services
from mwaa.subject import Subject


class OlderListOfEndpoints(Check):
    id = "mwaa-network-older-list-of-endpoints"
    title = "Without NAT the VPC also has the endpoints of AWS's older list"
    severity = "advisory"
    why = (
        "AWS contradicts itself: the guide of 2022 and its support tool ask for ecr.api, ecr.dkr, "
        "airflow.api, airflow.env and airflow.ops too, the guide of 2026 does not. Callers of "
        "MWAA's API inside the VPC need the airflow ones in any case."
    )
    remedy = Remedy(
        setting="endpointProfile: full",
        command="aws ec2 create-vpc-endpoint --vpc-id VPC --vpc-endpoint-type Interface"
        " --service-name com.amazonaws.REGION.airflow.api ...",
    )
    source = GUIDE + "security-privatelink.html"
    profile = "no-internet"

    def judge(self, subject: Subject) -> Iterator[Finding]:
        if not needs_endpoints(subject):
            return
        region = need(subject.account.region, "the region")
        wanted = [s for s in services("full", region=region) if s in FULL and s not in REQUIRED]
        missing = [suffix for suffix in wanted if not present(subject, suffix, region)]
        if missing:
            verdict = unknown if "endpoints" in subject.partial else fail
            yield verdict(f"no endpoint for {', '.join(missing)}")
