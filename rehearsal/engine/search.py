"""A `pulumi` that the user has installed already."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

from rehearsal.engine.model import MINIMUM, Engine, suitable

LANGUAGE_HOST = "pulumi-language-python"


def allowed() -> str:
    """The versions that suit, in words."""
    return f">= {'.'.join(map(str, MINIMUM))} and < {MINIMUM[0] + 1}"


def on_path(
    environment: Mapping[str, str], *, ours: Path, progress: Callable[[str], object]
) -> Engine | None:
    """The first suitable `pulumi` on PATH that has its Python language host; None without one.

    One that is too old, or of another major version, is named to `progress`. Directory `ours` is
    passed over: inside a rehearsal shell it stands first on PATH.
    """
    directories = [
        entry
        for entry in environment.get("PATH", "").split(os.pathsep)
        if entry and Path(entry) != ours
    ]
    for directory in directories:
        found = shutil.which("pulumi", path=directory)
        if found is None:
            continue
        path = Path(found)
        host = path.resolve().with_name(LANGUAGE_HOST).exists() or shutil.which(
            LANGUAGE_HOST, path=os.pathsep.join(directories)
        )
        version = version_of(path)
        if host and version and suitable(version):
            return Engine(path.resolve(), version, official=True, source="PATH")
        if version and not suitable(version):
            progress(f"engine: {path} is {version} and is passed over: needed is {allowed()}")
    return None


def version_of(path: Path) -> str | None:
    """What `pulumi version` prints; None when it cannot run."""
    try:
        done = subprocess.run(
            [str(path), "version"],
            capture_output=True,
            text=True,
            timeout=20,
            check=True,
            env={**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true"},
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip().removeprefix("v") or None
