"""Order of creation: the bucket before the environment."""

from collections.abc import Iterator

from checks.check import PLAN, Check, Finding, Remedy, fail, need
from checks.lookups import bucket, short
from checks.sources import GUIDE
from mwaa.subject import Subject


class EnvironmentAfterBucket(Check):
    id = "mwaa-storage-environment-after-bucket"
    title = "The environment is created after the bucket's access block, versioning and policy"
    severity = "mandatory"
    why = "MWAA validates the bucket at once: Provided bucket does not have BlockPublicAccess set."
    remedy = Remedy(command="pulumi up (after depends_on names every part of the bucket)")
    source = GUIDE + "mwaa-s3-bucket.html"
    origins = PLAN

    def judge(self, subject: Subject) -> Iterator[Finding]:
        before = need(subject.environment.depends_on, "the order of creation")
        found = bucket(subject)
        if late := sorted(short(part) for part in found.parts - before):
            yield fail(f"the environment does not wait for {', '.join(late)}")
