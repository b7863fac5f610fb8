"""Carries what the processes print to CloudWatch Logs, under the names of MWAA's streams.

Logs are sent as the execution role. A role that may not send them loses them, as on MWAA: the
processes run on, and the reason stands in the supervisor's own log.
"""

from __future__ import annotations

import queue
import re
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from mwaa.service.log_streams import DAG_FILE, SETUP, stream_name
from rehearsal.airflow.configuration import LEVELS
from rehearsal.airflow.specification import Specification

SEND_SECONDS = 1.0
MOST_EVENTS = 5_000
"""Per call; CloudWatch takes 10 000 and a mebibyte."""
MOST_CHARACTERS = 10_000

# Airflow's lines (`{file.py:1} INFO - `, `[info     ] `) and Celery's (`: INFO/MainProcess]`).
_LEVEL = re.compile(
    r"(?:\} |: |\[)(DEBUG|INFO|WARNING|ERROR|CRITICAL)(?: - |/| *\])", re.IGNORECASE
)


class Threshold:
    """Lets lines of ``level`` and above through. A line without a level, such as one of a
    traceback, goes with the line before it."""

    def __init__(self, level: str) -> None:
        self._least = LEVELS.index(level)
        self._open = True

    def passes(self, line: str) -> bool:
        named = _LEVEL.search(line[:200])
        if named:
            self._open = LEVELS.index(named.group(1).upper()) >= self._least
        return self._open


class Logs:
    """Sends lines with ``client`` (CloudWatch Logs) in a thread of its own, once a second.

    ``tell`` hears, once, why lines could not be sent.
    """

    def __init__(
        self, client: Any, spec: Specification, host: str, tell: Callable[[str], object]
    ) -> None:
        self._client = client
        self._spec = spec
        self._host = host
        self._tell = tell
        self._told: set[str] = set()
        self._known: set[tuple[str, str]] = set()
        self._waiting: queue.SimpleQueue[tuple[str, str, int, str]] = queue.SimpleQueue()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True, name="logs")
        self._thread.start()

    def writer(self, prefix: str, module: str, host: str = "") -> Callable[[str], None]:
        """A function that takes a line into the group of ``module``, in a stream of its own that
        begins with ``prefix``, from the level on that the environment asks for there."""
        level = self._spec.log_level(module)
        if prefix in SETUP.values():
            level = "INFO"  # always published: logging/config.py of the image
        return self.into(stream_name(prefix, host or self._host, time.time()), module, level)

    def into(self, stream: str, module: str, level: str = "") -> Callable[[str], None]:
        """The same for a stream of this very name."""
        group = self._spec.log_group(module)
        passes = Threshold(level or self._spec.log_level(module)).passes

        def write(line: str) -> None:
            if group and line.strip() and passes(line):
                self._waiting.put((group, stream, int(time.time() * 1000), line))

        return write

    def close(self) -> None:
        """Send what is left."""
        self._ended.set()
        self._thread.join(timeout=5)

    def _run(self) -> None:
        while not self._ended.wait(SEND_SECONDS):
            self._send()
        self._send()

    def _send(self) -> None:
        lines: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
        while not self._waiting.empty():
            group, stream, moment, line = self._waiting.get()
            lines[group, stream].append({"timestamp": moment, "message": line[:MOST_CHARACTERS]})
        for (group, stream), events in lines.items():
            try:
                self._ensure(group, stream)
                for first in range(0, len(events), MOST_EVENTS):
                    self._client.put_log_events(
                        logGroupName=group,
                        logStreamName=stream,
                        logEvents=events[first : first + MOST_EVENTS],
                    )
            except Exception as problem:  # whatever it is, the processes must run on
                text = f"logs of {group} are lost: {problem}"
                if text not in self._told:
                    self._told.add(text)
                    self._tell(text)

    def _ensure(self, group: str, stream: str) -> None:
        if (group, stream) in self._known:
            return
        with suppress(self._client.exceptions.ResourceAlreadyExistsException):
            self._client.create_log_stream(logGroupName=group, logStreamName=stream)
        self._known.add((group, stream))


class DagFileLogs:
    """Follows the files in which Airflow logs the parsing of each DAG file, one stream each."""

    PLACES = ("scheduler", "dag_processor")
    """Folders below the log folder: of Airflow 2, of Airflow 3."""

    def __init__(self, folder: Path, logs: Logs) -> None:
        self._folder = folder
        self._logs = logs
        self._read: dict[Path, int] = {}
        self._writers: dict[str, Callable[[str], None]] = {}

    def follow(self) -> None:
        """Send what has been written since the last call."""
        for place in self.PLACES:
            for file in (self._folder / place).glob("20*/**/*.log"):
                self._follow(file)

    def _follow(self, file: Path) -> None:
        start = self._read.get(file, 0)
        if file.stat().st_size <= start:
            return
        with file.open("rb") as opened:
            opened.seek(start)
            content = opened.read()
        whole = content[: content.rfind(b"\n") + 1]
        self._read[file] = start + len(whole)
        name = file.name.removesuffix(".log")
        if name not in self._writers:
            stream = DAG_FILE.format(file=name)
            self._writers[name] = self._logs.into(stream, "dag_processing")
        for line in whole.decode("utf-8", "replace").splitlines():
            self._writers[name](line)
