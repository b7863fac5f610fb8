"""``mwaa build``: make plugins.zip and requirements.txt, the same bytes each time.

The source folder holds ``plugins/`` and ``requirements.txt``. With ``--offline`` the wheels go into
plugins.zip and requirements.txt points there, as a private web server needs it
(https://docs.aws.amazon.com/mwaa/latest/userguide/best-practices-dependencies.html).
"""

import hashlib
import shutil
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from mwaa.service.artifacts import KEYS
from mwaa.service.image import PLUGINS_FOLDER
from mwaa.words import counted
from ops import options
from ops.artifacts import archive
from ops.artifacts.image import image
from ops.artifacts.requirements import constraints, read, wanted
from ops.artifacts.source import PLUGINS, require_folder
from ops.artifacts.wheels import OfflineProof, Sources, gather, lock, prove
from ops.errors import RefusedError
from ops.target import ANY_STATUS
from ops.terminal import Format, emit, say
from policy.analysis.artifacts.requirements import RequirementsFile

PERMISSIONS: tuple[str, ...] = ()
STATUSES = ANY_STATUS
EXAMPLES = (
    "mwaa build examples --out build",
    "mwaa build examples --out build --offline --airflow-version 2.10.3",
)
LOCK = "requirements.lock"


def run(
    source: Annotated[Path, typer.Argument(help="Folder with plugins/ and requirements.txt.")],
    out: Annotated[Path, typer.Option(help="Folder that the two files are written to.")] = Path(
        "build"
    ),
    offline: Annotated[
        bool, typer.Option("--offline", help="Put every wheel into plugins.zip; use no index.")
    ] = False,
    airflow_version: Annotated[
        str, typer.Option(help="Airflow version of the environment; needed with --offline.")
    ] = "",
    find_links: Annotated[
        list[Path] | None, typer.Option(help="Folder of own wheels; may be repeated.")
    ] = None,
    no_index: Annotated[
        bool, typer.Option("--no-index", help="Use only --find-links, no package index.")
    ] = False,
    dry_run: options.DryRun = False,
    form: options.Form = Format.TEXT,
) -> None:
    """Writes plugins.zip and requirements.txt for the settings pluginsFile and requirementsFile.
    With --offline a lock file beside the source keeps versions and hashes, and the result is
    installed without a network to prove that it suffices."""
    require_folder(source)
    if offline and not airflow_version:
        raise RefusedError("--offline needs --airflow-version: wheels depend on the image's Python")
    plugins = archive.collect(source / PLUGINS) if (source / PLUGINS).is_dir() else {}
    path = source / KEYS["requirements"]
    file = read(path) if path.is_file() else None
    if not plugins and file is None:
        raise RefusedError(
            f"{source} holds neither plugins/ nor requirements.txt: nothing to build"
        )
    with tempfile.TemporaryDirectory(prefix="mwaa-build-") as work:
        made = Path(work) / "made"
        made.mkdir()
        proof = OfflineProof(False, "no offline install was asked for")
        if offline and file is not None:
            sources = Sources(tuple(find_links or ()), no_index)
            proof = _offline(file, source, airflow_version, plugins, sources, Path(work), made)
        else:
            _plain(file, plugins, made)
        files = [_publish(path, out / path.name, dry_run) for path in sorted(made.iterdir())]
        if offline and file is not None:
            files.append(_publish(Path(work) / LOCK, source / LOCK, dry_run))
    _report(form, out, files, proof, dry_run)


def _plain(file: RequirementsFile | None, plugins: dict[str, Path], made: Path) -> None:
    if plugins:
        archive.write(made / "plugins.zip", plugins)
    if file is not None:
        # Line ends differ between checkouts; the bytes in the bucket must not.
        content = Path(file.name).read_bytes().replace(b"\r\n", b"\n")
        (made / "requirements.txt").write_bytes(content)


def _offline(
    file: RequirementsFile,
    source: Path,
    version: str,
    plugins: dict[str, Path],
    sources: Sources,
    work: Path,
    made: Path,
) -> OfflineProof:
    of = image(version)
    lines = list(wanted(file, source))
    direct = [line.text for line in lines if line.target]
    if direct:
        raise RefusedError(
            f"{file.name}: {direct[0]} comes from a URL or a path, which a private web server "
            "cannot reach: build a wheel of it, give its folder with --find-links, and require it "
            "by name and version"
        )
    locked = work / LOCK
    if (source / LOCK).is_file():
        shutil.copyfile(source / LOCK, locked)
    say(f"resolving for Airflow {version}, Python {of.python}")
    pins = lock(file, source, of, locked, sources)
    folder = work / "wheels"
    folder.mkdir()
    say(f"gathering {counted(len(pins), 'wheel')}")
    wheels = gather(locked, of, folder, sources)
    limits = "".join(f"{name}=={pins[name]}\n" for name in sorted(pins))
    members: dict[str, Path | bytes] = {**plugins, **{wheel.name: wheel for wheel in wheels}}
    # The source's constraint did its work above; what is left to say is what was resolved.
    for path in constraints(file, source):
        members = {name: one for name, one in members.items() if one != Path(path)}
    members["constraints.txt"] = limits.encode()
    archive.write(made / "plugins.zip", members)
    written = [
        f'--constraint "{PLUGINS_FOLDER}/constraints.txt"',
        "--no-index",
        f'--find-links "{PLUGINS_FOLDER}"',
        *sorted(f"{_name(line.text)}=={pins[line.name]}" for line in lines if line.name in pins),
    ]
    text = "\n".join(written) + "\n"
    (made / "requirements.txt").write_bytes(text.encode())
    say("installing without a network")
    return prove(text, made / "plugins.zip", of, work)


def _name(text: str) -> str:
    """The package with its extras, without versions, markers and hashes."""
    from packaging.requirements import Requirement

    asked = Requirement(text.split(" --")[0])
    extras = f"[{','.join(sorted(asked.extras))}]" if asked.extras else ""
    return asked.name + extras


def _publish(made: Path, target: Path, dry_run: bool) -> dict[str, object]:
    """Put ``made`` in the place of ``target``: at any moment the old file or the new one."""
    content = made.read_bytes()
    changed = not target.is_file() or target.read_bytes() != content
    if not dry_run:
        part = target.with_name(target.name + ".part")
        part.unlink(missing_ok=True)  # a run that was killed may have left it
        if changed:
            target.parent.mkdir(parents=True, exist_ok=True)
            part.write_bytes(content)
            part.replace(target)
    return {
        "path": str(target),
        "bytes": len(content),
        "changed": changed,
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def _report(
    form: Format, out: Path, files: list[dict[str, object]], proof: OfflineProof, dry_run: bool
) -> None:
    def words() -> str:
        lines = []
        for file in files:
            state = "unchanged"
            if file["changed"]:
                state = "would be written" if dry_run else "written"
            lines.append(
                f"{file['path']}  {file['bytes']} bytes  {str(file['sha256'])[:12]}  {state}"
            )
        return "\n".join([*lines, proof.why])

    emit(
        form,
        {"out": str(out), "files": files, "dry_run": dry_run}
        | {"proven_offline": proof.is_proven, "proof": proof.why},
        words,
    )
