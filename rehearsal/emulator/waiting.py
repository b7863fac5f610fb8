"""Calls that wait: for a message, or for the Airflow behind an environment. The lock is free
meanwhile.

Whoever answers a call says how long it would wait, and the gateway calls again until the time is
over, something came, or the client has gone; or it leaves the answer to work that is done without
the lock, because what is asked there may itself call the emulated AWS.
"""

import socket
import threading
from collections.abc import Callable
from typing import Any

from rehearsal.emulator import wire

LOOK_SECONDS = 0.1
HELD_SECONDS = 120.0
"""How long a client without a way to a service waits at most; the SDKs give up in a minute."""

_call = threading.local()


def ask_again(seconds: float) -> None:
    """The call that this thread answers would wait so long."""
    _call.seconds = seconds


def wanted() -> float:
    """What the last call of this thread would still wait; 0 for all that do not."""
    seconds: float = getattr(_call, "seconds", 0)
    _call.seconds = 0
    return seconds


def answer_later(work: Callable[[], wire.Response]) -> None:
    """The call that this thread answers is answered by ``work``, without the lock."""
    _call.work = work


def answered(answer: wire.Response) -> wire.Response:
    """``answer``, unless the last call of this thread left its own to later work."""
    work: Callable[[], wire.Response] | None = getattr(_call, "work", None)
    _call.work = None
    return work() if work else answer


def is_gone(environ: dict[str, Any]) -> bool:
    """Whether the client of a request has closed its connection."""
    connection: socket.socket | None = environ.get("werkzeug.socket")
    if connection is None:
        return False
    try:
        return connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True
