"""Which tests with the real engine run in one process, one after the other."""

from __future__ import annotations

from xdist.scheduler import LoadFileScheduling

from tests.e2e.stacks.shapes import SHAPES


class Grouped(LoadFileScheduling):  # type: ignore[misc]  # xdist ships no types
    """A file's tests stay together, because they share its stack; those of one shape stay together
    across files, because they share its life. (pytest 9.2 has no ``xdist_group``: pytest-xdist
    3.8.0 puts it into a node id that cannot be changed any more.)"""

    def _split_scope(self, nodeid: str) -> str:
        name = nodeid.rpartition("[")[2].rstrip("]")
        file: str = super()._split_scope(nodeid)
        return name if name in SHAPES and file.startswith("tests/e2e/") else file
