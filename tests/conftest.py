"""One emulated AWS and one workspace for all tests that use the real engine."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from local.cli import server
from local.cli.install import install
from local.cli.workspace import ROOT, Workspace
from local.engine import find
from tests.e2e.rehearsal import Rehearsal
from tests.orphans import none_left


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever rehearses needs the engine. Files stay whole, and each worker has one server."""
    for item in items:
        if "rehearsal" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.engine)


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
