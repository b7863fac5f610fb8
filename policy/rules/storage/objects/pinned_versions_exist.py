"""The objects that the environment pins."""

from collections.abc import Iterator

from mwaa.model.platform import Maybe, Platform, known
from policy.rules.facts.resources import bucket
from policy.rules.rule import Finding, Fix, Rule, each, fail, require
from policy.rules.sources import GUIDE


class PinnedVersionsExist(Rule):
    id = "mwaa-storage-pinned-versions-exist"
    title = "The bucket has the versions that the environment pins"
    enforcement = "mandatory"
    severity = "high"
    why = "An update to a version that does not exist fails and rolls back."
    fix = Fix(
        setting="requirementsFile, pluginsFile, startupScriptFile",
        command="aws s3api list-object-versions --bucket BUCKET --prefix PATH (and pin one of"
        " them by `mwaa rollback`, or upload the file again by `pulumi up`)",
    )
    source = GUIDE + "t-create-update-environment.html"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        found = bucket(platform)
        objects = require(found.objects, "the objects of the bucket")
        e = platform.environment
        pairs = (
            (e.requirements_s3_path, e.requirements_s3_object_version),
            (e.plugins_s3_path, e.plugins_s3_object_version),
            (e.startup_script_s3_path, e.startup_script_s3_object_version),
        )

        def one(pair: tuple[Maybe[str | None], Maybe[str | None]]) -> Iterator[Finding]:
            path = require(pair[0], "a path in the bucket")
            versions = [item.version for item in objects if item.key == path]
            if path is None:
                return
            if not versions:
                yield fail(f"the bucket has no {path}", found.id, words={"PATH": path})
                return
            if not known(pair[1]) and any(not known(version) for version in versions):
                return  # both are one output: the plan uploads the version that it pins
            pinned = require(pair[1], f"the pinned version of {path}")
            if pinned is not None and pinned not in [require(v, "a version") for v in versions]:
                newest = next((v for v in versions if known(v) and v), "")
                more = f"; its newest is {newest}" if newest else ""
                what = f"the bucket has no version {pinned} of {path}{more}"
                yield fail(what, found.id, words={"PATH": path})

        return each(pairs, one)
