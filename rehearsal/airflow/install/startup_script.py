"""Runs the startup script as each container does, and keeps the variables that it exports."""

from __future__ import annotations

import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from mwaa.service.image import STARTUP_MINUTES
from rehearsal.airflow.place import Place
from rehearsal.cli.workspace import RehearsalError

# The script is sourced, so that what it exports can be read after it.
_SOURCED = '. "$1"; /usr/bin/env -0 >"$2"'


def run(
    place: Place, container: str, environment: Mapping[str, str], say: Callable[[str], object]
) -> dict[str, str]:
    """What the script exports or changes for ``container``; nothing where there is no script.

    Raises ``RehearsalError`` when it fails: the container would not start on MWAA either.
    """
    if not place.startup_script.is_file():
        return {}
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="mwaa-startup-") as work:
        after = Path(work) / "environment"
        command = ["/bin/bash", "-c", _SOURCED, "startup", str(place.startup_script), str(after)]
        try:
            done = subprocess.run(
                command,
                cwd=place.home,
                env=dict(environment),
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                check=False,
                timeout=STARTUP_MINUTES * 60,
            )
            printed, reason = done.stdout, f"ended with {done.returncode}"
        except subprocess.TimeoutExpired as late:
            printed, reason = str(late.stdout or ""), f"took longer than {STARTUP_MINUTES} minutes"
        for line in printed.splitlines():
            say(f"[INFO] - {line}")
        say(f"[INFO] - Startup script execution time: {time.monotonic() - started:.2f} seconds.")
        try:
            pairs = after.read_text("utf-8", "replace").split("\0")
        except OSError:
            say("[ERROR] - Failed to locate environment variables file from startup script.")
            raise RehearsalError(
                f"the startup script failed in the {container} container ({reason}): read the "
                "stream startup_script_execution_* of its log group"
            ) from None
    private = ("PWD", "OLDPWD", "SHLVL", "_")
    return {
        name: value
        for name, _, value in (pair.partition("=") for pair in pairs)
        if name and environment.get(name) != value and name not in private
    }
