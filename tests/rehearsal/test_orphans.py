"""A killed test run leaves no server behind."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

from rehearsal.cli import server
from rehearsal.cli.workspace import ROOT, Workspace

# Stands in for a test run: it has started a server, here a process that only sleeps.
RUN = """
import json, subprocess, sys, time
from pathlib import Path
from rehearsal.cli import processes, server
from rehearsal.cli.workspace import ROOT, Workspace
from tests.rehearsal.orphans import none_left
workspace = Workspace(ROOT, Path(sys.argv[1]))
with none_left(workspace):
    script = "sleep 60 >/dev/null 2>&1 & echo $!"
    pid = int(subprocess.run(["sh", "-c", script], capture_output=True, text=True).stdout)
    record = {"pid": pid, "port": 1, "born": processes.born(pid)}
    server._record(workspace).write_text(json.dumps(record))
    print(pid, flush=True)
    time.sleep(60)
"""


def test_a_server_ends_with_the_tests_that_were_killed(tmp_path: Path) -> None:
    run = subprocess.Popen(
        [sys.executable, "-c", RUN, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert run.stdout is not None
    assert int(run.stdout.readline()) > 0
    workspace = Workspace(ROOT, tmp_path)
    assert server.running(workspace) is not None
    run.send_signal(signal.SIGKILL)
    run.communicate()
    deadline = time.monotonic() + 20
    while server.running(workspace) is not None:
        assert time.monotonic() < deadline, "the server outlives its tests"
        time.sleep(0.05)
