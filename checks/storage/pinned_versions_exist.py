"""The objects that the environment pins."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, each, fail, need
from checks.lookups import bucket
from checks.sources import GUIDE
from mwaa.subject import Maybe, Subject, known


class PinnedVersionsExist(Check):
    id = "mwaa-storage-pinned-versions-exist"
    title = "The bucket has the versions that the environment pins"
    severity = "mandatory"
    why = "An update to a version that does not exist fails and rolls back."
    remedy = Remedy(
        setting="requirementsFile, pluginsFile, startupScriptFile",
        command="aws s3api list-object-versions --bucket BUCKET --prefix KEY",
    )
    source = GUIDE + "t-create-update-environment.html"

    def judge(self, subject: Subject) -> Iterator[Finding]:
        found = bucket(subject)
        objects = need(found.objects, "the objects of the bucket")
        e = subject.environment
        pairs = (
            (e.requirements_s3_path, e.requirements_s3_object_version),
            (e.plugins_s3_path, e.plugins_s3_object_version),
            (e.startup_script_s3_path, e.startup_script_s3_object_version),
        )

        def one(pair: tuple[Maybe[str | None], Maybe[str | None]]) -> Iterator[Finding]:
            path = need(pair[0], "a path in the bucket")
            versions = [item.version for item in objects if item.key == path]
            if path is None:
                return
            if not versions:
                yield fail(f"the bucket has no {path}", found.id)
                return
            if not known(pair[1]) and any(not known(version) for version in versions):
                return  # both are one output: the plan uploads the version that it pins
            pinned = need(pair[1], f"the pinned version of {path}")
            if pinned is not None and pinned not in [need(v, "a version") for v in versions]:
                yield fail(f"the bucket has no version {pinned} of {path}", found.id)

        return each(pairs, one)
