"""Lets the real tools try delivered files: uv resolves, Airflow imports, ruff reads the DAGs."""

import json
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from mwaa.model.platform import UNKNOWN, Fault, Maybe, Trial, known
from mwaa.service.artifacts import KEYS
from mwaa.service.versions import major
from ops.artifacts import uv
from ops.artifacts.airflow import Resolution, import_dags, resolve, virtual_environment
from ops.artifacts.image import Image
from ops.artifacts.source import dags_of
from ops.artifacts.wheels import Sources
from ops.errors import RefusedError
from ops.terminal import say
from policy.analysis.artifacts.requirements import RequirementsFile, parse
from policy.analysis.artifacts.text import decoded

# Rules of ruff: what Airflow 3 removed, and what moved into a provider.
# https://docs.astral.sh/ruff/rules/#airflow-air
RUFF = "ruff==0.17.6"
GONE = "AIR301,AIR302"


def tried(source: Path, of: Image, sources: Sources, *, imports: bool) -> Trial:
    """What the tools make of the files below ``source``; what cannot be tried here says why."""
    trial = Trial(old_uses=UNKNOWN)
    dags = dags_of(source)
    if dags and major(of.version) >= 3:
        trial = _read_by_ruff(trial, dags, of)
    with tempfile.TemporaryDirectory(prefix="mwaa-plugins-") as work:
        plugins = plugins_folder(source, Path(work))
        links = Sources((*sources.find_links, *([plugins] if plugins else [])), sources.no_index)
        say(f"resolving for Airflow {of.version}, Python {of.python}")
        try:
            resolution = resolve(requirements(source), source, of, links)
            trial = _resolved(trial, resolution, of)
        except RefusedError as error:
            return _untried(trial, str(error), "conflict", "packages", "import_faults")
        if dags is None:
            return replace(trial, import_faults=())
        if not known(trial.packages):
            return trial
        if not imports:
            return _untried(trial, "the DAGs were not imported (--no-import)", "import_faults")
        return _imported(trial, resolution, of, links, dags, plugins)


def requirements(source: Path) -> RequirementsFile | None:
    """The requirements as they are; lines that pip does not understand are a rule's matter."""
    path = source / KEYS["requirements"]
    return parse(decoded(path.read_bytes()), str(path)) if path.is_file() else None


def plugins_folder(source: Path, work: Path) -> Path | None:
    """The plugins as MWAA unpacks them: the archive if there is one, else its source folder."""
    archive = source / KEYS["plugins"]
    if archive.is_file():
        try:
            with zipfile.ZipFile(archive) as opened:
                opened.extractall(work)
        except (zipfile.BadZipFile, OSError):
            return None  # mwaa-delivery-plugins-unpack tells it
        return work
    folder = source / "plugins"
    return folder if folder.is_dir() else None


def _untried(trial: Trial, why: str, *names: str) -> Trial:
    return replace(trial, untried={**trial.untried, **dict.fromkeys(names, why)})


def _resolved(trial: Trial, found: Resolution, of: Image) -> Trial:
    if not found.conflict:
        pins = of.pins()
        packages = {name: v for name, v in found.pins.items() if pins.get(name) != v}
        return replace(trial, conflict=None, packages=packages)
    not_imported = "the DAGs were not imported: their packages cannot be installed"
    if any(word in found.conflict for word in ("Failed to fetch", "error sending request")):
        why = f"no package index could be read: {found.conflict}"
        return _untried(trial, why, "conflict", "packages", "import_faults")
    trial = replace(trial, conflict=found.conflict)
    return _untried(trial, not_imported, "packages", "import_faults")


def _imported(
    trial: Trial, found: Resolution, of: Image, links: Sources, dags: Path, plugins: Path | None
) -> Trial:
    say("importing the DAGs")
    try:
        python = virtual_environment(found, of, links)
    except OSError as error:
        return _untried(trial, f"the packages could not be installed: {error}", "import_faults")
    if python is None:
        return _untried(
            trial,
            f"no Python {of.python} on this machine, so the DAGs were not imported; install it "
            f"(`uv python install {of.python}`) and run again",
            "import_faults",
        )
    imported = import_dags(python, dags, plugins)
    trial = replace(trial, import_faults=imported.faults, dags=imported.dags)
    return _untried(trial, imported.unproven, "import_faults") if imported.unproven else trial


def _read_by_ruff(trial: Trial, dags: Path, of: Image) -> Trial:
    say("reading the DAGs for what Airflow 3 took away")
    target = "py" + of.python.replace(".", "")
    ran = uv.run(
        *("tool", "run", "--quiet", RUFF, "check", dags, "--isolated", "--no-cache"),
        *("--select", GONE, "--target-version", target, "--output-format", "json", "--exit-zero"),
    )
    uses = _uses(ran.output, dags) if ran.is_ok else UNKNOWN
    if not known(uses):
        return _untried(trial, f"ruff could not be run: {ran.errors or 'no answer'}", "old_uses")
    return replace(trial, old_uses=uses)


def _uses(output: str, dags: Path) -> Maybe[tuple[Fault, ...]]:
    try:
        found: list[Mapping[str, Any]] = json.loads(output or "[]")
    except ValueError:
        return UNKNOWN
    root = dags.parent.resolve()
    return tuple(
        Fault(
            file=_below(root, Path(str(one["filename"]))),
            line=int(one["location"]["row"]),
            what=f"{one['message']} ({one['code']})",
        )
        for one in found
        # A file that is no Python has no code; another rule tells it.
        if str(one.get("code") or "").startswith("AIR")
    )


def _below(root: Path, path: Path) -> str:
    resolved = path.resolve()
    return str(resolved.relative_to(root)) if resolved.is_relative_to(root) else str(path)
