"""Whether files are pinned by version."""

from collections.abc import Iterator

from mwaa.model.platform import Maybe, Platform
from policy.rules.rule import Finding, Fix, Rule, each, fail, require
from policy.rules.sources import API

# What S3 calls the one version of an object that came before versioning was on; AWS says that this
# may take up to 15 minutes.
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html (read 2026-11)
NULL = "null"


class ArtefactsPinned(Rule):
    id = "mwaa-storage-artefacts-pinned"
    title = "Requirements, plugins and startup script are pinned by object version"
    enforcement = "mandatory"
    severity = "medium"
    why = "Without a version an upload changes nothing, or everything at the next worker's start."
    fix = Fix(
        setting="requirementsFile, pluginsFile, startupScriptFile",
        command="aws mwaa update-environment --name NAME --KIND-s3-path PATH"
        " --KIND-s3-object-version $(aws s3api head-object --bucket BUCKET --key PATH"
        " --query VersionId --output text)",
    )
    source = API + "API_UpdateEnvironment.html"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        e = platform.environment
        artifacts: list[tuple[str, Maybe[str | None], Maybe[str | None]]] = [
            ("requirements", e.requirements_s3_path, e.requirements_s3_object_version),
            ("plugins", e.plugins_s3_path, e.plugins_s3_object_version),
            ("startup script", e.startup_script_s3_path, e.startup_script_s3_object_version),
        ]

        def one(artifact: tuple[str, Maybe[str | None], Maybe[str | None]]) -> Iterator[Finding]:
            name, path, version = artifact
            if not require(path, f"the path of the {name}"):
                return
            # A version that is not known yet is an output, and so pinned.
            if version in (None, ""):
                yield fail(f"{name} {path} has no version", words=_words(name, path))
            elif version == NULL:
                yield fail(
                    f"{name} {path} has the version null: it was uploaded before the bucket's "
                    "versioning took effect, and the next upload would overwrite it. Change the "
                    "file (a comment is enough), so that the next `pulumi up` uploads it again",
                    words=_words(name, path),
                )

        return each(artifacts, one)


def _words(name: str, path: Maybe[str | None]) -> dict[str, str]:
    return {"KIND": name.replace(" ", "-"), "PATH": str(path)}
