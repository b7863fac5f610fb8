"""Read-only AWS calls that never end the reading: what is denied is UNKNOWN, and recorded."""

import json
import threading
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlsplit

from mwaa.model.platform import UNKNOWN, Denied, Document, Maybe, known
from mwaa.service.iam_actions import action_of
from ops.errors import DENIED, code


class Clients(Protocol):
    """Where a reader's clients come from: an ``ops.aws.AwsSession``, or something like it."""

    @property
    def region_name(self) -> str:
        """The region that is read."""
        ...

    def client(self, service: str) -> Any:
        """A new client of a service, by boto's name of it."""
        ...


Answer = Mapping[str, Any]
"""What AWS answered: JSON from outside."""


@dataclass
class AwsReader:
    """Calls to one account; ``calls`` counts them, ``denied`` holds what could not be seen.

    ``watch`` gets each call's service and operation, in the thread that makes it.
    """

    session: Clients
    denied: list[Denied] = field(default_factory=list)
    calls: int = 0
    watch: Callable[[str, str], None] = lambda service, operation: None
    _clients: dict[str, Any] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def region(self) -> str:
        """The region that is read."""
        return self.session.region_name

    def client(self, service: str) -> Any:
        """The client of a service; made once, also when many threads ask."""
        with self._lock:
            if service not in self._clients:
                client = self.session.client(service)
                if service == "s3control":
                    # Once, also where clients are shared.
                    client.meta.events.register(
                        "before-call.s3-control", _without_account, "loopback-without-account"
                    )
                self._clients[service] = client
            return self._clients[service]

    def call(
        self,
        service: str,
        operation: str,
        absent: Collection[str] = (),
        *,
        all_pages: bool = True,
        **request: Any,
    ) -> Maybe[Answer | None]:
        """The answer, all pages as one; None for the error codes in ``absent``; else UNKNOWN."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            return self.ask(service, operation, all_pages, request)
        except (ClientError, BotoCoreError) as error:
            if code(error) in absent:
                return None
            self._cannot(service, operation, error)
            return UNKNOWN

    def ask(
        self, service: str, operation: str, all_pages: bool, request: Mapping[str, Any]
    ) -> Answer:
        """What AWS answers, all pages as one; raises what botocore raises."""
        client = self.client(service)
        if not (all_pages and client.can_paginate(operation)):
            self._count(service, operation)
            answer: Answer = getattr(client, operation)(**request)
            return answer
        whole: dict[str, Any] = {}
        for page in client.get_paginator(operation).paginate(**request):
            self._count(service, operation)
            for name, value in page.items():
                if isinstance(value, list):
                    whole.setdefault(name, []).extend(value)
                else:
                    whole.setdefault(name, value)
        return whole

    def each(self, service: str, operation: str, member: str, **request: Any) -> Maybe[list[Any]]:
        """The list ``member`` of the answer, or UNKNOWN."""
        answer = self.call(service, operation, **request)
        return (answer or {}).get(member, []) if known(answer) else UNKNOWN

    def _count(self, service: str, operation: str) -> None:
        with self._lock:
            self.calls += 1
        self.watch(service, operation)

    def _cannot(self, service: str, operation: str, error: Exception) -> None:
        reason = "denied" if code(error) in DENIED else f"{code(error) or type(error).__name__}"
        missing = Denied(
            call=f"{service} {operation}", permission=action_of(service, operation), reason=reason
        )
        with self._lock:
            if missing not in self.denied:
                self.denied.append(missing)


def document(text: Any) -> Maybe[Document]:
    """A policy document, whether boto3 gave it parsed or as JSON; UNKNOWN stays UNKNOWN."""
    parsed: Maybe[Document] = json.loads(text) if isinstance(text, str) else text
    return parsed


def member(answer: Any, *path: str) -> Any:
    """A member of an answer; UNKNOWN stays UNKNOWN, an absent answer or member is None."""
    for name in path:
        if not known(answer) or answer is None:
            return answer
        answer = answer.get(name)
    return answer


def _without_account(params: dict[str, Any], **_: Any) -> None:
    """S3 Control puts the account before the host, which no loopback address resolves."""
    parts = urlsplit(params["url"])
    account, _dot, host = (parts.hostname or "").partition(".")
    if account.isdigit() and host in {"127.0.0.1", "localhost"}:
        params["url"] = params["url"].replace(f"//{account}.", "//", 1)
