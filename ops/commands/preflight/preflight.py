"""``mwaa preflight``: would these files work on MWAA? Asked before an update.

An update with bad requirements takes twenty minutes to fail and rolls back; here the same answer
takes seconds, with the real Airflow of the environment's version.
"""

import tempfile
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from mwaa.service.image import wheel_fits
from ops import options
from ops.artifacts.airflow import Resolution, import_dags, resolve, virtual_environment
from ops.artifacts.dag_source import inspect_tree
from ops.artifacts.image import Image, image
from ops.artifacts.problem import Problem, Weight
from ops.artifacts.requirements import RequirementsFile, read
from ops.artifacts.wheels import Sources
from ops.commands.preflight.delivery_files import inspect_plugins, inspect_startup
from ops.commands.preflight.requirements import inspect_requirements, install_time
from ops.errors import FailedError, RefusedError
from ops.stack import of_file
from ops.target import ANY_STATUS
from ops.terminal import Format, duration, emit, say

PERMISSIONS = ("airflow:GetEnvironment", "airflow:ListEnvironments")
STATUSES = ANY_STATUS
EXAMPLES = (
    "mwaa preflight examples --stack dev",
    "mwaa preflight examples --airflow-version 2.10.3 --no-import",
    "mwaa preflight . --environment prod --format json",
)


@dataclass(frozen=True)
class Question:
    """What is asked: the ``source`` folder, for which image, on a private web server or not."""

    source: Path
    image: Image
    is_private: bool
    sources: Sources


def run(
    source: Annotated[
        Path,
        typer.Argument(help="Folder with dags/, plugins/ or plugins.zip, requirements.txt, ..."),
    ],
    stack: options.Stack = "",
    environment: options.Environment = "",
    airflow_version: Annotated[
        str, typer.Option(help="Airflow version; default: that of the stack or environment.")
    ] = "",
    public: Annotated[
        bool, typer.Option("--public", help="The web server reaches the internet.")
    ] = False,
    imports: Annotated[
        bool, typer.Option("--import/--no-import", help="Import the DAGs with the real Airflow.")
    ] = True,
    find_links: Annotated[
        list[Path] | None, typer.Option(help="Folder of own wheels; may be repeated.")
    ] = None,
    profile: options.Profile = "",
    region: options.Region = "",
    form: options.Form = Format.TEXT,
) -> None:
    """Reads the files, resolves the requirements with what the image pins, installs them once into
    a cached virtual environment and imports every DAG there. Exit 0: nothing found; 1: an error
    was found. What could not be proved on this machine is said, not passed over."""
    start = time.monotonic()
    if not source.is_dir():
        raise RefusedError(f"{source} is not a folder: give the one that holds dags/")
    version, is_private = airflow_version, not public
    if environment:
        from ops.target import resolve as target

        found = target(environment=environment, profile=profile, region=region).description
        version = version or str(found.get("AirflowVersion", ""))
        is_private = is_private and found.get("WebserverAccessMode") != "PUBLIC_ONLY"
    elif stack:
        settings = of_file(stack)
        version = version or str(settings.get("mwaa:airflowVersion", ""))
        is_private = is_private and settings.get("mwaa:webserverAccessMode") != "PUBLIC_ONLY"
    if not version:
        raise RefusedError("which Airflow? Give --airflow-version, --stack or --environment")
    question = Question(source, image(version), is_private, Sources(tuple(find_links or ())))
    problems = list(_static(question))
    dags, proven = _dynamic(question, problems, imports=imports)
    errors = [one for one in problems if one.weight is Weight.ERROR]
    document = {
        "airflow_version": version,
        "python": question.image.python,
        "problems": [one.document() for one in problems],
        "errors": len(errors),
        "dags_imported": dags,
        "proven": proven,
        "seconds": round(time.monotonic() - start, 1),
    }
    emit(form, document, lambda: _words(problems, document))
    if errors:
        raise FailedError("")


def _requirements(question: Question) -> RequirementsFile | None:
    path = question.source / "requirements.txt"
    return read(path) if path.is_file() else None


def _static(question: Question) -> Iterator[Problem]:
    """What reading shows."""
    source = question.source
    for folder in ("dags", "plugins"):
        if (source / folder).is_dir():
            yield from inspect_tree(source / folder)
    file = _requirements(question)
    if file is not None:
        yield from inspect_requirements(file, source, question.image, private=question.is_private)
    if (source / "startup.sh").is_file():
        yield from inspect_startup(source / "startup.sh", private=question.is_private)
    if (source / "plugins.zip").is_file():
        yield from inspect_plugins(source / "plugins.zip")


