"""The published provider plugins, for a rehearsal that wants them: `make up PLUGINS=published`.

They talk to the same emulated AWS by `AWS_ENDPOINT_URL`; only S3 must be told to write bucket names
into paths, because no bucket has a host name on this machine. They lie in a `PULUMI_HOME` apart, so
that neither kind is ever taken for the other.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from typing import Final

from rehearsal.cli.workspace import RehearsalError, Workspace
from rehearsal.plugins.language.packages import Plugin

PROBE_SECONDS = 8
DOWNLOAD_SECONDS = 900

# Any answer will do, a refusal too; in a process of its own, because a name lookup that hangs
# cannot be given a time limit.
PROBE = """
import urllib.error, urllib.request as u
try:
    u.urlopen(u.Request("https://get.pulumi.com/releases/plugins/", method="HEAD"), timeout=6)
except urllib.error.HTTPError:
    pass
"""

CONFIGURATION: Final[Mapping[str, str]] = {"aws:s3UsePathStyle": "true"}
"""What the stack's copy says to the published provider and the stand-in need not be told."""


def install(
    workspace: Workspace, plugin: Plugin, *, reachable: Callable[[], str] | None = None
) -> None:
    """Download ``plugin``, unless it is there. Raises ``RehearsalError`` where it cannot be had."""
    place = workspace.pulumi_home / "plugins" / f"resource-{plugin.name}-v{plugin.version}"
    if place.is_dir():
        return
    problem = (reachable or _unreachable)() or _download(workspace, plugin)
    if problem:
        raise RehearsalError(
            f"PLUGINS=published: the plugin {plugin.name} {plugin.version} cannot be had "
            f"({problem}); leave PLUGINS out to rehearse with the stand-ins, or go where "
            "https://get.pulumi.com can be reached"
        )


def _unreachable() -> str:
    """Why no plugin can be downloaded; empty where the place answers."""
    try:
        done = subprocess.run(
            [sys.executable, "-c", PROBE], capture_output=True, timeout=PROBE_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return "get.pulumi.com does not answer"
    return "" if done.returncode == 0 else "get.pulumi.com cannot be reached"


def _download(workspace: Workspace, plugin: Plugin) -> str:
    server = ("--server", plugin.server) if plugin.server else ()
    command = ("plugin", "install", "resource", plugin.name, f"v{plugin.version}", *server)
    try:
        done = subprocess.run(
            [str(workspace.engine), *command],
            env={**os.environ, "PULUMI_HOME": str(workspace.pulumi_home)},
            capture_output=True,
            text=True,
            timeout=DOWNLOAD_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"the download took more than {DOWNLOAD_SECONDS} s"
    lines = [line for line in (done.stderr or done.stdout).splitlines() if line.strip()]
    return "" if done.returncode == 0 else (lines[-1] if lines else "the engine gave no reason")
