"""What a destroy does to the bucket."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.rules.facts.resources import bucket
from policy.rules.rule import PLAN, Finding, Fix, Rule, fail, require


class NotDestroyedWithContents(Rule):
    id = "mwaa-storage-not-destroyed-with-contents"
    title = "A destroy does not empty the source bucket"
    enforcement = "advisory"
    severity = "high"
    why = "With forceDestroy every version of every DAG goes with the bucket."
    fix = Fix(
        setting="forceDestroy: false",
        command="aws s3api put-bucket-versioning (deleted versions cannot be restored)",
    )
    source = "https://www.pulumi.com/registry/packages/aws/api-docs/s3/bucket/#forcedestroy_python"
    origins = PLAN

    def judge(self, platform: Platform) -> Iterator[Finding]:
        found = bucket(platform)
        if require(found.force_destroy, "forceDestroy"):
            yield fail("forceDestroy is on", found.id)
