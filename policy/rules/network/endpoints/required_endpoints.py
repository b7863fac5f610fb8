"""The endpoints that replace the internet."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from mwaa.service.endpoints import REQUIRED
from policy.rules.facts.endpoints import in_vpc, missing, needs_endpoints
from policy.rules.rule import Finding, Fix, Rule, fail, require, unknown
from policy.rules.sources import GUIDE


class RequiredEndpoints(Rule):
    id = "mwaa-network-required-endpoints"
    title = "Without NAT the VPC has endpoints for S3, SQS, Logs, Monitoring and KMS"
    enforcement = "mandatory"
    severity = "high"
    why = "The five that MWAA's guide of 2026 requires: else the create fails or tasks stay queued."
    fix = Fix(
        setting="endpointProfile: required",
        command="aws ec2 create-vpc-endpoint --vpc-id VPC --vpc-endpoint-type Interface"
        " --service-name com.amazonaws.REGION.SUFFIX --subnet-ids SUBNETS"
        " --security-group-ids GROUPS --private-dns-enabled",
    )
    source = GUIDE + "vpc-vpe-create-access.html"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        if not needs_endpoints(platform):
            return
        region = require(platform.account.region, "the region")
        absent, far = missing(platform, REQUIRED, region)
        for suffix, words in far.items():
            yield unknown(f"no endpoint for {suffix} in the VPC: {words}")
        if not absent:
            return
        what = f"no endpoint for {', '.join(absent)}"
        if "endpoints" in platform.partial or in_vpc(platform, service=None):
            yield unknown(f"{what} in what was read, and one may exist outside of it")
        else:
            yield fail(what, words={"SUFFIX": next((s for s in absent if s != "s3"), "s3")})
