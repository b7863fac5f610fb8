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
        command="aws mwaa update-environment --name NAME --KIND-s3-path PATH"
        " --KIND-s3-object-version $(aws s3api head-object --bucket BUCKET --key PATH"
        " --query VersionId --output text)",
    )
    source = GUIDE + "working-dags-dependencies.html"
    origins = LIVE

    def judge(self, platform: Platform) -> Iterator[Finding]:
        e = platform.environment
        pins = {
            e.requirements_s3_path: ("requirements", e.requirements_s3_object_version),
            e.plugins_s3_path: ("plugins", e.plugins_s3_object_version),
            e.startup_script_s3_path: ("startup-script", e.startup_script_s3_object_version),
        }
        for item in require(bucket(platform).objects, "the objects of the bucket"):
            kind, pinned = pins.get(item.key, ("", None))
            if not known(pinned) or pinned is None or pinned != item.version:
                continue
            if not require(item.is_latest, f"whether {item.key} has a newer version"):
                what = f"{item.key} has a newer version than the pinned {pinned}"
                yield fail(what, words={"KIND": kind, "PATH": item.key})
