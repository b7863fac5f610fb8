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
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mwaa.model.platform import Fault
from mwaa.service.image import PLATFORM
from ops.artifacts import dag_bag, uv
from ops.artifacts.image import Image
from ops.artifacts.requirements import limits, wanted
from ops.artifacts.wheels import Sources, pins
from policy.analysis.artifacts.requirements import RequirementsFile

IMPORT_SECONDS = 600


@dataclass(frozen=True)
class Resolution:
    """The pins that the image and the requirements agree on, or why there are none."""

    pins: dict[str, str]
    conflict: str = ""


def resolve(
    file: RequirementsFile | None, source: Path, image: Image, sources: Sources
) -> Resolution:
    """Resolve the image with the project's requirements; the conflict is uv's explanation.

    What the image has stays as it is where nothing asks for another version, as with pip.
    """
    with tempfile.TemporaryDirectory(prefix="mwaa-resolve-") as work:
        asked, target = Path(work) / "wanted.in", Path(work) / "wanted.txt"
        lines = [line.text for line in wanted(file, source) if not line.problem] if file else []
        asked.write_text(image.requirements() + "".join(f"{line}\n" for line in lines))
        # uv keeps what an earlier result holds, as far as it fits.
        target.write_text(image.constraints().read_text())
        ran = uv.run(
            *("pip", "compile", "--quiet", asked, "--output-file", target, "--no-header"),
            *("--no-annotate", "--python-version", image.python, "--python-platform", PLATFORM),
            *limits(file, source, image, Path(work), strict=False),
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
    """What Airflow made of the DAG folder: the number of DAGs, what is wrong, and what could not
    be shown without a metadata database."""

    dags: int
    faults: tuple[Fault, ...]
    unproven: str = ""


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
    return _imported(result, dags)


def _failed(dags: Path, message: str) -> Imported:
    return Imported(0, (Fault(file=dags.name, line=0, what=message),))


def _imported(result: dict[str, Any], dags: Path) -> Imported:
    faults, asking = [], []
    for file, text in result["errors"].items():
        lines = re.findall(rf'File "{re.escape(file)}", line (\d+)', text)
        last = text.strip().splitlines()[-1] if text.strip() else "import failed"
        shown = _shown(file, dags)
        if "no such table" in text:
            asking.append(shown)
        else:
            faults.append(Fault(file=shown, line=int(lines[-1]) if lines else 0, what=last))
    for where, text in result["unserializable"].items():
        faults.append(Fault(file=_shown(where.rpartition(":")[0], dags), line=0, what=text))
    unproven = (
        f"{', '.join(sorted(asking))}: reads a row of the metadata database when it is imported, "
        "which every parse repeats; read it inside a task (Jinja or Variable.get)"
    )
    return Imported(result["dags"], tuple(faults), unproven if asking else "")


def _shown(file: str, dags: Path) -> str:
    """A file as the rules name it: below the folder that was given."""
    path, root = Path(file), dags.resolve()
    return f"{dags.name}/{path.relative_to(root)}" if path.is_relative_to(root) else file