def _dynamic(question: Question, problems: list[Problem], *, imports: bool) -> tuple[int, bool]:
    """Resolve, install and import; returns the number of DAGs and whether all was proved."""
    file, of = _requirements(question), question.image
    with tempfile.TemporaryDirectory(prefix="mwaa-plugins-") as work:
        plugins = _plugins(question.source, Path(work))
        links = (*question.sources.find_links, *([plugins] if plugins else []))
        sources = Sources(links)
        say(f"resolving for Airflow {of.version}, Python {of.python}")
        try:
            resolution = resolve(file, question.source, of, sources)
        except RefusedError as error:
            problems.append(_unproven("resolution", str(error)))
            return 0, False
        if resolution.conflict:
            problems.append(_conflict(question, resolution))
            return 0, False
        extra = {n for n, v in resolution.pins.items() if of.pins().get(n) != v}
        if file is not None:
            problems.extend(install_time(file, len(extra)))
            if file.is_offline:
                problems.extend(_wheels(file, extra, plugins, of.python))
        dags = question.source / "dags"
        if not imports or not dags.is_dir():
            return 0, False
        say("importing the DAGs")
        try:
            python = virtual_environment(resolution, of, sources)
        except OSError as error:
            problems.append(_unproven("install", f"the packages could not be installed: {error}"))
            return 0, False
        if python is None:
            problems.append(
                _unproven(
                    "python",
                    f"no Python {of.python} on this machine, so the DAGs were not imported; "
                    f"install it (`uv python install {of.python}`) and run again",
                )
            )
            return 0, False
        imported = import_dags(python, dags, plugins)
        problems.extend(imported.problems)
        return imported.dags, all(p.weight is not Weight.UNPROVEN for p in imported.problems)


def _plugins(source: Path, work: Path) -> Path | None:
    """The plugins as MWAA unpacks them: the archive if there is one, else its source folder."""
    archive = source / "plugins.zip"
    if archive.is_file():
        try:
            with zipfile.ZipFile(archive) as opened:
                opened.extractall(work)
        except (zipfile.BadZipFile, OSError):
            return None  # reported by the layout rules
        return work
    folder = source / "plugins"
    return folder if folder.is_dir() else None


def _wheels(
    file: RequirementsFile, extra: set[str], plugins: Path | None, python: str
) -> Iterator[Problem]:
    """Packages that neither the image nor plugins.zip brings in a wheel that fits the image."""
    from packaging.utils import canonicalize_name

    wheels = sorted(plugins.rglob("*.whl")) if plugins else []
    brought = set()
    for wheel in wheels:
        if wheel_fits(wheel.name, python):
            brought.add(canonicalize_name(wheel.name.split("-")[0]))
            continue
        yield Problem(
            "requirements-wheel",
            Weight.ERROR,
            str(file.path),
            0,
            f"{wheel.name} does not fit the image (Python {python}, x86-64 Linux): "
            "`mwaa build --offline` gathers wheels that do",
        )
    for name in sorted(extra - brought):
        yield Problem(
            "requirements-wheel",
            Weight.ERROR,
            str(file.path),
            0,
            f"{name} is needed, and neither the image nor plugins.zip brings it: "
            "`mwaa build --offline` gathers every wheel",
        )


def _conflict(question: Question, resolution: Resolution) -> Problem:
    unreachable = any(
        word in resolution.conflict for word in ("Failed to fetch", "error sending request")
    )
    if unreachable:
        return _unproven("resolution", f"no package index could be read: {resolution.conflict}")
    return Problem(
        "requirements-conflict",
        Weight.ERROR,
        str(question.source / "requirements.txt"),
        0,
        f"cannot be installed beside what the image of Airflow {question.image.version} pins:\n"
        f"{resolution.conflict}",
    )


def _unproven(rule: str, message: str) -> Problem:
    return Problem(rule, Weight.UNPROVEN, "preflight", 0, message)


def _words(problems: list[Problem], document: dict[str, Any]) -> str:
    warnings = sum(one.weight is Weight.WARNING for one in problems)
    proof = (
        f"{document['dags_imported']} DAGs imported by Airflow {document['airflow_version']}"
        if document["proven"]
        else "the DAGs were not proved by an import"
    )
    return "\n".join(
        [one.text() for one in problems]
        + [
            f"{document['errors']} errors, {warnings} warnings; {proof} "
            f"(Python {document['python']}) in {duration(document['seconds'])}"
        ]
    )
