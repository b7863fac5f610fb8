"""Whether files are pinned by version."""

from collections.abc import Iterator

from mwaa.model.platform import Maybe, Platform
from policy.rules.rule import Finding, Fix, Rule, each, fail, require
from policy.rules.sources import API


class ArtefactsPinned(Rule):
    id = "mwaa-storage-artefacts-pinned"
    title = "Requirements, plugins and startup script are pinned by object version"
    enforcement = "mandatory"
    severity = "medium"
    why = "Without a version an upload changes nothing, or everything at the next worker's start."
    fix = Fix(
        setting="requirementsFile, pluginsFile, startupScriptFile",
        command="aws mwaa update-environment --name NAME --requirements-s3-object-version VERSION",
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
            # A version that is not known yet is an output, and so pinned.
            if require(path, f"the path of the {name}") is not None and version is None:
                yield fail(f"{name} {path} has no version")

        return each(artifacts, one)
