"""What an engine is, and the order in which one is looked for."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from rehearsal.engine import build, cache, installer, search
from rehearsal.engine.errors import EngineError
from rehearsal.engine.model import Engine

__all__ = ["Engine", "EngineError", "Progress", "find"]

CHOICE = "MWAA_ENGINE"
"""Environment variable that forces one source: path, installer or build."""


Progress = Callable[[str], object]
"""Receives one line of progress at a time; a line may replace the one before it."""


def find(progress: Progress, *, ours: Path, environment: Mapping[str, str] | None = None) -> Engine:
    """The engine to rehearse with; installs or builds one when there is none.

    `ours` is the directory of the checkout's own launcher, never mistaken for a user's CLI.
    `environment` defaults to the process's. Raises `EngineError` with one line that says what
    failed, why, and what to do.
    """
    environment = os.environ if environment is None else environment
    choice = environment.get(CHOICE, "")
    if choice not in ("", "path", "installer", "build"):
        raise EngineError(
            f"{CHOICE} is {choice!r}; allowed: path (a pulumi on PATH), installer, build, or unset"
        )
    if choice in ("", "path"):
        if engine := search.on_path(environment, ours=ours, progress=progress):
            return engine
        if choice == "path":
            raise EngineError(
                f"{CHOICE}=path, but no pulumi {search.allowed()} with its pulumi-language-python "
                "is on PATH; install one or unset the variable"
            )
    home = cache.home(environment)
    if choice in ("", "installer"):
        if engine := installer.installed(home):
            return engine
        if choice == "" and (engine := build.built(home)):
            return engine
        with cache.lock(home, progress):
            if engine := installer.install(home, progress):
                return engine
        if choice == "installer":
            raise EngineError(
                f"{CHOICE}=installer, but the official installer cannot be reached from here; "
                "unset the variable to build the engine instead"
            )
    if engine := build.built(home):
        return engine
    with cache.lock(home, progress):
        # Another checkout may have built it while this one waited for the lock.
        return build.built(home) or build.build(home, progress, environment)
