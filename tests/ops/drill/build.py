"""A build that is killed at each of its writes: old file or new one, and a rerun ends alike."""

import tempfile
from pathlib import Path

from ops.commands import build
from ops.terminal import Format
from tests.ops.drill.effects import Effects, killed_at
from tests.ops.drill.quiet import quiet

FAULT = "killed at a file"
MOST = 60


def _project(folder: Path, text: str) -> None:
    (folder / "plugins").mkdir(parents=True, exist_ok=True)
    (folder / "plugins" / "mine.py").write_text(f"NAME = {text!r}\n")
    (folder / "requirements.txt").write_text(f"{text}==1\n")


def _run(source: Path, out: Path) -> None:
    with quiet():
        build.run(source, out, form=Format.JSON)


def drill() -> tuple[int, int]:
    """Fault points of one build, and how many were survived."""
    with tempfile.TemporaryDirectory() as work:
        wanted = Path(work) / "wanted"
        _project(Path(work) / "reference", "new")
        _run(Path(work) / "reference", wanted)
        expected = {path.name: path.read_bytes() for path in wanted.iterdir()}
    survived = 0
    for at in range(1, MOST):
        with tempfile.TemporaryDirectory() as work:
            source, out = Path(work) / "source", Path(work) / "out"
            _project(source, "old")
            _run(source, out)
            before = {path.name: path.read_bytes() for path in out.iterdir()}
            (out / "notes.txt").write_text("mine")
            _project(source, "new")
            effects = Effects(at)
            with killed_at(effects):
                _run(source, out)
            if effects.count < at:
                return at - 1, survived
            whole = all(
                (out / name).read_bytes() in (before[name], expected[name]) for name in before
            )
            _run(source, out)
            after = {path.name: path.read_bytes() for path in out.iterdir()}
            survived += whole and after == {**expected, "notes.txt": b"mine"}
    raise RuntimeError("a build of two files has fewer effects than this")
