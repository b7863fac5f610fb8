"""Whether what runs is what lies in the bucket."""

from collections.abc import Iterator

from checks.check import LIVE, Check, Finding, Remedy, fail, need
from checks.lookups import bucket
from checks.sources import GUIDE
from mwaa.subject import Subject, known


class PinnedVersionsLatest(Check):
    id = "mwaa-storage-pinned-versions-latest"
    title = "The environment runs the latest version of its requirements, plugins and script"
    severity = "advisory"
    why = "A file uploaded by hand changes nothing until the environment pins its new version."
    remedy = Remedy(
        setting="requirementsFile, pluginsFile, startupScriptFile (and pulumi up)",
        command="aws mwaa update-environment --name NAME --requirements-s3-object-version VERSION",
    )
    source = GUIDE + "working-dags-dependencies.html"
    origins = LIVE

    def judge(self, subject: Subject) -> Iterator[Finding]:
        e = subject.environment
        pins = {
            e.requirements_s3_path: e.requirements_s3_object_version,
            e.plugins_s3_path: e.plugins_s3_object_version,
            e.startup_script_s3_path: e.startup_script_s3_object_version,
        }
        for item in need(bucket(subject).objects, "the objects of the bucket"):
            pinned = pins.get(item.key)
            if not known(pinned) or pinned is None or pinned != item.version:
                continue
            if not need(item.is_latest, f"whether {item.key} has a newer version"):
                yield fail(f"{item.key} has a newer version than the pinned {pinned}")
