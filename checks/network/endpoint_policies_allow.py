"""Endpoint policies that are too narrow."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, each, fail, need, undecided
from checks.endpoints import in_vpc, suffix
from checks.lookups import short
from checks.permitted import layer_allows
from checks.sources import PRIVATELINK
from mwaa.subject import Endpoint, Subject
from proofs.needs import needs
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
        wanted = needs(subject)

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
                    withheld[item.action] = None
                doubt = doubt or verdict is Verdict.UNKNOWN
            if withheld:
                yield fail(f"endpoint {name} withholds {', '.join(withheld)}", endpoint.id)
            elif doubt:
                undecided(f"what the policy of endpoint {name} lets pass cannot be known yet")

        return each(in_vpc(subject), one)
