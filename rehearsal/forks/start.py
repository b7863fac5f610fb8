"""The server of forks, for as long as a block runs."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# The longest path of a socket is shortest on macOS, where imported frameworks do not survive a fork
# anyway: https://docs.python.org/3/library/multiprocessing.html#contexts-and-start-methods
LONGEST_PATH = 107


@contextmanager
def started(path: Path | None) -> Iterator[None]:
    """Without a path, or where forks do not work, plugins start as ordinary processes."""
    if path is None or sys.platform != "linux" or len(str(path).encode()) > LONGEST_PATH:
        yield
        return
    command = [sys.executable, "-P", str(Path(__file__).with_name("server.py")), str(path)]
    # It ends with its standard input, and so with this process, however that ends.
    process = subprocess.Popen(command, stdin=subprocess.PIPE)
    try:
        yield
    finally:
        process.communicate()
