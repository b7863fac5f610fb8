"""The endpoints to the environment's database and web server."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.analysis.network.reachability import has_private_webserver
from policy.analysis.verdict import Verdict
from policy.rules.facts.endpoints import in_vpc
from policy.rules.rule import (
    AFTERWARDS,
    LIVE,
    Finding,
    Fix,
    Rule,
    fail,
    require,
    unknown,
)
from policy.rules.sources import GUIDE

# MWAA's service-linked role may change and delete what has this tag, and nothing else:
# https://docs.aws.amazon.com/mwaa/latest/userguide/mwaa-slr.html
TAG = "AmazonMWAAManaged"


class MwaaEndpointsPresent(Rule):
    id = "mwaa-network-mwaa-endpoints-present"
    title = "The VPC has the endpoints to the environment's database and web server"
    enforcement = "mandatory"
    severity = "high"
    why = "MWAA makes them, or waits 72 hours in PENDING for a customer who should."
    fix = Fix(
        setting="endpointManagement: SERVICE, or endpointOwnerRoleArn in a shared VPC",
        command="aws ec2 create-vpc-endpoint --vpc-id VPC --vpc-endpoint-type Interface"
        " --service-name SERVICE --subnet-ids SUBNETS --security-group-ids GROUPS",
    )
    source = GUIDE + "vpc-endpoint-management.html"
    origins = LIVE
    stages = AFTERWARDS

    def judge(self, platform: Platform) -> Iterator[Finding]:
        environment = platform.environment
        wanted = {"database": environment.database_endpoint_service}
        if has_private_webserver(platform) is not Verdict.FAIL:
            wanted["web server"] = environment.webserver_endpoint_service
        ours = in_vpc(platform)
        is_service = environment.endpoint_management != "CUSTOMER"
        for name, value in wanted.items():
            service = require(value, f"the {name}'s endpoint service")
            if service is None:
                yield unknown(f"the environment names no endpoint service for the {name}")
                continue
            made = [endpoint for endpoint in ours if endpoint.service == service]
            if not made:
                missing = f"no endpoint for the {name} ({service})"
                if "endpoints" in platform.partial:
                    # The owner of a shared VPC may have made what nobody else can see.
                    yield unknown(missing)
                else:
                    yield fail(missing, words={"SERVICE": service})
            for endpoint in made if is_service else ():
                if TAG not in require(endpoint.tags, f"the tags of {endpoint.id}"):
                    yield fail(
                        f"{endpoint.id} for the {name} has no tag {TAG}",
                        endpoint.id,
                        fix=f"aws ec2 create-tags --resources {endpoint.id} --tags"
                        f" Key={TAG},Value=true",
                    )
