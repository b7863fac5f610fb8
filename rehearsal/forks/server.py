"""`python -P rehearsal/forks/server.py SOCKET`: fork a child for each request.

The child gets the client's streams, environment, folder and arguments, and goes on as the program
that these name. Imported ahead are installed packages and the checkout's own modules; a child for
which the latter are not the right ones forgets them. Ends when its standard input does, which the
process that started it holds.
"""

from __future__ import annotations

import ast
import atexit
import gc
import importlib
import io
import os
import runpy
import selectors
import signal
import socket
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# What the program, the pack and the plugins import; a package that is missing is not warmed.
WARM = (
    *("boto3", "botocore.client", "grpc", "grpc.aio", "pydantic.alias_generators", "yaml"),
    *("pydantic.fields", "pydantic.main", "pydantic.types"),
    *("pulumi", "pulumi.policy", "pulumi.provider.server", "pulumi_policy", "pulumi_awsx"),
    *(
        f"pulumi_aws.{service}"
        for service in ("cloudwatch", "ec2", "iam", "kms", "mwaa", "s3", "sns", "sqs", "vpc")
    ),
)
ROOT = Path(__file__).resolve().parents[2]
# The same of the checkout. The engine starts a pack in the pack's own folder.
OWN = (
    *("components.platform", "components.stack", "ops.hooks", "ops.last_look", "ops.written"),
    *("policy.pack", "rehearsal.plugins.aws.provider", "rehearsal.plugins.awsx.provider"),
    "rehearsal.plugins.language.servicer",
)
ROOMS = {package.parent.name for package in ROOT.glob("*/__init__.py")}
FOLDERS = {str(ROOT), str(ROOT / "policy")}
# What they call. A client of a service cannot be made before the service's model has been parsed.
SERVICES = (
    *("cloudwatch", "ec2", "iam", "kms", "logs", "mwaa", "s3", "s3control", "service-quotas"),
    *("sns", "sqs", "ssm", "sts"),
)
COLLECT = (50_000, 20, 100)
STREAMS = 3
REQUEST_BYTES = 1 << 20


@dataclass
class Order:
    """What a client asks for: to be its program, with these streams."""

    arguments: list[str]
    environment: dict[str, str]
    folder: str
    streams: list[int]

    def become(self) -> None:
        """In the child: take the client's place, as far as a process can."""
        for number, stream in enumerate(self.streams):
            os.dup2(stream, number)
            os.close(stream)
        os.chdir(self.folder)
        os.environ.clear()
        os.environ.update(self.environment)
        sys.stdin = open(0, closefd=False)  # noqa: SIM115 - as long as the process
        # Unbuffered, as `python -u`: the engine waits for what a plugin prints.
        sys.stdout, sys.stderr = (
            io.TextIOWrapper(io.FileIO(number, "w", closefd=False), write_through=True)
            for number in (1, 2)
        )

    def run(self) -> int:
        """The program: a file with arguments, as ``python FILE ARGS...`` runs it; its exit code."""
        sys.argv = self.arguments
        try:
            runpy.run_path(self.arguments[0], run_name="__main__")
        except SystemExit as end:
            if end.code is None or isinstance(end.code, int):
                return end.code or 0
            print(end.code, file=sys.stderr)
            return 1
        except BaseException:
            sys.excepthook(*sys.exc_info())
            return 1
        return 0


class Checkout:
    """The checkout's own modules, as their files were when this began."""

    def __init__(self) -> None:
        began = time.time_ns()
        sys.path.insert(0, str(ROOT))
        for name in OWN:
            # One that cannot be imported just now is the child's to complain about.
            with suppress(Exception):
                importlib.import_module(name)
        with suppress(Exception):
            from policy.rules.catalog import catalog

            catalog()
            # Its rules are imported; a child looks for itself which there are.
            catalog.cache_clear()
        sys.path.remove(str(ROOT))
        self._modules = [name for name in sys.modules if name.partition(".")[0] in ROOMS]
        files = {Path(str(sys.modules[name].__file__)) for name in self._modules}
        # A file that was written meanwhile may have been read before: it never counts as unchanged.
        self._written = {file: min(file.stat().st_mtime_ns, began) for file in files}

    def suit(self, order: Order) -> None:
        """In the child: forget what has changed since, and what another project may have, too."""
        if order.folder in FOLDERS and self._unchanged():
            return
        for name in self._modules:
            sys.modules.pop(name, None)

    def _unchanged(self) -> bool:
        try:
            return all(file.stat().st_mtime_ns == when for file, when in self._written.items())
        except OSError:
            return False


