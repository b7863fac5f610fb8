"""``mwaa preflight`` of the examples: with nothing in the user's cache, and again."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator

from benchmarks.figure import Figure, spread, timed
from rehearsal.cli.workspace import ROOT

RUNS = 3


def figures() -> Iterator[Figure]:
    """Cold includes the download of Airflow from the package index; warm installs nothing."""
    with tempfile.TemporaryDirectory(prefix="mwaa-bench-") as cache:
        # uv keeps its downloads there too.
        environment = {**os.environ, "XDG_CACHE_HOME": cache}
        environment.pop("UV_CACHE_DIR", None)

        def preflight() -> None:
            done = subprocess.run(
                [sys.executable, "-m", "ops", "preflight", "examples", "--stack", "local"],
                capture_output=True,
                text=True,
                check=False,
                cwd=ROOT,
                env=environment,
            )
            if done.returncode or "DAGs imported by Airflow" not in done.stdout:
                raise RuntimeError(f"mwaa preflight failed:\n{done.stdout}{done.stderr}")

        yield Figure(
            name="mwaa preflight, cold", value=timed(preflight), unit="s", note="nothing cached"
        )
        warm = [timed(preflight) for _ in range(RUNS)]
        yield Figure(
            name="mwaa preflight, warm", value=sorted(warm)[RUNS // 2], unit="s", note=spread(warm)
        )
