"""Endpoint policies that are too narrow."""

from collections.abc import Iterator
from dataclasses import replace

from mwaa.model.platform import Endpoint, Platform, known
from mwaa.names import partition_of
from policy.analysis.iam.required import RequiredPermission, key_of, required_permissions
from policy.analysis.verdict import Verdict
from policy.rules.facts.endpoints import in_vpc, present, suffix
from policy.rules.facts.permissions import layer_allows
from policy.rules.facts.resources import short
from policy.rules.rule import (
    Finding,
    Fix,
    Rule,
    each,
    fail,
    require,
    undecided,
)
from policy.rules.sources import PRIVATELINK


class EndpointPoliciesAllow(Rule):
    id = "mwaa-network-endpoint-policies-allow"
    title = "Endpoint policies allow all that the execution role needs"
    enforcement = "mandatory"
    severity = "high"
    why = (
        "AccessDenied although the role allows it: the endpoint's own policy is easily overlooked."
    )
    fix = Fix(
        setting="endpointProfile: required (policies made for bucket, key, queue and log groups);"
        " where another stack made the endpoint, its endpointEnvironments: this environment",
        command="aws ec2 modify-vpc-endpoint --vpc-endpoint-id ENDPOINT --reset-policy",
    )
    source = PRIVATELINK + "vpc-endpoints-access.html"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        wanted = (*required_permissions(platform), *_of_endpoints(platform))

        def one(endpoint: Endpoint) -> Iterator[Finding]:
            name = short(endpoint.id)
            ours = [item for item in wanted if item.service == suffix(endpoint)]
            if not ours or require(endpoint.policy, f"the policy of endpoint {name}") is None:
                return
            withheld: dict[str, None] = {}
            doubt = False
            for item in ours:
                verdict = layer_allows(platform, item, endpoint=endpoint.policy)
                if verdict is Verdict.FAIL:
                    layers = " of image layers" if item.topic == "image-layers" else ""
                    withheld[f"{item.action}{layers}"] = None
                doubt = doubt or verdict is Verdict.UNKNOWN
            if withheld:
                yield fail(f"endpoint {name} withholds {', '.join(withheld)}", endpoint.id)
            elif doubt:
                undecided(f"what the policy of endpoint {name} lets pass cannot be known yet")

        return each(in_vpc(platform), one)


def _of_endpoints(platform: Platform) -> Iterator[RequiredPermission]:
    """What must pass an endpoint though the role's own policies do not need it in this form."""
    if key_of(platform) is not None:
        # An environment that is private asks the customer's key through the VPC's endpoint.
        yield from (
            replace(one, service="kms")
            for one in required_permissions(platform)
            if one.topic == "key"
        )
    region = platform.account.region
    if known(region) and present(platform, "ecr.dkr", region):
        bucket = f"prod-{region}-starport-layer-bucket"
        yield RequiredPermission(
            topic="image-layers",
            action="s3:GetObject",
            resources=(f"arn:{partition_of(region)}:s3:::{bucket}/layer",),
            why="images that are pulled through ECR's endpoints have their layers in S3",
            service="s3",
        )
