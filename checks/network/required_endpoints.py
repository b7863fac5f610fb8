"""The endpoints that replace the internet."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, fail, need, unknown
from checks.endpoints import in_vpc, needs_endpoints, present
from checks.sources import GUIDE
from mwaa.endpoints import REQUIRED
from mwaa.subject import Subject


class RequiredEndpoints(Check):
    id = "mwaa-network-required-endpoints"
    title = "Without NAT the VPC has endpoints for S3, SQS, Logs, Monitoring and KMS"
    severity = "mandatory"
    why = "The five that MWAA's guide of 2026 requires: else the create fails or tasks stay queued."
    remedy = Remedy(
        setting="endpointProfile: required",
        command="aws ec2 create-vpc-endpoint --vpc-id VPC --vpc-endpoint-type Interface"
        " --service-name com.amazonaws.REGION.sqs ...",
    )
    source = GUIDE + "vpc-vpe-create-access.html"

    def judge(self, subject: Subject) -> Iterator[Finding]:
        if not needs_endpoints(subject):
            return
        region = need(subject.account.region, "the region")
        missing = [suffix for suffix in REQUIRED if not present(subject, suffix, region)]
        if not missing:
            return
        what = f"no endpoint for {', '.join(missing)}"
        if "endpoints" in subject.partial or in_vpc(subject, service=None):
            yield unknown(f"{what} in what was read, and one may exist outside of it")
        else:
            yield fail(what)
