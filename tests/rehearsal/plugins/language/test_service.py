"""The language host as the engine sees it: a process, a port, gRPC calls."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf import empty_pb2
from pulumi.runtime.proto import language_pb2 as lang
from pulumi.runtime.proto import language_pb2_grpc

ROOT = Path(__file__).resolve().parents[4]


class Host:
    """A running host and a client of it."""

    def __init__(self, process: subprocess.Popen[bytes], channel: grpc.Channel) -> None:
        self.process = process
        self.channel = channel
        self.call: Any = language_pb2_grpc.LanguageRuntimeStub(channel)

    def info(self, program: Path) -> lang.ProgramInfo:
        """Where a program lies."""
        return lang.ProgramInfo(
            root_directory=str(program), program_directory=str(program), entry_point="."
        )


@contextmanager
def started(cwd: Path) -> Iterator[Host]:
    """A host in a process group of its own, as the engine starts it."""
    with subprocess.Popen(
        [
            sys.executable,
            "-P",
            str(ROOT / "rehearsal" / "entry.py"),
            "rehearsal.plugins.language",
            "127.0.0.1:1",
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=cwd,
        process_group=0,
    ) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
            try:
                yield Host(process, channel)
            finally:
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGKILL)


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    with started(tmp_path) as running:
        yield running


def program(directory: Path, text: str) -> Path:
    """A program directory."""
    directory.mkdir(exist_ok=True)
    (directory / "__main__.py").write_text(text)
    return directory


def plugin(host: Host, directory: Path, *args: str, **env: str) -> list[lang.RunPluginResponse]:
    """Run a plugin to its end."""
    request = lang.RunPluginRequest(
        pwd=str(directory),
        kind="resource",
        args=args,
        env=[f"{name}={value}" for name, value in env.items()],
        info=host.info(directory),
    )
    return list(host.call.RunPlugin(request))


def test_it_names_itself_and_its_python(host: Host) -> None:
    assert host.call.Handshake(lang.LanguageHandshakeRequest()) is not None
    assert host.call.GetPluginInfo(empty_pb2.Empty()).version
    about = host.call.About(lang.AboutRequest())
    assert about.executable == sys.executable
    assert about.version == ".".join(map(str, sys.version_info[:3]))


def test_it_asks_for_the_providers_of_the_installed_packages(host: Host, tmp_path: Path) -> None:
    request = lang.GetRequiredPackagesRequest(info=host.info(tmp_path))
    packages = {p.name: p for p in host.call.GetRequiredPackages(request).packages}
    assert {"aws", "awsx"} <= set(packages)
    assert packages["aws"].kind == "resource"


def test_calls_that_make_code_say_they_are_not_there(host: Host) -> None:
    with pytest.raises(grpc.RpcError) as raised:
        host.call.GenerateProgram(lang.GenerateProgramRequest())
    assert raised.value.code() == grpc.StatusCode.UNIMPLEMENTED


def test_a_plugin_gets_arguments_and_environment_and_its_output_comes_back(
    host: Host, tmp_path: Path
) -> None:
    text = (
        "import json, os, sys\n"
        "print(json.dumps([sys.argv[1:], os.environ['COLOUR'], os.getcwd()]))\n"
        "print('aside', file=sys.stderr)\nsys.exit(7)\n"
    )
    directory = program(tmp_path / "pack", text)
    answers = plugin(host, directory, "engine", COLOUR="a=b")
    out = b"".join(answer.stdout for answer in answers)
    assert json.loads(out) == [["engine"], "a=b", str(directory)]
    assert b"".join(answer.stderr for answer in answers) == b"aside\n"
    assert answers[-1].exitcode == 7


def test_hanging_up_ends_the_plugin(host: Host, tmp_path: Path) -> None:
    text = "import os, time\nprint(os.getpid(), flush=True)\ntime.sleep(60)\n"
    directory = program(tmp_path / "pack", text)
    request = lang.RunPluginRequest(kind="resource", info=host.info(directory))
    stream = host.call.RunPlugin(request)
    pid = int(next(stream).stdout)
    stream.cancel()
    assert ended(pid)


def run(host: Host, directory: Path) -> lang.RunResponse:
    """Run a stack's program against an engine that is not there."""
    request = lang.RunRequest(
        project="p",
        stack="s",
        pwd=str(directory),
        monitor_address="127.0.0.1:1",
        config={"p:a": "1"},
        info=host.info(directory),
    )
    answer: lang.RunResponse = host.call.Run(request)
    return answer


def test_an_engine_that_is_gone_is_not_reported_again(host: Host, tmp_path: Path) -> None:
    answer = run(host, program(tmp_path / "program", "import pulumi\n"))
    assert (answer.bail, answer.error) == (True, "")


def test_interrupting_the_group_ends_host_and_spare_without_a_word(tmp_path: Path) -> None:
    with started(tmp_path) as host:
        host.call.GetPluginInfo(empty_pb2.Empty())
        group = host.process.pid
        os.killpg(group, signal.SIGINT)
        assert host.process.wait(10) == 0
        assert host.process.stderr is not None
        assert host.process.stderr.read() == b""
        with pytest.raises(ProcessLookupError):
            os.killpg(group, 0)


def test_an_engine_that_was_killed_leaves_no_host(tmp_path: Path) -> None:
    with started(tmp_path) as host:
        assert host.process.stdin is not None
        host.process.stdin.close()
        assert host.process.wait(10) == 0


def ended(pid: int) -> bool:
    """Whether the process is gone within ten seconds."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        state = subprocess.run(
            ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False
        ).stdout.strip()
        if not state or state.startswith("Z"):
            return True
        time.sleep(0.05)
    return False
