"""Denials of the bucket's policy."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, fail, need, undecided
from checks.lookups import bucket
from checks.permitted import layer_allows
from checks.sources import GUIDE
from mwaa.subject import Subject
from proofs.needs import needs
from proofs.verdict import Verdict


class PolicyAdmitsRole(Check):
    id = "mwaa-storage-policy-admits-role"
    title = "The bucket's policy denies nothing that the execution role needs"
    severity = "mandatory"
    why = "A Deny by VPC or endpoint also hits MWAA's own validation, which comes from outside."
    remedy = Remedy(
        setting="existingBucketName: a bucket whose policy exempts the execution role",
        command="aws s3api get-bucket-policy --bucket BUCKET",
    )
    source = GUIDE + "t-create-update-environment.html"

    def judge(self, subject: Subject) -> Iterator[Finding]:
        found = bucket(subject)
        if need(found.policy, "the bucket's policy") is None:
            return
        denied: dict[str, None] = {}
        doubt = False
        for item in needs(subject):
            if item.topic == "source":
                verdict = layer_allows(subject, item, resource=found.policy)
                if verdict is Verdict.FAIL:
                    denied[item.action] = None
                doubt = doubt or verdict is Verdict.UNKNOWN
        if denied:
            yield fail(f"the bucket's policy denies {', '.join(denied)}", found.id)
        elif doubt:
            undecided("what the bucket's policy denies depends on facts that are not known")
