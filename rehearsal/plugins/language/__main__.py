"""`python -m rehearsal.plugins.language ... ENGINE`: serve `LanguageRuntime` on a free loopback
port.

Prints the port as the first line of standard output, as every Pulumi plugin does, and ends
quietly when the engine interrupts it or goes away.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from types import FrameType

from rehearsal.plugins.language.spare import Interpreters

# The engine's own limit for a message: a program's configuration can be large.
MESSAGE_BYTES = 400 * 1024 * 1024


def main() -> None:
    """Serve until interrupted."""
    interpreters = Interpreters()
    interpreters.warm()  # before gRPC is imported: the two imports overlap

    import grpc

    from rehearsal.plugins.language.servicer import PythonLanguage, register

    limits = [
        ("grpc.max_receive_message_length", MESSAGE_BYTES),
        ("grpc.max_send_message_length", MESSAGE_BYTES),
    ]
    server = grpc.server(ThreadPoolExecutor(max_workers=16), options=limits)
    # The engine's address is the last argument; flags for tracing and logs may stand before it.
    register(server, PythonLanguage(sys.argv[-1], interpreters))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(port, flush=True)

    done = threading.Event()

    def stop(signum: int, frame: FrameType | None) -> None:
        done.set()

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    threading.Thread(target=_wait_for_engine, args=(done,), daemon=True).start()
    done.wait()
    interpreters.stop()
    server.stop(grace=None)
    sys.stdout.flush()
    os._exit(0)  # the pool's threads may still wait for programs that have just been killed


def _wait_for_engine(done: threading.Event) -> None:
    # The engine holds the other end of this pipe; it closes even when the engine is killed.
    if not sys.stdin.isatty():
        while os.read(0, 4096):
            pass
        done.set()


if __name__ == "__main__":
    main()
