"""Runs what prints without its printing."""

import io
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout


@contextmanager
def quiet() -> Iterator[None]:
    """Nothing of the block is printed."""
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        yield
