"""Calls that wait for something, such as a message: the lock is free meanwhile.

Whoever answers a call says how long it would wait; the gateway then calls again until the time is
over, something came, or the client has gone.
"""

import socket
import threading
from typing import Any

LOOK_SECONDS = 0.1

_call = threading.local()


def ask_again(seconds: float) -> None:
    """The call that this thread answers would wait so long."""
    _call.seconds = seconds


def wanted() -> float:
    """What the last call of this thread would still wait; 0 for all that do not."""
    seconds: float = getattr(_call, "seconds", 0)
    _call.seconds = 0
    return seconds


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
