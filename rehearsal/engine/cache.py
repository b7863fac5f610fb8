"""Where engines are kept between checkouts: the user's cache directory, by version."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from rehearsal.engine.errors import EngineError


def home(environment: Mapping[str, str]) -> Path:
    """`$XDG_CACHE_HOME/mwaa/engine`, by default under `~/.cache`.

    A relative XDG_CACHE_HOME is ignored, as the XDG base directory specification asks.
    """
    base = Path(environment.get("XDG_CACHE_HOME", ""))
    if not base.is_absolute():
        base = Path(environment.get("HOME") or Path.home()) / ".cache"
    return base / "mwaa" / "engine"


@contextmanager
def lock(directory: Path, progress: Callable[[str], object]) -> Iterator[None]:
    """Hold the cache: two checkouts must not build the same engine at once.

    The kernel drops the lock with its process, so that a killed build blocks nobody.
    """
    try:
        directory.mkdir(parents=True, exist_ok=True)
        handle = os.open(directory / "lock", os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise EngineError(
            f"the engine cache {directory} cannot be written ({error.strerror}); "
            "set XDG_CACHE_HOME to a directory that can"
        ) from error
    started = time.monotonic()
    try:
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                waited = round(time.monotonic() - started)
                progress(f"engine: another checkout is getting it; waiting, {waited} s")
                time.sleep(1)
        yield
    finally:
        os.close(handle)


def publish(staged: Path, final: Path) -> None:
    """Move a finished directory into place; a reader sees all of it or nothing."""
    final.parent.mkdir(parents=True, exist_ok=True)
    staged.rename(final)
