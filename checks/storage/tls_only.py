"""Transport encryption of the bucket."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, fail, need, undecided
from checks.lookups import bucket
from checks.sources import S3
from mwaa.subject import Subject
from proofs.iam import evaluate
from proofs.iam_request import Request
from proofs.verdict import Verdict


class TlsOnly(Check):
    id = "mwaa-storage-tls-only"
    title = "The bucket's policy refuses requests without TLS"
    severity = "advisory"
    why = "Otherwise a misconfigured client sends DAGs and their secrets in clear."
    remedy = Remedy(
        setting="existingBucketName: empty, to have the bucket made",
        command="aws s3api put-bucket-policy --bucket BUCKET --policy ..."
        " (Deny with aws:SecureTransport false)",
    )
    source = S3 + "security-best-practices.html"
    frameworks = ("AWS FSBP S3.5", "CIS AWS Foundations 2.1.1", "checkov CKV_AWS_379")

    def judge(self, subject: Subject) -> Iterator[Finding]:
        found = bucket(subject)
        policy = need(found.policy, "the bucket's policy")
        name = need(found.name, "the bucket's name")
        partition = need(subject.account.partition, "the partition")
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
