"""Starts the emulated AWS: ``create_app`` for tests in one process, ``serve`` for a terminal."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

# Read by moto when it is first used: policies such as AmazonS3ReadOnlyAccess can be attached,
# web pages are not invited, and there are no machine images, which take long to load.
os.environ.setdefault("MOTO_IAM_LOAD_MANAGED_POLICIES", "true")
os.environ.setdefault("MOTO_DISABLE_GLOBAL_CORS", "true")
os.environ.setdefault("MOTO_EC2_LOAD_DEFAULT_AMIS", "false")

from rehearsal.emulator.application import Emulator, create_app
from rehearsal.emulator.state import StateError

__all__ = ["Emulator", "EmulatorError", "RunningServer", "create_app", "serve"]

ADDRESS = "127.0.0.1"


class EmulatorError(RuntimeError):
    """The emulator cannot start; the message says what was given and what to do."""


class RunningServer:
    """A server on the loopback address, in threads of this process. Use it in ``with``."""

    def __init__(self, emulator: Emulator, port: int = 0) -> None:
        self.emulator = emulator
        self._server = _listen(emulator, port)
        self.port: int = self._server.server_port
        self.url = f"http://{ADDRESS}:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> "RunningServer":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self.emulator.close()


def serve(
    port: int = 0,
    speed: float = 10_000.0,
    state: Path | str | None = None,
    *,
    ready: Callable[[int], None] | None = None,
) -> int:
    """Serve in the foreground until SIGINT or SIGTERM, then save the state; returns 0.

    ``port`` 0 takes a free one; ``ready`` gets its number. ``speed`` divides the duration of the
    service's work. ``state`` is the file that carries the account over a restart, None keeps
    nothing. Raises EmulatorError for a taken port or a state file that cannot be used.
    """
    if speed <= 0:
        raise EmulatorError(f"speed is {speed}: a factor above 0 is needed, such as 1 or 10000")
    _check_port(port)
    stop = threading.Event()
    previous = {
        number: signal.signal(number, lambda *_: stop.set())
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        with _without_the_users_account():
            _serve(create_app(speed=speed, state=Path(state) if state else None), port, stop, ready)
    except StateError as problem:
        raise EmulatorError(str(problem)) from problem
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
    return 0


def _serve(
    emulator: Emulator, port: int, stop: threading.Event, ready: Callable[[int], None] | None
) -> None:
    """Listen, then load, then answer until ``stop`` is set."""
    server = _listen(emulator, port)
    try:
        if emulator.has_state:
            emulator.load()
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        emulator.warm()
        print(f"emulated AWS on http://{ADDRESS}:{server.server_port}", flush=True)
        if ready:
            ready(server.server_port)
        stop.wait()
        server.shutdown()
    finally:
        server.server_close()
        emulator.close()


@contextmanager
def _without_the_users_account() -> Iterator[None]:
    """Profiles, endpoints and files of the user's own AWS have no say in this process: a profile
    that does not exist would stop it, and nothing here may ever speak to a real account."""
    before = {name: value for name, value in os.environ.items() if name.startswith("AWS_")}
    for name in before:
        del os.environ[name]
    nothing = dict.fromkeys(("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"), os.devnull)
    os.environ.update(nothing)
    try:
        yield
    finally:
        for name in nothing:
            del os.environ[name]
        os.environ.update(before)


def _listen(emulator: Emulator, port: int) -> Any:
    # Loads moto, and so what it reads from the environment must be set.
    from rehearsal.emulator.http_server import Server

    _check_port(port)
    try:
        return Server(ADDRESS, port, emulator)
    except (OSError, SystemExit) as problem:
        raise EmulatorError(
            f"port {port} of {ADDRESS} cannot be used ({problem}): stop what listens there, "
            "or choose another with --port"
        ) from problem


def _check_port(port: int) -> None:
    if not 0 <= port <= 65_535:
        raise EmulatorError(f"port is {port}; allowed: 1 to 65535, or 0 for a free one")
