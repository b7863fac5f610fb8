"""The request log: what clients asked, in order, and how they were answered."""

import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class JournalEntry:
    """One answered request. ``time`` is emulated, ``seconds`` is how long the answer took.

    ``fault`` names the fault that was injected, None for an honest answer. ``names`` are the ids,
    names and ARNs in the request, ``tags`` those that EC2 was to give; no other member is kept.
    """

    number: int
    time: float
    service: str | None
    operation: str | None
    region: str | None
    method: str
    path: str
    status: int
    seconds: float
    fault: str | None = None
    names: Mapping[str, str | list[str]] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)


class Journal:
    """The last ``size`` requests; older ones are forgotten, their numbers are not reused."""

    def __init__(self, size: int = 50_000) -> None:
        self._entries: deque[JournalEntry] = deque(maxlen=size)
        self._count = 0
        self._lock = threading.Lock()

    def write(self, **facts: Any) -> None:
        """Add a request."""
        with self._lock:
            self._count += 1
            self._entries.append(JournalEntry(number=self._count, **facts))

    def read(self, filters: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
        """Requests whose fields equal ``filters``; ``since`` keeps later numbers only."""
        wanted = dict(filters or {})
        since = int(wanted.pop("since", "0"))
        unknown = set(wanted) - set(JournalEntry.__dataclass_fields__)
        if unknown:
            raise ValueError(
                f"cannot filter by {', '.join(sorted(unknown))}; "
                f"allowed: since, {', '.join(sorted(JournalEntry.__dataclass_fields__))}"
            )
        with self._lock:
            entries = list(self._entries)
        return [
            {**vars(entry)}
            for entry in entries
            if entry.number > since
            and all(str(getattr(entry, field)) == value for field, value in wanted.items())
        ]

    def clear(self) -> None:
        """Forget all requests."""
        with self._lock:
            self._entries.clear()
