"""What a preview costs: the program over a flat one, and the policy pack over none."""

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks import floor
from benchmarks.figure import Figure, side_by_side, spread
from rehearsal.cli import server
from rehearsal.cli.engine_run import POLICY_PACK
from rehearsal.cli.install import install
from rehearsal.cli.launcher import create
from rehearsal.cli.stackfiles import copy, region
from rehearsal.cli.workspace import ROOT, Workspace
from rehearsal.engine import find
from rehearsal.plugins.language.interpreter import DEBUG

STACK = "dev"
# Single pairs scatter by a fifth on a shared machine of two processors: the median of five is off
# by as much as the bound leaves.
RUNS = 11
MOST_OVER_FLOOR = 1.15
MOST_WITH_PACK = 1.10


def figures() -> Iterator[Figure]:
    """Both ratios, each measured pair by pair on a stack of which nothing exists yet."""
    with _workspace() as (workspace, environment):
        program = _preview(workspace, environment, ROOT, STACK)
        plan = program("--json")
        folder = workspace.home / "floor"
        count = floor.write(folder, "floor", ROOT / ".venv", floor.read_plan(plan))
        subprocess.run(
            [str(workspace.engine), "stack", "init", STACK, "--non-interactive"],
            cwd=folder,
            env=environment,
            check=True,
            capture_output=True,
        )
        flat = _preview(workspace, environment, folder, STACK)
        ratio, ours, theirs = side_by_side(program, flat, runs=RUNS)
        yield Figure(
            name="preview of the dev stack over a flat program of the same resources",
            value=ratio,
            unit="times",
            bound=MOST_OVER_FLOOR,
            note=f"{count} AWS resources; {spread(ours)} over {spread(theirs)}",
        )
        ratio, ours, theirs = side_by_side(
            lambda: program("--policy-pack", POLICY_PACK), program, runs=RUNS
        )
        yield Figure(
            name="preview with the policy pack over without",
            value=ratio,
            unit="times",
            bound=MOST_WITH_PACK,
            note=f"{spread(ours)} over {spread(theirs)}",
        )


@contextmanager
def _workspace() -> Iterator[tuple[Workspace, dict[str, str]]]:
    """A rehearsal of its own, gone afterwards: figures must not depend on what is up."""
    with tempfile.TemporaryDirectory(prefix="mwaa-bench-") as folder:
        workspace = Workspace(ROOT, Path(folder))
        install(workspace, find(lambda line: None, ours=ROOT / ".local" / "bin"))
        running = server.ensure(workspace, lambda line: None)
        try:
            environment = workspace.environment(running.port, region(workspace, STACK))
            copy(workspace, STACK)
            create(workspace, STACK, environment)
            # On AWS nothing is forked, and the published host sends all messages: program, pack and
            # plugins are ordinary processes there.
            workspace.forks.unlink(missing_ok=True)
            environment[DEBUG] = "1"
            yield workspace, environment
        finally:
            server.stop(workspace)


class _preview:  # noqa: N801 - reads as the verb it is
    """``pulumi preview`` of one program; a call returns what it printed."""

    def __init__(
        self, workspace: Workspace, environment: dict[str, str], folder: Path, stack: str
    ) -> None:
        file = workspace.stacks / f"Pulumi.{stack}.yaml"
        config = ["--config-file", str(file)] if folder == ROOT else []
        self._command = [str(workspace.engine), "preview", "--stack", stack, *config]
        self._environment, self._folder = environment, folder

    def __call__(self, *options: str) -> str:
        done = subprocess.run(
            [*self._command, "--non-interactive", *options],
            cwd=self._folder,
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise RuntimeError(f"the preview failed:\n{done.stdout}{done.stderr}")
        return done.stdout
