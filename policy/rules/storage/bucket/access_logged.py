"""Access logs of the bucket."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.rules.facts.resources import bucket
from policy.rules.rule import Finding, Fix, Rule, fail, require
from policy.rules.sources import S3


class AccessLogged(Rule):
    id = "mwaa-storage-access-logged"
    title = "Access to the source bucket is logged"
    enforcement = "advisory"
    severity = "low"
    why = "Who uploads a DAG runs code; the access log is the record of it."
    fix = Fix(
        setting="accessLogsBucketName",
        command="aws s3api put-bucket-logging --bucket BUCKET --bucket-logging-status"
        " 'LoggingEnabled={TargetBucket=LOGS_BUCKET,TargetPrefix=NAME/}'",
    )
    source = S3 + "ServerLogs.html"
    frameworks = ("AWS FSBP S3.9", "checkov CKV_AWS_18")

    def judge(self, platform: Platform) -> Iterator[Finding]:
        found = bucket(platform)
        if require(found.access_logs, "the bucket's access logs") is None:
            yield fail("no access logging", found.id)
