"""A fork looks to whoever started it like the process that it stands for."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rehearsal.cli.workspace import ROOT
from rehearsal.forks import client, server
from rehearsal.forks.start import LONGEST_PATH, started

if sys.platform != "linux":
    pytest.skip("forks of imported packages: they are used on Linux alone", allow_module_level=True)

REPORT = """
import json, os, sys
heard = sys.stdin.read()
warm = "pulumi" in sys.modules
print(json.dumps([sys.argv[1:], os.getcwd(), os.environ.get("COLOR"), heard, warm]))
print("aside", file=sys.stderr)
sys.exit(7)
"""
AHEAD = "import sys; print(*(name for name in sys.argv[1:] if name in sys.modules))"
SLEEP = "import os, time\nprint(os.getpid(), flush=True)\ntime.sleep(60)\n"


@pytest.fixture(scope="module")
def forks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The socket of a server that has imported the SDK."""
    path = tmp_path_factory.mktemp("forks") / "forks"
    with started(path):
        until(path.exists)
        yield path


def until(is_true: Callable[[], bool]) -> None:
    """Within ten seconds."""
    deadline = time.monotonic() + 10
    while not is_true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def start(
    path: Path, folder: Path, text: str, *arguments: str, cwd: Path | None = None
) -> subprocess.Popen[str]:
    """A program with these words, started through the socket; it lies in ``folder``."""
    program = folder / "program.py"
    program.write_text(text)
    return subprocess.Popen(
        [*client.command(path), str(program), *arguments],
        cwd=cwd or folder,
        env={**os.environ, "COLOR": "a=b"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def lives(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_it_has_the_streams_the_folder_and_the_sdk_and_its_exit_code_comes_back(
    forks: Path, tmp_path: Path
) -> None:
    process = start(forks, tmp_path, REPORT, "one", "two words")
    out, aside = process.communicate("heard", timeout=30)
    assert json.loads(out) == [["one", "two words"], str(tmp_path), "a=b", "heard", True]
    assert (aside, process.returncode) == ("aside\n", 7)


@pytest.mark.parametrize("since", ["no server", "installed later"])
def test_without_a_server_it_is_an_ordinary_process(
    forks: Path, tmp_path: Path, since: str
) -> None:
    if since == "installed later":
        os.utime(forks, (0, 0))
    try:
        path = tmp_path / "absent" if since == "no server" else forks
        out, aside = start(path, tmp_path, REPORT, "one").communicate("heard", timeout=30)
    finally:
        os.utime(forks)
    assert json.loads(out) == [["one"], str(tmp_path), "a=b", "heard", False]
    assert aside == "aside\n"


def test_bytecode_beside_a_module_is_no_installation(tmp_path: Path) -> None:
    for name, when in ("older-1.0.dist-info", 1), ("newer-1.0.dist-info", 2), ("__pycache__", 3):
        (tmp_path / name).mkdir()
        os.utime(tmp_path / name, (when, when))
    assert client.installed(str(tmp_path)) == 2


def test_an_error_ends_it_with_its_traceback_as_ever(forks: Path, tmp_path: Path) -> None:
    process = start(forks, tmp_path, "raise ValueError('seen')\n")
    _, aside = process.communicate(timeout=30)
    assert "ValueError: seen" in aside
    assert process.returncode == 1


def test_words_are_an_exit_code_and_what_is_to_be_done_at_the_end_is_done(
    forks: Path, tmp_path: Path
) -> None:
    text = "import atexit, sys\natexit.register(print, 'at the end')\nsys.exit('no such stack')\n"
    process = start(forks, tmp_path, text)
    out, aside = process.communicate(timeout=30)
    assert (out, aside, process.returncode) == ("at the end\n", "no such stack\n", 1)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_reaches_it_and_ends_both(
    forks: Path, tmp_path: Path, number: signal.Signals
) -> None:
    process = start(
        forks, tmp_path, f"import signal\nsignal.signal({number}, signal.SIG_DFL)\n{SLEEP}"
    )
    assert process.stdout is not None
    child = int(process.stdout.readline())
    process.send_signal(number)
    process.communicate(timeout=30)
    assert process.returncode == -number
    assert not lives(child)


def test_it_does_not_outlive_who_started_it(forks: Path, tmp_path: Path) -> None:
    process = start(forks, tmp_path, SLEEP)
    assert process.stdout is not None
    child = int(process.stdout.readline())
    process.kill()
    process.communicate(timeout=30)
    until(lambda: not lives(child))


def test_it_does_not_outlive_the_server(tmp_path: Path) -> None:
    with started(tmp_path / "forks"):
        until((tmp_path / "forks").exists)
        process = start(tmp_path / "forks", tmp_path, SLEEP)
        assert process.stdout is not None
        child = int(process.stdout.readline())
    until(lambda: not lives(child))
    process.communicate(timeout=30)
    assert not (tmp_path / "forks").exists()


def test_the_checkouts_own_modules_are_there_only_where_they_are_the_right_ones(
    forks: Path, tmp_path: Path
) -> None:
    rules = (ROOT / "policy" / "rules").rglob("*.py")
    every = [
        *("mwaa.words", *server.OWN),
        *(".".join(rule.relative_to(ROOT).with_suffix("").parts) for rule in rules),
    ]
    every = [name for name in every if not name.endswith(".__init__")]

    def ahead(cwd: Path) -> list[str]:
        process = start(forks, tmp_path, AHEAD, *every, cwd=cwd)
        return process.communicate(timeout=30)[0].split()

    assert (ahead(ROOT), ahead(ROOT / "policy")) == (every, every)
    # Another project may have a `policy` of its own.
    assert ahead(tmp_path) == []
    file = ROOT / "mwaa" / "words.py"
    was = file.stat()
    os.utime(file)
    try:
        assert ahead(ROOT) == []
    finally:
        os.utime(file, ns=(was.st_atime_ns, was.st_mtime_ns))
    assert ahead(ROOT) == every


def test_a_path_that_is_too_long_for_a_socket_starts_no_server(tmp_path: Path) -> None:
    path = tmp_path / ("long" * LONGEST_PATH)
    with started(path):
        out, _ = start(path, tmp_path, REPORT).communicate("heard", timeout=30)
    assert json.loads(out)[-1] is False
