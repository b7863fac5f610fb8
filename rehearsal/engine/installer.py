"""The official installer of the Pulumi CLI, where it can be reached."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import version as installed_version
from pathlib import Path

from rehearsal.engine import search
from rehearsal.engine.cache import publish
from rehearsal.engine.model import Engine, suitable

PROBE_SECONDS = 4
INSTALL_SECONDS = 240

# In a process of its own, because a name lookup that hangs cannot be given a time limit.
PROBE = (
    "import urllib.request as u; "
    "u.urlopen(u.Request('https://get.pulumi.com/install.sh', method='HEAD'), timeout=3)"
)
INSTALL = (
    "import sys; from pulumi.automation import PulumiCommand; PulumiCommand.install(root={root!r})"
)


def installed(home: Path) -> Engine | None:
    """An engine that the installer has put into the cache earlier."""
    return _engine(home / _name())


def install(home: Path, progress: Callable[[str], object]) -> Engine | None:
    """Install the CLI of the SDK's own version; None when the installer cannot be reached.

    Gives up within seconds where there is no way out of the network: a build is the alternative.
    """
    progress("engine: looking for the official installer")
    if not _run(PROBE, PROBE_SECONDS):
        return None
    progress("engine: installing the official Pulumi CLI")
    staged = home / f".{_name()}.new"
    shutil.rmtree(staged, ignore_errors=True)
    if not _run(INSTALL.format(root=str(staged)), INSTALL_SECONDS) or _engine(staged) is None:
        shutil.rmtree(staged, ignore_errors=True)
        return None
    shutil.rmtree(home / _name(), ignore_errors=True)
    publish(staged, home / _name())
    return installed(home)


def _name() -> str:
    return f"official-{installed_version('pulumi')}"


def _engine(root: Path) -> Engine | None:
    path = root / "bin" / "pulumi"
    if not path.with_name(search.LANGUAGE_HOST).exists():
        return None
    version = search.version_of(path)
    if version is None or not suitable(version):
        return None
    return Engine(path, version, official=True, source="the official installer")


def _run(code: str, seconds: float) -> bool:
    try:
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0
