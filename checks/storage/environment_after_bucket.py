"""Order of creation: the bucket before the environment."""

from collections.abc import Iterator

from checks.check import PLAN, Check, Finding, Remedy, fail, need
from checks.lookups import bucket, short
from checks.sources import GUIDE
from mwaa.subject import Subject


class EnvironmentAfterBucket(Check):
    id = "mwaa-storage-environment-after-bucket"
    title = "The environment is created after its bucket, with settings, files and a DAG folder"
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
        e = subject.environment
        artefacts = (e.requirements_s3_path, e.plugins_s3_path, e.startup_script_s3_path)
        folder = f"{need(e.dag_s3_path, 'the path of the DAGs').strip('/')}/"
        dags: list[str] = []
        for item in need(found.objects, "the objects of the bucket"):
            uploaded = item.uploaded_by
            if uploaded is None:
                continue
            if item.key in artefacts and uploaded not in before:
                yield fail(f"the environment does not wait for {short(uploaded)}")
            if item.key.startswith(folder):
                dags.append(uploaded)
        # DAG files may come later; something must lie in the folder from the start.
        if dags and before.isdisjoint(dags):
            yield fail(f"the environment does not wait for anything in {folder}")
