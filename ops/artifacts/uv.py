"""Runs ``uv``, which resolves, downloads and installs Python packages.

https://docs.astral.sh/uv/reference/cli/
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ops.errors import RefusedError


@dataclass(frozen=True)
class Ran:
    """How a command ended: its exit code, and what it printed."""

    code: int
    output: str
    errors: str

    @property
    def is_ok(self) -> bool:
        """Whether it succeeded."""
        return self.code == 0


def program() -> list[str]:
    """The ``uv`` beside this Python, else on PATH; ``RefusedError`` if there is none."""
    beside = Path(sys.executable).with_name("uv")
    found = str(beside) if beside.exists() else shutil.which("uv")
    if found is None:
        raise RefusedError(
            "the uv command is missing, and packages are resolved with it: install it with "
            "`pip install uv` into this environment"
        )
    return [found]


def run(*arguments: str | Path, offline: bool = False, wrapper: Sequence[str] = ()) -> Ran:
    """``uv <arguments>``; ``offline`` forbids every network access; ``wrapper`` goes in front."""
    environment = {**os.environ, "UV_NO_PROGRESS": "1", "NO_COLOR": "1"}
    # A project around the current folder, or a virtual environment, must not decide what is tested.
    for name in ("VIRTUAL_ENV", "UV_EXCLUDE_NEWER", "UV_CONSTRAINT"):
        environment.pop(name, None)
    command = [*wrapper, *program(), *(str(argument) for argument in arguments)]
    if offline:
        command.append("--offline")
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    return Ran(done.returncode, done.stdout, done.stderr.strip())


def python(version: str) -> Path | None:
    """An interpreter of minor ``version`` on this machine, or ``None``; nothing is downloaded."""
    found = run("python", "find", "--no-python-downloads", "--system", "--no-project", version)
    if found.is_ok and found.output.strip():
        return Path(found.output.strip())
    # pyenv's shims on PATH refuse to run a version that is installed but not chosen.
    root = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    installed = sorted(root.glob(f"versions/{version}.*/bin/python{version}"))
    return installed[-1] if installed else None


def cache_folder() -> Path:
    """Where virtual environments and resolutions are kept between runs."""
    root = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(root) / "mwaa"


def isolation() -> list[str]:
    """A prefix that takes the network from a command, where this kernel lets a user do so."""
    unshare = shutil.which("unshare")
    if unshare is None:
        return []
    probe = [unshare, "--user", "--map-root-user", "--net"]
    done = subprocess.run([*probe, "true"], capture_output=True, check=False)
    return probe if done.returncode == 0 else []
