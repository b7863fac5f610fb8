"""Installs the requirements as the image does: by pip, bound by the image's own constraints.

A failure leaves the environment as it is, and stands in the ``requirements_install`` streams only.
https://github.com/aws/amazon-mwaa-docker-images (python/mwaa/utils/user_requirements.py), read
2026-11-27.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from mwaa.service.image import CONSTRAINTS_SEEN, INSTALL_MINUTES
from ops.artifacts import uv
from policy.analysis.artifacts.text import decoded
from rehearsal.airflow.install.interpreter import Interpreter
from rehearsal.airflow.place import Place

Say = Callable[[str], object]

FAILED = (
    "[ERROR] - ERROR: pip installation exited with a non-zero error code. This could be the result "
    "of package conflict: MWAA enforces the versions of Airflow, Celery and others."
)
FORCED = "[WARNING] - WARNING: Constraints should be specified for requirements.txt."


def options(text: str, essential: Path, image: Path) -> list[str]:
    """What pip is bound to: always the essential pins, and where no line names a constraint, not
    even in a comment, all packages of the image."""
    bound = ["--constraint", str(essential)]
    if not any(re.search(CONSTRAINTS_SEEN, line) for line in text.splitlines()):
        bound += ["--constraint", str(image)]
    return bound


def install(interpreter: Interpreter, place: Place, say: Say) -> bool:
    """Install what ``place.requirements`` asks for; ``say`` gets every line. False when pip fails,
    or takes longer than the image allows."""
    if not place.requirements.is_file():
        return True
    text = decoded(place.requirements.read_bytes())
    here = place.requirements.with_name("here.txt")
    here.write_text(place.here(text), encoding="utf-8")
    essential = place.requirements.with_name("essential.txt")
    essential.write_text(interpreter.image.essential(), encoding="utf-8")
    bound = options(text, essential, interpreter.image.constraints())
    if len(bound) > 2:
        say(FORCED)
        say("[WARNING] - Forcing local constraints")
    command = [*uv.program(), "tool", "run", "--quiet", "pip", "--python", interpreter.python]
    command += ["install", "--disable-pip-version-check", "--no-input", "--requirement", here]
    done = _run([*map(str, command), *bound], place, say)
    if not done:
        say(FAILED)
    return done


def _run(command: Sequence[str], place: Place, say: Say) -> bool:
    with subprocess.Popen(
        command,
        cwd=place.home,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        # pip asks the package index that the user's settings name.
        env={**os.environ, "PIP_REQUIRE_VIRTUALENV": "0", "NO_COLOR": "1"},
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.strip():
                say(f"[INFO] - {line.rstrip()}")
        return process.wait(timeout=INSTALL_MINUTES * 60) == 0
