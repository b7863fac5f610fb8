"""The five further endpoints of AWS's older list."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from mwaa.service.endpoints import FULL, REQUIRED, services
from policy.rules.facts.endpoints import missing, needs_endpoints
from policy.rules.rule import Finding, Fix, Rule, fail, require, unknown
from policy.rules.sources import GUIDE


class OlderListOfEndpoints(Rule):
    id = "mwaa-network-older-list-of-endpoints"
    title = "Without NAT the VPC also has the endpoints of AWS's older list"
    enforcement = "advisory"
    severity = "low"
    why = (
        "AWS contradicts itself: the guide of 2022 and its support tool ask for ecr.api, ecr.dkr, "
        "airflow.api, airflow.env and airflow.ops too, the guide of 2026 does not. Callers of "
        "MWAA's API inside the VPC need the airflow ones in any case."
    )
    fix = Fix(
        setting="endpointProfile: full",
        command="aws ec2 create-vpc-endpoint --vpc-id VPC --vpc-endpoint-type Interface"
        " --service-name com.amazonaws.REGION.SUFFIX --subnet-ids SUBNETS"
        " --security-group-ids GROUPS --private-dns-enabled",
    )
    source = GUIDE + "security-privatelink.html"
    profile = "no-internet"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        if not needs_endpoints(platform):
            return
        region = require(platform.account.region, "the region")
        wanted = [s for s in services("full", region=region) if s in FULL and s not in REQUIRED]
        absent, far = missing(platform, wanted, region)
        for suffix, words in far.items():
            yield unknown(f"no endpoint for {suffix} in the VPC: {words}")
        if absent:
            what = f"no endpoint for {', '.join(absent)}"
            if "endpoints" in platform.partial:
                yield unknown(what)
            else:
                yield fail(what, words={"SUFFIX": absent[0]})
