"""The folder of DAGs."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, fail, need
from checks.lookups import bucket
from checks.sources import GUIDE
from mwaa.subject import Subject


class DagPrefixExists(Check):
    id = "mwaa-storage-dag-prefix-exists"
    title = "The bucket has an object below the DAG path"
    severity = "mandatory"
    why = "MWAA looks for the path when it validates the bucket; S3 has no empty folders."
    remedy = Remedy(
        setting="dagS3Path",
        command="aws s3api put-object --bucket BUCKET --key dags/",
    )
    source = GUIDE + "configuring-dag-folder.html"

    def judge(self, subject: Subject) -> Iterator[Finding]:
        found = bucket(subject)
        path = need(subject.environment.dag_s3_path, "the path of the DAGs").strip("/")
        keys = [item.key for item in need(found.objects, "the objects of the bucket")]
        if not any(key == path or key.startswith(f"{path}/") for key in keys):
            yield fail(f"no object below {path}/", found.id)
