"""One emulated AWS and one workspace for all tests that use the real engine."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import cache
from types import ModuleType

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

from rehearsal.cli import server
from rehearsal.cli.install import install
from rehearsal.cli.workspace import ROOT, Workspace
from rehearsal.engine import find
from tests.e2e.rehearsal import Rehearsal
from tests.e2e.shapes import SHAPES
from tests.fixtures.orphans import none_left


class Grouped(LoadFileScheduling):  # type: ignore[misc]  # xdist ships no types
    """A file's tests stay together, because they share its stack; those of one shape stay together
    across files, because they share its life. (pytest 9.2 has no ``xdist_group``: pytest-xdist
    3.8.0 puts it into a node id that cannot be changed any more.)"""

    def _split_scope(self, nodeid: str) -> str:
        name = nodeid.rpartition("[")[2].rstrip("]")
        file: str = super()._split_scope(nodeid)
        return name if name in SHAPES and file.startswith("tests/e2e/") else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Grouped | None:
    """Ours for `--dist loadfile`."""
    return Grouped(config, log) if config.getoption("dist") == "loadfile" else None


# What a test that uses the emulated AWS imports or asks for.
EMULATED = (
    *("rehearsal.emulator", "rehearsal.cli.server", "moto"),
    *("tests.ops.living", "tests.rehearsal.emulator", "tests.rehearsal.plugins.aws"),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever rehearses needs the engine, and goes first, then what uses the emulated AWS: what
    takes long must not come last."""
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        if "rehearsal" in fixtures:
            item.add_marker(pytest.mark.engine)
        elif "s3" in fixtures or _emulates(getattr(item, "module", pytest)):
            item.add_marker(pytest.mark.emulator)
    items.sort(
        key=lambda item: [item.get_closest_marker(one) is None for one in ("engine", "emulator")]
    )


@cache
def _emulates(module: ModuleType) -> bool:
    origins = [module.__name__] + [
        str(getattr(value, "__module__", None) or getattr(value, "__name__", ""))
        for value in vars(module).values()
    ]
    return any(origin.startswith(EMULATED) for origin in origins)


@pytest.fixture(scope="session")
def rehearsal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rehearsal]:
    """The emulated AWS, running until the session ends; its account starts empty."""
    workspace = Workspace(ROOT, tmp_path_factory.mktemp("rehearsal"))

    def progress(line: str) -> None:
        print(line, file=sys.stderr)

    install(workspace, find(progress, ours=ROOT / ".local" / "bin"))
    # `stack init` runs beside the stack files and wants a project there.
    (workspace.stacks / "Pulumi.yaml").write_text("name: mwaa\nruntime: python\n")
    with none_left(workspace):
        yield Rehearsal(workspace, server.ensure(workspace, progress))
