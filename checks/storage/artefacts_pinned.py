"""Whether files are pinned by version."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, each, fail, need
from checks.sources import API
from mwaa.subject import Maybe, Subject


class ArtefactsPinned(Check):
    id = "mwaa-storage-artefacts-pinned"
    title = "Requirements, plugins and startup script are pinned by object version"
    severity = "mandatory"
    why = "Without a version an upload changes nothing, or everything at the next worker's start."
    remedy = Remedy(
        setting="requirementsFile, pluginsFile, startupScriptFile",
        command="aws mwaa update-environment --name NAME --requirements-s3-object-version VERSION",
    )
    source = API + "API_UpdateEnvironment.html"

    def judge(self, subject: Subject) -> Iterator[Finding]:
        e = subject.environment
        artefacts: list[tuple[str, Maybe[str | None], Maybe[str | None]]] = [
            ("requirements", e.requirements_s3_path, e.requirements_s3_object_version),
            ("plugins", e.plugins_s3_path, e.plugins_s3_object_version),
            ("startup script", e.startup_script_s3_path, e.startup_script_s3_object_version),
        ]

        def one(artefact: tuple[str, Maybe[str | None], Maybe[str | None]]) -> Iterator[Finding]:
            name, path, version = artefact
            # A version that is not known yet is an output, and so pinned.
            if need(path, f"the path of the {name}") is not None and version is None:
                yield fail(f"{name} {path} has no version")

        return each(artefacts, one)
