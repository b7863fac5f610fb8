"""A virtual environment with the Airflow of the image and the project's requirements, kept cached.

It is made once per resolution, so a second preflight of unchanged requirements installs nothing.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ops.artifacts import dag_bag, uv
from ops.artifacts.image import PLATFORM, Image
from ops.artifacts.problem import Problem, Weight
from ops.artifacts.requirements import RequirementsFile
from ops.artifacts.wheels import Sources, constraints, pins

IMPORT_SECONDS = 600


@dataclass(frozen=True)
class Resolution:
    """The pins that the image and the requirements agree on, or why there are none."""

    pins: dict[str, str]
    conflict: str = ""


def resolve(
    file: RequirementsFile | None, source: Path, image: Image, sources: Sources
) -> Resolution:
    """Resolve the image with the project's requirements; the conflict is uv's explanation."""
    with tempfile.TemporaryDirectory(prefix="mwaa-resolve-") as work:
        wanted, target = Path(work) / "wanted.in", Path(work) / "wanted.txt"
        lines = [line.text for line in file.requirements] if file else []
        wanted.write_text(image.requirements() + "".join(f"{line}\n" for line in lines))
        limits: list[str] = ["--constraint", str(image.constraints())]
        for path in constraints(file, source) if file else []:
            limits += ["--constraint", path]
        ran = uv.run(
            *("pip", "compile", "--quiet", wanted, "--output-file", target, "--no-header"),
            *("--no-annotate", "--python-version", image.python, "--python-platform", PLATFORM),
            *limits,
            *sources.options(),
        )
        return Resolution(pins(target)) if ran.is_ok else Resolution({}, ran.errors)


def virtual_environment(resolution: Resolution, image: Image, sources: Sources) -> Path | None:
    """The interpreter of a virtual environment with exactly the resolved packages, or ``None``
    without the image's Python on this machine. Raises ``OSError`` when the install fails."""
    python = uv.python(image.python)
    if python is None:
        return None
    wanted = "".join(f"{name}=={version}\n" for name, version in sorted(resolution.pins.items()))
    digest = hashlib.sha256(f"{python}\n{wanted}".encode()).hexdigest()[:16]
    home = uv.cache_folder() / "airflow" / f"{image.version}-{digest}"
    if not (home / "done").exists():
        # Made under another name: a killed install is never taken for a finished one.
        part = home.with_name(f"{home.name}.{os.getpid()}.part")
        part.mkdir(parents=True)
        (part / "packages.txt").write_text(wanted)
        made = uv.run("venv", "--quiet", "--relocatable", "--python", python, part / "venv")
        ran = (
            made
            if not made.is_ok
            else uv.run(
                *("pip", "install", "--quiet", "--no-deps", "--python", part / "venv"),
                *("--requirement", part / "packages.txt"),
                *sources.options(),
            )
        )
        if not ran.is_ok:
            shutil.rmtree(part, ignore_errors=True)
            raise OSError(ran.errors)
        (part / "done").touch()
        shutil.rmtree(home, ignore_errors=True)
        part.replace(home)
    return home / "venv" / "bin" / "python"


@dataclass(frozen=True)
class Imported:
    """What Airflow made of the DAG folder: the number of DAGs and the problems."""

    dags: int
    problems: tuple[Problem, ...]


def import_dags(python: Path, dags: Path, plugins: Path | None) -> Imported:
    """Import ``dags`` with Airflow's own DagBag, with ``plugins`` on the path as MWAA has it."""
    with tempfile.TemporaryDirectory(prefix="mwaa-airflow-") as home:
        environment = {
            # Neither the caller's AWS identity nor its Airflow settings belong in this process.
            **{name: os.environ[name] for name in ("PATH", "LANG", "TZ") if name in os.environ},
            "AIRFLOW_HOME": home,
            "HOME": home,
            "AIRFLOW__CORE__DAGS_FOLDER": str(dags.resolve()),
            "AIRFLOW__CORE__PLUGINS_FOLDER": str((plugins or Path(home) / "plugins").resolve()),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home}/airflow.db",
            "AIRFLOW__CORE__EXECUTOR": "SequentialExecutor",
            "AWS_EC2_METADATA_DISABLED": "true",
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        try:
            done = subprocess.run(
                # Given as text: run as a file, its folder would come first on the import path, and
                # this module would stand in for Airflow.
                [python, "-", str(dags.resolve())],
                input=Path(dag_bag.__file__).read_text("utf-8"),
                capture_output=True,
                text=True,
                check=False,
                env=environment,
                cwd=home,
                timeout=IMPORT_SECONDS,
            )
            result = json.loads(done.stdout.strip().splitlines()[-1])
        except subprocess.TimeoutExpired:
            return _failed(dags, f"importing the DAGs took longer than {IMPORT_SECONDS} s")
        except (ValueError, IndexError):
            last = done.stderr.strip().splitlines()[-1:] or ["no output"]
            return _failed(dags, f"Airflow ended while it imported the DAGs: {last[0]}")
    return Imported(result["dags"], tuple(_problems(result, dags)))


def _failed(dags: Path, message: str) -> Imported:
    return Imported(0, (Problem("dag-import", Weight.ERROR, str(dags), 0, message),))


def _problems(result: dict[str, dict[str, str]], dags: Path) -> Iterator[Problem]:
    for file, text in result["errors"].items():
        lines = re.findall(rf'File "{re.escape(file)}", line (\d+)', text)
        last = text.strip().splitlines()[-1] if text.strip() else "import failed"
        weight, message = Weight.ERROR, last
        if "no such table" in text:
            weight = Weight.UNPROVEN
            message = (
                "reads a variable, connection or other row of the metadata database when it is "
                "imported, which every parse repeats; read it inside a task (Jinja or Variable.get)"
            )
        # Airflow reports absolute paths; the caller knows the file by the path that was given.
        shown = (
            str(dags / Path(file).relative_to(dags.resolve()))
            if Path(file).is_relative_to(dags.resolve())
            else file
        )
        yield Problem("dag-import", weight, shown, int(lines[-1]) if lines else 0, message)
    for where, text in result["unserializable"].items():
        yield Problem("dag-serialize", Weight.ERROR, where.rpartition(":")[0], 0, text)
