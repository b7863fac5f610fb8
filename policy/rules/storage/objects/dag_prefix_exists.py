"""The folder of DAGs."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.rules.facts.resources import bucket
from policy.rules.rule import Finding, Fix, Rule, fail, require
from policy.rules.sources import GUIDE


class DagPrefixExists(Rule):
    id = "mwaa-storage-dag-prefix-exists"
    title = "The bucket has an object below the DAG path"
    enforcement = "mandatory"
    severity = "high"
    why = "MWAA looks for the path when it validates the bucket; S3 has no empty folders."
    fix = Fix(
        setting="dagS3Path",
        command="aws s3api put-object --bucket BUCKET --key dags/",
    )
    source = GUIDE + "configuring-dag-folder.html"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        found = bucket(platform)
        path = require(platform.environment.dag_s3_path, "the path of the DAGs").strip("/")
        keys = [item.key for item in require(found.objects, "the objects of the bucket")]
        if not any(key == path or key.startswith(f"{path}/") for key in keys):
            yield fail(f"no object below {path}/", found.id)
