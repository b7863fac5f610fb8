"""Makes the virtual environment of the checkout: `python3 rehearsal/bootstrap.py .venv`.

Runs before anything is installed, on the user's own Python: the standard library only. Prints what
it does; a failure is one line and a non-zero exit.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import venv
from pathlib import Path

MINIMUM = (3, 11)
ROOT = Path(__file__).resolve().parent.parent


class BootstrapError(Exception):
    """The virtual environment cannot be made: one line, with what to do."""


def main(arguments: list[str]) -> int:
    """Create or complete the virtual environment named on the command line."""
    target = Path(arguments[0] if arguments else ROOT / ".venv").absolute()
    try:
        bootstrap(target)
    except BootstrapError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def bootstrap(target: Path) -> None:
    """Leave `target` with every pinned dependency and the project itself, importable."""
    if sys.version_info < MINIMUM:
        raise BootstrapError(
            f"Python {sys.version.split()[0]} at {sys.executable} is too old; Python >= "
            f"{MINIMUM[0]}.{MINIMUM[1]} is needed: install it, or name it with PYTHON=..."
        )
    python = target / "bin" / "python"
    if not python.exists():
        print(f"{target.name}: creating it with Python {sys.version.split()[0]}", flush=True)
        try:
            venv.create(target, with_pip=True, symlinks=True)
        except (OSError, subprocess.CalledProcessError) as error:
            raise BootstrapError(
                f"{target} cannot be created ({error}); on Debian and Ubuntu the package "
                "python3-venv is needed"
            ) from error
    install = installer(target)
    print(f"{target.name}: installing the pinned dependencies", flush=True)
    pinned = ["-r", str(ROOT / "requirements-dev.txt"), "-c", str(ROOT / "constraints.txt")]
    _run([*install, *pinned])
    _run([*install, "--no-deps", "-e", str(ROOT)])


def installer(target: Path) -> list[str]:
    """The command that installs packages into `target`: uv, ten times quicker, else pip."""
    python = target / "bin" / "python"
    uv = target / "bin" / "uv"
    found = str(uv) if uv.exists() else shutil.which("uv")
    if found is None and _has_pip(python):
        # Optional: where no uv exists for a machine, pip does the same work.
        command = [str(python), "-m", "pip", "install", "--quiet", "uv"]
        if subprocess.run(command, capture_output=True, check=False).returncode == 0:
            found = str(uv)
    if found is not None:
        return [found, "pip", "install", "--quiet", "--python", str(python)]
    if not _has_pip(python):
        _run([str(python), "-m", "ensurepip", "--upgrade"])
    return [str(python), "-m", "pip", "install", "--quiet"]


def _has_pip(python: Path) -> bool:
    command = [str(python), "-m", "pip", "--version"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _run(command: list[str]) -> None:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
        reason = next((line for line in lines if "error" in line.lower()), "no reason given")
        raise BootstrapError(
            f"packages cannot be installed ({reason}); check that the package registry can be "
            "reached and repeat"
        )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
