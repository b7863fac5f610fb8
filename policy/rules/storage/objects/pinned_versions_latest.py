"""Whether what runs is what lies in the bucket."""

from collections.abc import Iterator

from mwaa.model.platform import Platform, known
from policy.rules.facts.resources import bucket
from policy.rules.rule import LIVE, Finding, Fix, Rule, fail, require
from policy.rules.sources import GUIDE


class PinnedVersionsLatest(Rule):
    id = "mwaa-storage-pinned-versions-latest"
    title = "The environment runs the latest version of its requirements, plugins and script"
    enforcement = "advisory"
    severity = "low"
    why = "A file uploaded by hand changes nothing until the environment pins its new version."
    fix = Fix(
        setting="requirementsFile, pluginsFile, startupScriptFile (and pulumi up)",
        command="aws mwaa update-environment --name NAME --requirements-s3-object-version VERSION",
    )
    source = GUIDE + "working-dags-dependencies.html"
    origins = LIVE

    def judge(self, platform: Platform) -> Iterator[Finding]:
        e = platform.environment
        pins = {
            e.requirements_s3_path: e.requirements_s3_object_version,
            e.plugins_s3_path: e.plugins_s3_object_version,
            e.startup_script_s3_path: e.startup_script_s3_object_version,
        }
        for item in require(bucket(platform).objects, "the objects of the bucket"):
            pinned = pins.get(item.key)
            if not known(pinned) or pinned is None or pinned != item.version:
                continue
            if not require(item.is_latest, f"whether {item.key} has a newer version"):
                yield fail(f"{item.key} has a newer version than the pinned {pinned}")
