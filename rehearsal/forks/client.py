"""`python -I -S rehearsal/forks/client.py SOCKET FILE ARGS...`: be `python -P FILE ARGS...`.

A fork of the server behind SOCKET runs it with this process's streams, environment and folder; this
process passes signals on and ends as the fork does. Without a server it becomes an ordinary Python.
It must start at once: no site-packages, and nothing whose import takes longer than all of this, as
that of `json`, `pathlib`, `signal` and `socket` does; of the latter two there is the part in C.
"""

import _signal as signal  # type: ignore[import-not-found]  # typeshed has it as `signal` alone
import _socket as socket
import os
import sys
from array import array

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
STREAMS = (0, 1, 2)
NAME = "MWAA_REHEARSAL_FORKS"
"""The socket's path, for children that start children."""
SITE = os.path.join(
    os.path.dirname(os.path.dirname(sys.executable)),
    *("lib", "python{}.{}".format(*sys.version_info), "site-packages"),
)


def command(path: "str | os.PathLike[str]") -> list[str]:
    """How this file is started; a file to run and its arguments follow."""
    return [sys.executable, "-I", "-S", os.path.abspath(__file__), os.fspath(path)]


def installed(site: str) -> float:
    """When a package was last put into ``site``, in seconds since the epoch. The folder itself does
    not tell: it also changes when a single module's bytecode is first written."""
    with os.scandir(site) as found:
        packages = [one.stat().st_mtime for one in found if one.name.endswith(".dist-info")]
    return max(packages, default=0.0)


def main() -> int:
    """The exit code of the program."""
    path, arguments = sys.argv[1], sys.argv[2:]
    os.environ[NAME] = path
    server = socket.socket(socket.AF_UNIX)
    # Not connected yet, a signal would be lost on the way: it waits.
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    try:
        # What was installed since is not what the server has imported.
        if installed(SITE) > os.path.getmtime(path):
            raise OSError
        server.connect(path)
        order = {"arguments": arguments, "environment": {**os.environ}, "folder": os.getcwd()}
        text = ascii(order).encode() + b"\n"
        streams = (socket.SOL_SOCKET, socket.SCM_RIGHTS, array("i", STREAMS))
        sent = server.sendmsg([text], [streams])
        server.sendall(text[sent:])
    except OSError:  # none is running, or the path is longer than a socket's may be
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
        os.execv(sys.executable, [sys.executable, "-P", "-u", *arguments])  # noqa: S606
    for number in SIGNALS:
        signal.signal(number, lambda got, _: server.sendall(bytes([got])))
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
    # Otherwise the end of a pipe that the engine waits for would wait for this process, too.
    for stream in STREAMS:
        os.close(stream)
    answer = server.recv(64)
    code = int(answer) if answer else 1
    if code < 0:
        signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    return code


if __name__ == "__main__":
    os._exit(main())