class Forks:
    """The parent: one connection for each child, closed by whoever ends first."""

    def __init__(self, path: Path) -> None:
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(path))
        self._listener.listen(64)
        self._selector = selectors.DefaultSelector()
        self._children: dict[int, socket.socket] = {}
        # A signal wakes the selector by writing into this pair.
        self._awake, self._wake = socket.socketpair()
        for one in (self._awake, self._wake):
            one.setblocking(False)

    def serve(self) -> Order | None:
        """Fork until standard input ends; returns an order in each child, None in the parent."""
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._wake.fileno())
        for source in (self._listener, self._awake, sys.stdin):
            self._selector.register(source, selectors.EVENT_READ)
        while True:
            for key, _ in self._selector.select():
                if key.fileobj is sys.stdin:
                    self._end()
                    return None
                if key.fileobj is self._awake:
                    self._reap()
                elif key.fileobj is self._listener:
                    if order := self._fork():
                        return order
                else:
                    self._hear(key.data, key.fileobj)

    def _fork(self) -> Order | None:
        connection, _ = self._listener.accept()
        try:
            order = _receive(connection)
        except (OSError, SyntaxError, TypeError, ValueError):
            connection.close()
            return None
        child = os.fork()
        if child == 0:
            self._forget()
            connection.close()
            return order
        for stream in order.streams:
            os.close(stream)
        self._children[child] = connection
        self._selector.register(connection, selectors.EVENT_READ, child)
        return None

    def _hear(self, child: int, connection: Any) -> None:
        """Signals that the client got, by number; its end is the child's."""
        if child not in self._children:
            return  # reaped by an event of the same moment
        heard = b""
        with suppress(OSError):
            heard = connection.recv(64)
        for number in heard or bytes([signal.SIGKILL]):
            with suppress(ProcessLookupError):
                os.kill(child, number)
        if not heard:
            self._selector.unregister(connection)

    def _reap(self) -> None:
        with suppress(BlockingIOError):
            while self._awake.recv(1024):
                pass
        for child, connection in list(self._children.items()):
            done, status = os.waitpid(child, os.WNOHANG)
            if done == 0:
                continue
            del self._children[child]
            with suppress(KeyError, ValueError):
                self._selector.unregister(connection)
            with suppress(OSError):
                connection.sendall(str(os.waitstatus_to_exitcode(status)).encode())
            connection.close()

    def _forget(self) -> None:
        """In a child: nothing of the parent's is left open."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        self._selector.close()
        for one in (self._listener, self._awake, self._wake, *self._children.values()):
            one.close()

    def _end(self) -> None:
        for child in self._children:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)


def _receive(connection: socket.socket) -> Order:
    """The streams come with the first byte; the request is one line, a literal of Python."""
    text, streams, _, _ = socket.recv_fds(connection, REQUEST_BYTES, STREAMS)
    while text and not text.endswith(b"\n"):
        more = connection.recv(REQUEST_BYTES)
        text += more
        if not more:
            break
    asked = ast.literal_eval(text.decode())
    return Order(**asked, streams=list(streams))


def _warm() -> None:
    """Import what each child would, and parse what each would parse."""
    for name in WARM:
        with suppress(ImportError):
            module = importlib.import_module(name)
            # pulumi_aws loads a service at the first look at one of its names.
            hasattr(module, "outputs")
    with suppress(ImportError):
        import botocore.session
        from botocore.loaders import JSONFileLoader

        # Each session reads the models with a loader of its own.
        parsed: dict[str, Any] = {}

        def once(self: JSONFileLoader, path: str) -> Any:
            if path not in parsed:
                parsed[path] = load(self, path)
            return parsed[path]

        load = JSONFileLoader.load_file
        setattr(JSONFileLoader, "load_file", once)  # noqa: B010
        session = botocore.session.Session()
        for service in SERVICES:
            session.create_client(
                service,
                region_name="us-east-1",
                aws_access_key_id="none",
                aws_secret_access_key="none",  # noqa: S106
            )


def main() -> None:
    """Listen, warm up, fork; a child leaves this function as the program that was asked for."""
    path = Path(sys.argv[1])
    path.unlink(missing_ok=True)
    # Before the imports: a client of this moment waits for them, and saves its own.
    forks = Forks(path)
    _warm()
    checkout = Checkout()
    # What was imported stays: no collection of a child visits it, and so copies its memory. And a
    # child lives for seconds: most of its garbage may end with it.
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT)
    order = forks.serve()
    if order is None:
        path.unlink(missing_ok=True)
        return
    order.become()
    checkout.suit(order)
    code = 1

    def end() -> None:
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError):
                stream.flush()
        os._exit(code)

    # Called after all that the program registers. An interpreter that takes itself apart touches
    # every object, and so copies the memory that it shares: a tenth of a second for each child.
    atexit.register(end)
    code = order.run()


if __name__ == "__main__":
    main()
