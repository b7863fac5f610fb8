"""Transport encryption of the bucket."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.analysis.iam.evaluate import evaluate
from policy.analysis.iam.request import Request
from policy.analysis.verdict import Verdict
from policy.rules.facts.resources import bucket
from policy.rules.rule import Finding, Fix, Rule, fail, require, undecided
from policy.rules.sources import S3


class TlsOnly(Rule):
    id = "mwaa-storage-tls-only"
    title = "The bucket's policy refuses requests without TLS"
    enforcement = "advisory"
    severity = "medium"
    why = "Otherwise a misconfigured client sends DAGs and their secrets in clear."
    fix = Fix(
        setting="existingBucketName: empty, to have the bucket made",
        command="aws s3api put-bucket-policy --bucket BUCKET --policy"
        " BUCKET_POLICY (and the statements that it has)",
    )
    source = S3 + "security-best-practices.html"
    frameworks = ("AWS FSBP S3.5", "CIS AWS Foundations 2.1.1", "checkov CKV_AWS_379")

    def judge(self, platform: Platform) -> Iterator[Finding]:
        found = bucket(platform)
        policy = require(found.policy, "the bucket's policy")
        name = require(found.name, "the bucket's name")
        partition = require(platform.account.partition, "the partition")
        request = Request(
            action="s3:GetObject",
            resource=f"arn:{partition}:s3:::{name}/dags/any.py",
            principal=f"arn:{partition}:iam::000000000000:role/anyone",
            context={"aws:SecureTransport": "false"},
        )
        decision = evaluate(request, resource=policy)
        if policy is None or (decision.verdict is not Verdict.UNKNOWN and not decision.explicit):
            yield fail("no statement denies requests without TLS", found.id)
        elif not decision.explicit:
            undecided("whether the bucket's policy denies requests without TLS is not known")
