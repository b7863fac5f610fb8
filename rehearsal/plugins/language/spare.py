"""Interpreters started ahead of need: importing the SDK overlaps the engine's own start."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

from rehearsal.forks import client
from rehearsal.plugins.language.interpreter import Order


class Interpreters:
    """Hands out Python processes that have imported the SDK, and ends them all.

    `python` is the interpreter the spares run; a program that asks for another one gets a cold
    process. Thread-safe: gRPC calls arrive on several threads.
    """

    def __init__(self, python: Path | None = None) -> None:
        self._python = str(python or sys.executable)
        self._lock = threading.Lock()
        self._closed = False
        self._spare: subprocess.Popen[bytes] | None = None
        self._running: set[subprocess.Popen[bytes]] = set()

    def warm(self) -> None:
        """Start a spare, unless one is waiting already."""
        with self._lock:
            if self._spare is None and not self._closed:
                self._spare = self._start(self._python)

    def run(self, order: Order, python: Path | None = None) -> subprocess.Popen[bytes]:
        """Give `order` to the spare, or to a new process; its output pipes are the caller's."""
        with self._lock:
            spare = None
            if python is None or str(python) == self._python:
                spare, self._spare = self._spare, None
            process = spare or self._start(str(python or self._python))
            self._running.add(process)
        if process.stdin is None:
            raise RuntimeError("an interpreter was started without a pipe to its standard input")
        process.stdin.write(json.dumps(order).encode() + b"\n")
        process.stdin.close()
        return process

    def finished(self, process: subprocess.Popen[bytes]) -> None:
        """Forget `process`, which has ended."""
        with self._lock:
            self._running.discard(process)

    def stop(self) -> None:
        """End every process that this object started and start no more."""
        with self._lock:
            self._closed = True
            processes = [*self._running, *([self._spare] if self._spare else [])]
            self._running.clear()
            self._spare = None
        for process in processes:
            process.kill()
        for process in processes:
            process.wait()

    def _start(self, python: str) -> subprocess.Popen[bytes]:
        forks = os.environ.get(client.NAME) if python == sys.executable else None
        # -P: the engine's working directory is the user's project and must not shadow packages.
        start = client.command(forks) if forks else [python, "-P", "-u"]
        return subprocess.Popen(
            [*start, str(Path(__file__).with_name("interpreter.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
