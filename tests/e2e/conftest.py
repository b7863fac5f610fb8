"""One emulated AWS and one workspace for all tests that use the real engine, and the lives of the
four shapes, shared by every test about them."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from rehearsal.cli import server
from rehearsal.cli.install import install
from rehearsal.cli.workspace import ROOT, Workspace
from rehearsal.engine import find
from tests.e2e.stacks.lives import Life, lived
from tests.e2e.stacks.rehearsal import Rehearsal
from tests.e2e.stacks.shapes import SHAPES
from tests.rehearsal.orphans import none_left


@pytest.fixture(scope="session")
def rehearsal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rehearsal]:
    """The emulated AWS, running until the session ends; its account starts empty."""
    workspace = Workspace(ROOT, tmp_path_factory.mktemp("rehearsal"))

    def progress(line: str) -> None:
        print(line, file=sys.stderr)

    install(workspace, find(progress, ours=ROOT / ".local" / "bin"))
    # The engine writes, compresses and encrypts a log of all its calls: a tenth of its work. It
    # goes on without where its folder cannot be made.
    (workspace.pulumi_home / "logs").touch()
    # `stack init` runs beside the stack files and wants a project there.
    (workspace.stacks / "Pulumi.yaml").write_text("name: mwaa\nruntime: python\n")
    with none_left(workspace):
        yield Rehearsal(workspace, server.ensure(workspace, progress))


@pytest.fixture(scope="session", params=list(SHAPES))
def life(rehearsal: Rehearsal, request: pytest.FixtureRequest) -> Life:
    """One shape's whole life."""
    return lived(rehearsal, request.param)
