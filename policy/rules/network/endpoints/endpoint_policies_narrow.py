"""Endpoint policies that are too wide."""

from collections.abc import Iterator

from mwaa.model.platform import Endpoint, Platform
from mwaa.names import partition_of
from policy.analysis.iam.evaluate import evaluate
from policy.analysis.iam.request import Request
from policy.analysis.verdict import Verdict
from policy.rules.facts.endpoints import in_vpc, suffix
from policy.rules.facts.resources import role, short
from policy.rules.rule import Finding, Fix, Rule, each, fail, require
from policy.rules.sources import PRIVATELINK

# Somebody else's data, through our endpoint: with their rights, or carried off with our own.
STRANGER = "arn:aws:iam::000000000000:role/stranger"
ASKED = {
    "s3": ("s3:PutObject", "arn:{partition}:s3:::bucket-of-somebody-else/key"),
    "sqs": ("sqs:SendMessage", "arn:{partition}:sqs:{region}:000000000000:queue-of-somebody-else"),
    "kms": ("kms:Decrypt", "arn:{partition}:kms:{region}:000000000000:key/of-somebody-else"),
}
# A key stores nothing, and the one that AWS owns is in an account that nobody can name.
CARRIERS = frozenset({"s3", "sqs"})


class EndpointPoliciesNarrow(Rule):
    id = "mwaa-network-endpoint-policies-narrow"
    title = "The policies of the S3, SQS and KMS endpoints refuse other accounts' data"
    enforcement = "advisory"
    severity = "medium"
    why = "Through an open endpoint data leaves for anybody's bucket, internet or not."
    fix = Fix(
        setting="endpointPolicies: narrow",
        command="aws ec2 modify-vpc-endpoint --vpc-endpoint-id ENDPOINT --policy-document"
        " file://policy.json (that names BUCKET, KEY and the queues airflow-celery-*)",
    )
    source = PRIVATELINK + "vpc-endpoints-access.html"
    profile = "no-internet"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        def one(endpoint: Endpoint) -> Iterator[Finding]:
            name, asked = short(endpoint.id), ASKED.get(suffix(endpoint) or "")
            if asked is None:
                return
            policy = require(endpoint.policy, f"the policy of endpoint {name}")
            if policy is None:
                yield fail(f"endpoint {name} has the default policy, which allows all", endpoint.id)
                return
            region = require(platform.account.region, "the region")
            resource = asked[1].format(partition=partition_of(region), region=region)
            callers = {"others": STRANGER}
            if suffix(endpoint) in CARRIERS:
                callers["the execution role"] = require(
                    role(platform).arn, "the execution role's ARN"
                )
            for who, principal in callers.items():
                request = Request(action=asked[0], resource=resource, principal=principal)
                if evaluate(request, None, endpoint=policy).verdict is Verdict.PASS:
                    what = f"endpoint {name} lets {asked[0]} on other accounts pass"
                    yield fail(f"{what}, for {who}", endpoint.id)
                    return

        return each(in_vpc(platform), one)
