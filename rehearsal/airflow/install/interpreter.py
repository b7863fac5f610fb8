"""The Python of an environment: Airflow as in the image, and over it what is installed.

The image's packages are in a virtual environment of the user's cache, which ``mwaa preflight`` uses
too. The requirements go into one of their own that sees the first, as pip's user site does in the
image: what they bring comes first, what the image brings stays as it is.
"""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from ops.artifacts import uv
from ops.artifacts.airflow import Resolution, virtual_environment
from ops.artifacts.image import Image, image
from ops.artifacts.wheels import Sources
from ops.errors import RefusedError
from rehearsal.airflow.place import Place
from rehearsal.cli.workspace import RehearsalError


@dataclass(frozen=True)
class Interpreter:
    """``python`` sees both; ``base`` is the folder of the image's programs."""

    image: Image
    python: Path
    base: Path


def make(version: str, place: Place) -> Interpreter:
    """Airflow ``version``, without any requirement. Raises ``RehearsalError`` in one line."""
    try:
        of = image(version)
        if uv.python(of.python) is None:
            raise RehearsalError(
                f"Airflow {version} runs on Python {of.python}, which is not on this machine: "
                f"install it (`uv python install {of.python}`) and run again"
            )
        base = virtual_environment(Resolution(of.pins()), of, Sources())
    except (RefusedError, OSError) as error:
        reason = str(error).strip().splitlines()[0]
        raise RehearsalError(f"Airflow {version} could not be installed: {reason}") from error
    assert base is not None
    shutil.rmtree(place.python, ignore_errors=True)
    made = uv.run("venv", "--quiet", "--python", base, place.python, offline=True)
    if not made.is_ok:
        raise RehearsalError(f"{place.python} could not be made: {made.errors}")
    python = place.python / "bin" / "python"
    (_packages(python) / "image.pth").write_text(f"{_packages(base)}\n", encoding="utf-8")
    # Tasks and people call `airflow`; the image's own program would not see the requirements.
    program = python.with_name("airflow")
    program.write_text(f'#!/bin/sh\nexec "{python}" -m airflow "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    return Interpreter(of, python, base.parent)


def _packages(python: Path) -> Path:
    """The folder of its packages."""
    code = "import sysconfig; print(sysconfig.get_path('purelib'))"
    done = subprocess.run([python, "-c", code], capture_output=True, text=True, check=True)
    return Path(done.stdout.strip())
