"""Readers of several environments of one account: what one has asked, no other asks again.

Roles, quotas and a network that environments share are most of what is read. Each reader keeps its
own record of what was denied to it, so that no environment is blamed for another's.
"""

import json
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from ops.live.reader import Answer, AwsReader


@dataclass
class Answers:
    """Answers by service, operation and request; an error is an answer, too."""

    _known: dict[str, Future[Answer]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def once(self, key: str, ask: Callable[[], Answer]) -> Answer:
        """The answer to ``key``: of the first who asked, who does so in its own thread."""
        with self._lock:
            found = self._known.get(key)
            is_first = found is None
            if found is None:
                found = self._known[key] = Future()
        if is_first:
            try:
                found.set_result(ask())
            except BaseException as error:
                found.set_exception(error)
                raise
        return found.result()


@dataclass
class SharedReader(AwsReader):
    """A reader of one environment among several of one account and region."""

    answers: Answers = field(default_factory=Answers)

    def ask(
        self, service: str, operation: str, all_pages: bool, request: Mapping[str, Any]
    ) -> Answer:
        """The answer that one of the readers got."""
        key = (
            f"{service} {operation} {all_pages} {json.dumps(request, sort_keys=True, default=str)}"
        )
        return self.answers.once(
            key, lambda: AwsReader.ask(self, service, operation, all_pages, request)
        )
