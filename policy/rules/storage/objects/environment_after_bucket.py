"""Order of creation: the bucket before the environment."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.rules.facts.resources import bucket, short
from policy.rules.rule import PLAN, Finding, Fix, Rule, fail, require
from policy.rules.sources import GUIDE


class EnvironmentAfterBucket(Rule):
    id = "mwaa-storage-environment-after-bucket"
    title = "The environment is created after its bucket, with settings, files and a DAG folder"
    enforcement = "mandatory"
    severity = "high"
    why = "MWAA validates the bucket at once: Provided bucket does not have BlockPublicAccess set."
    fix = Fix(command="pulumi up (after depends_on names every part of the bucket)")
    source = GUIDE + "mwaa-s3-bucket.html"
    origins = PLAN

    def judge(self, platform: Platform) -> Iterator[Finding]:
        before = require(platform.environment.depends_on, "the order of creation")
        found = bucket(platform)
        if late := sorted(short(part) for part in found.parts - before):
            yield fail(f"the environment does not wait for {', '.join(late)}")
        e = platform.environment
        artifacts = (e.requirements_s3_path, e.plugins_s3_path, e.startup_script_s3_path)
        folder = f"{require(e.dag_s3_path, 'the path of the DAGs').strip('/')}/"
        dags: list[str] = []
        for item in require(found.objects, "the objects of the bucket"):
            uploaded = item.uploaded_by
            if uploaded is None:
                continue
            if item.key in artifacts and uploaded not in before:
                yield fail(f"the environment does not wait for {short(uploaded)}")
            if item.key.startswith(folder):
                dags.append(uploaded)
        # DAG files may come later; something must lie in the folder from the start.
        if dags and before.isdisjoint(dags):
            yield fail(f"the environment does not wait for anything in {folder}")
