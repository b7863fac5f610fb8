"""The server on a socket: clients as they come, ports, signals, and the state over a restart."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError, HTTPClientError

from rehearsal.emulator.server import Emulator, EmulatorError, RunningServer, serve
from tests.rehearsal.emulator.platforms.customer import REGION

ROOT = Path(__file__).parents[3]
KEYS: dict[str, Any] = {
    "aws_access_key_id": "test",
    "aws_secret_access_key": "test",
    "region_name": REGION,
}
ONCE = Config(retries={"total_max_attempts": 1}, inject_host_prefix=False)


@pytest.fixture
def server(emulator: Emulator) -> Iterator[RunningServer]:
    with RunningServer(emulator) as running:
        yield running


def client(server: RunningServer, service: Any) -> Any:
    return boto3.client(service, endpoint_url=server.url, config=ONCE, **KEYS)


def test_it_listens_on_the_loopback_address_only(server: RunningServer) -> None:
    assert server._server.server_address[0] == "127.0.0.1"


def test_connections_are_kept_and_answers_are_whole(server: RunningServer) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.connect()
    kept = connection.sock
    for _ in range(2):
        connection.request("GET", "/_emulator/health")
        answer = connection.getresponse()
        assert json.loads(answer.read())["status"] == "ok"
        assert answer.version == 11
        assert connection.sock is kept
    connection.close()


def test_a_refused_body_is_no_next_request(server: RunningServer) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    body = b"GET /_emulator/health HTTP/1.1\r\n\r\n"
    connection.request("POST", "/_emulator/reset", body, {"Origin": "https://example.com"})
    answer = connection.getresponse()
    assert (answer.status, answer.read() != b"") == (403, True)
    connection.request("GET", "/_emulator/absent")
    assert connection.getresponse().status not in (200, 403)
    connection.close()


def test_a_failure_of_the_server_is_an_answer(
    server: RunningServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError("no such luck")

    monkeypatch.setattr(server.emulator.gateway, "_answer", fail)
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as raw:
        raw.sendall(b"GET /a-bucket HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        # To the connection's end: what went wrong is written before it.
        assert raw.makefile("rb").read().startswith(b"HTTP/1.1 500")
    assert "no such luck" in capsys.readouterr().err


def test_the_answer_to_head_leaves_the_connection_clean(server: RunningServer) -> None:
    client(server, "s3").create_bucket(Bucket="a-bucket")
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    for method in ("HEAD", "GET", "HEAD", "GET"):
        connection.request(method, "/a-bucket/absent")
        answer = connection.getresponse()
        assert (answer.status, answer.read() == b"") == (404, method == "HEAD")
    connection.close()


def test_a_body_is_asked_for_once(server: RunningServer) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as raw:
        raw.sendall(
            b"PUT /a-bucket/key HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1\r\n"
            b"Expect: 100-continue\r\nConnection: close\r\n\r\n"
        )
        assert raw.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        raw.sendall(b"x")
        assert raw.makefile("rb").readline().startswith(b"HTTP/1.1 404")


def test_kept_connections_end_with_the_server(emulator: Emulator) -> None:
    with RunningServer(emulator) as running:
        connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=10)
        connection.request("GET", "/_emulator/health")
        connection.getresponse().read()
    with pytest.raises((ConnectionError, http.client.HTTPException)):
        connection.request("GET", "/_emulator/health")
        connection.getresponse()
    connection.close()


def test_clients_that_prefix_the_host_come_in_by_proxy(server: RunningServer) -> None:
    proxied = Config(proxies={"http": server.url}, retries={"total_max_attempts": 1})
    mwaa = boto3.client(
        "mwaa", endpoint_url=f"http://airflow.{REGION}.amazonaws.com", config=proxied, **KEYS
    )
    assert mwaa.list_environments()["Environments"] == []
    s3 = boto3.client(
        "s3", endpoint_url=f"http://s3.{REGION}.amazonaws.com", config=proxied, **KEYS
    )
    s3.create_bucket(Bucket="by-proxy")
    s3.put_object(Bucket="by-proxy", Key="a/b c", Body=b"x" * 100_000)
    assert s3.head_object(Bucket="by-proxy", Key="a/b c")["ContentLength"] == 100_000


def test_tunnels_are_refused_in_words(server: RunningServer) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as raw:
        raw.sendall(
            b"CONNECT sts.amazonaws.com:443 HTTP/1.1\r\nHost: sts.amazonaws.com:443\r\n\r\n"
        )
        assert raw.recv(200).startswith(b"HTTP/1.1 501")


def test_a_lost_answer_breaks_the_connection(server: RunningServer) -> None:
    s3 = client(server, "s3")
    server.emulator.gateway.faults.add({"kind": "lost", "service": "s3"})
    with pytest.raises((ConnectionClosedError, HTTPClientError)):
        s3.create_bucket(Bucket="made-but-not-said")
    assert [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]] == ["made-but-not-said"]


def test_many_clients_at_once(server: RunningServer) -> None:
    s3 = client(server, "s3")
    s3.create_bucket(Bucket="busy-bucket")
    problems: list[Exception] = []

    def work(number: int) -> None:
        try:
            for turn in range(5):
                s3.put_object(Bucket="busy-bucket", Key=f"{number}/{turn}", Body=b"x")
        except ClientError as problem:
            problems.append(problem)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert s3.list_objects_v2(Bucket="busy-bucket")["KeyCount"] == 40


def test_a_taken_port_is_named(server: RunningServer) -> None:
    with pytest.raises(EmulatorError, match=rf"port {server.port} of 127.0.0.1 cannot be used"):
        RunningServer(server.emulator, server.port)


@pytest.mark.parametrize(("port", "speed", "said"), [(70_000, 1.0, "port is 70000"),
                                                     (0, 0.0, "speed is 0")])  # fmt: skip
def test_arguments_that_make_no_sense_are_refused(port: int, speed: float, said: str) -> None:
    with pytest.raises(EmulatorError, match=said):
        serve(port, speed)


START = (
    "import sys; from rehearsal.emulator.server import serve; sys.exit(serve(0, 1e4, sys.argv[1]))"
)


class Child:
    """A server in a process of its own, ended by its process id."""

    def __init__(self, state: Path) -> None:
        # The user's own account must not matter, nor be reached.
        environment = {**os.environ, "AWS_PROFILE": "absent", "AWS_REGION": "nowhere"}
        self.process = subprocess.Popen(
            [sys.executable, "-c", START, str(state)],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout
        line = self.process.stdout.readline()
        self.url = line.split()[-1] if line else ""

    def s3(self) -> Any:
        return boto3.client("s3", endpoint_url=self.url, config=ONCE, **KEYS)

    def end(self, number: int) -> tuple[int, str]:
        self.process.send_signal(number)
        _, said = self.process.communicate(timeout=30)
        return self.process.returncode, said


def test_the_account_is_there_again_after_a_restart(tmp_path: Path) -> None:
    state = tmp_path / "account.state"
    first = Child(state)
    first.s3().create_bucket(Bucket="kept-bucket")
    assert first.end(signal.SIGTERM) == (0, "")
    second = Child(state)
    names = [bucket["Name"] for bucket in second.s3().list_buckets()["Buckets"]]
    assert (names, second.end(signal.SIGINT)) == (["kept-bucket"], (0, ""))


def test_a_state_of_other_versions_stops_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "absent")
    before = signal.getsignal(signal.SIGINT), dict(os.environ)
    state = tmp_path / "account.state"
    state.write_bytes(b'{"emulated AWS state": {"format": "0"}, "sha256": ""}\n')
    state.chmod(0o600)
    with pytest.raises(EmulatorError, match="was written with other versions: format 0"):
        serve(0, 1e4, state)
    assert (signal.getsignal(signal.SIGINT), dict(os.environ)) == before
