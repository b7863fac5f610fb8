"""Endpoint policies that are too narrow."""

from collections.abc import Iterator
from dataclasses import replace

from checks.check import Check, Finding, Remedy, each, fail, need, undecided
from checks.endpoints import in_vpc, present, suffix
from checks.lookups import short
from checks.permitted import layer_allows
from checks.sources import PRIVATELINK
from mwaa.naming import partition_of
from mwaa.subject import Endpoint, Subject, known
from proofs.needs import Need, key_of, needs
from proofs.verdict import Verdict


class EndpointPoliciesAllow(Check):
    id = "mwaa-network-endpoint-policies-allow"
    title = "Endpoint policies let pass all that the execution role needs"
    severity = "mandatory"
    why = "AccessDenied although the role allows it: the endpoint's own policy is hard to think of."
    remedy = Remedy(
        setting="endpointProfile: required (policies made for bucket, key, queue and log groups)",
        command="aws ec2 modify-vpc-endpoint --vpc-endpoint-id ENDPOINT --reset-policy",
    )
    source = PRIVATELINK + "vpc-endpoints-access.html"

    def judge(self, subject: Subject) -> Iterator[Finding]:
        wanted = (*needs(subject), *_of_endpoints(subject))

        def one(endpoint: Endpoint) -> Iterator[Finding]:
            name = short(endpoint.id)
            ours = [item for item in wanted if item.service == suffix(endpoint)]
            if not ours or need(endpoint.policy, f"the policy of endpoint {name}") is None:
                return
            withheld: dict[str, None] = {}
            doubt = False
            for item in ours:
                verdict = layer_allows(subject, item, endpoint=endpoint.policy)
                if verdict is Verdict.FAIL:
                    layers = " of image layers" if item.topic == "image-layers" else ""
                    withheld[f"{item.action}{layers}"] = None
                doubt = doubt or verdict is Verdict.UNKNOWN
            if withheld:
                yield fail(f"endpoint {name} withholds {', '.join(withheld)}", endpoint.id)
            elif doubt:
                undecided(f"what the policy of endpoint {name} lets pass cannot be known yet")

        return each(in_vpc(subject), one)


def _of_endpoints(subject: Subject) -> Iterator[Need]:
    """What must pass an endpoint though the role's own policies do not need it in this form."""
    if key_of(subject) is not None:
        # An environment that is private asks the customer's key through the VPC's endpoint.
        yield from (replace(one, service="kms") for one in needs(subject) if one.topic == "key")
    region = subject.account.region
    if known(region) and present(subject, "ecr.dkr", region):
        bucket = f"prod-{region}-starport-layer-bucket"
        yield Need(
            topic="image-layers",
            action="s3:GetObject",
            resources=(f"arn:{partition_of(region)}:s3:::{bucket}/layer",),
            why="images that are pulled through ECR's endpoints have their layers in S3",
            service="s3",
        )
