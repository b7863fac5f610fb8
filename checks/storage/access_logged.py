"""Access logs of the bucket."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, fail, need
from checks.lookups import bucket
from checks.sources import S3
from mwaa.subject import Subject


class AccessLogged(Check):
    id = "mwaa-storage-access-logged"
    title = "Access to the source bucket is logged"
    severity = "advisory"
    why = "Who uploads a DAG runs code; the access log is the record of it."
    remedy = Remedy(
        setting="accessLogsBucketName",
        command="aws s3api put-bucket-logging --bucket BUCKET --bucket-logging-status ...",
    )
    source = S3 + "ServerLogs.html"
    frameworks = ("AWS FSBP S3.9", "checkov CKV_AWS_18")

    def judge(self, subject: Subject) -> Iterator[Finding]:
        found = bucket(subject)
        if need(found.access_logs, "the bucket's access logs") is None:
            yield fail("no access logging", found.id)
