"""Access control lists of the bucket."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.rules.facts.resources import bucket
from policy.rules.rule import Finding, Fix, Rule, fail, require
from policy.rules.sources import S3


class AclsOff(Rule):
    id = "mwaa-storage-acls-off"
    title = "Access control lists of the source bucket are off"
    enforcement = "advisory"
    severity = "medium"
    why = "An object owned by its uploader is out of reach of the bucket's owner and of the role."
    fix = Fix(
        setting="existingBucketName: empty, to have the bucket made",
        command="aws s3api put-bucket-ownership-controls --bucket BUCKET"
        " --ownership-controls 'Rules=[{ObjectOwnership=BucketOwnerEnforced}]'",
    )
    source = S3 + "about-object-ownership.html"
    frameworks = ("AWS FSBP S3.12",)

    def judge(self, platform: Platform) -> Iterator[Finding]:
        found = bucket(platform)
        ownership = require(found.ownership, "the bucket's object ownership")
        if ownership not in (None, "BucketOwnerEnforced"):
            yield fail(f"object ownership {ownership}", found.id)
        acl = require(found.acl, "the bucket's access control list")
        if acl not in (None, "private"):
            yield fail(f"the access control list {acl}", found.id)
