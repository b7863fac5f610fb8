"""Endpoint policies that are too wide."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, each, fail, need
from checks.endpoints import in_vpc, suffix
from checks.lookups import short
from checks.sources import PRIVATELINK
from mwaa.subject import Endpoint, Subject
from proofs.iam import evaluate
from proofs.iam_request import Request
from proofs.verdict import Verdict

# A call that nobody needs: somebody else's data, through our endpoint, with their rights.
STRANGER = "arn:aws:iam::000000000000:role/stranger"
ASKED = {
    "s3": ("s3:PutObject", "arn:aws:s3:::bucket-of-somebody-else/key"),
    "sqs": ("sqs:SendMessage", "arn:aws:sqs:us-east-1:000000000000:queue-of-somebody-else"),
    "kms": ("kms:Decrypt", "arn:aws:kms:us-east-1:000000000000:key/of-somebody-else"),
}


class EndpointPoliciesNarrow(Check):
    id = "mwaa-network-endpoint-policies-narrow"
    title = "The policies of the S3, SQS and KMS endpoints refuse other accounts' data"
    severity = "advisory"
    why = "Through an open endpoint data leaves for anybody's bucket, internet or not."
    remedy = Remedy(
        setting="endpointProfile: required",
        command="aws ec2 modify-vpc-endpoint --vpc-endpoint-id ENDPOINT --policy-document ...",
    )
    source = PRIVATELINK + "vpc-endpoints-access.html"
    profile = "no-internet"

    def judge(self, subject: Subject) -> Iterator[Finding]:
        def one(endpoint: Endpoint) -> Iterator[Finding]:
            name, asked = short(endpoint.id), ASKED.get(suffix(endpoint) or "")
            if asked is None:
                return
            policy = need(endpoint.policy, f"the policy of endpoint {name}")
            request = Request(action=asked[0], resource=asked[1], principal=STRANGER)
            if policy is None:
                yield fail(f"endpoint {name} has the default policy, which allows all", endpoint.id)
            elif evaluate(request, resource=policy).verdict is Verdict.PASS:
                yield fail(f"endpoint {name} lets {asked[0]} on other accounts pass", endpoint.id)

        return each(in_vpc(subject), one)
