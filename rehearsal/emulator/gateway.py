"""The door: every request passes here on its way to moto.

It keeps the log, injects faults, answers what moto would meet with a traceback in the service's
own error format, and lets one request at a time into moto, whose backends are not thread-safe
(a saved state must not catch one half-done).
"""

import json
import logging
import re
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from werkzeug.http import HTTP_STATUS_CODES

from rehearsal.emulator import faults, past, waiting, wire
from rehearsal.emulator.clock import Clock
from rehearsal.emulator.faults import Faults
from rehearsal.emulator.journal import Journal
from rehearsal.emulator.requests import cbor

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]
Control = Callable[[str, str, dict[str, str], bytes], tuple[int, Any]]
Refusal = tuple[int, str, str]
"""Status, code and message."""


@dataclass(frozen=True)
class Unreachable:
    """No packet of the caller gets to the service, for this reason."""

    reason: str


CONTROL = "/_emulator/"

log = logging.getLogger("rehearsal.emulator")


class LostAnswerError(ConnectionAbortedError):
    """Ends the connection without an answer; the HTTP server drops it quietly."""


class Gateway:
    """A WSGI application around ``inner``. ``before`` runs under the lock ahead of each request,
    ``after`` once it was answered and whether it may have changed anything. ``authorize`` says
    under the lock how a request is refused, or that it does not get here."""

    def __init__(
        self,
        inner: Wsgi,
        *,
        clock: Clock,
        control: Control,
        before: Callable[[wire.Request], None],
        after: Callable[[bool], None],
        authorize: Callable[[wire.Request], Refusal | Unreachable | None],
        lock: threading.RLock,
    ) -> None:
        self.inner = inner
        self.clock = clock
        self.journal = Journal()
        self.faults = Faults()
        self._control = control
        self._before = before
        self._after = after
        self._authorize = authorize
        self._lock = lock

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "/")
        began = time.perf_counter()
        # Before all else: on a kept connection the next request begins where this one ends.
        body = wire.body_of(environ)
        if path.startswith(CONTROL):
            return _send(start_response, self._controlled(environ, path, body))
        in_cbor = cbor.is_spoken(environ)
        if in_cbor:
            environ, body = cbor.as_json(environ, body)
        request = wire.read(environ, body)
        fault = self.faults.match(request.service, request.operation)
        answer = self._answer(environ, request, fault)
        if in_cbor:
            answer = cbor.as_cbor(answer, request.service, request.operation)
        self.journal.write(
            time=self.clock.now(),
            service=request.service,
            operation=request.operation,
            region=request.region,
            method=request.method,
            path=request.path,
            status=answer.status,
            seconds=time.perf_counter() - began,
            fault=fault.kind if fault else None,
            names=request.names,
            tags=request.tags,
        )
        if fault and fault.kind == "lost":
            raise LostAnswerError
        return _send(start_response, answer, head=request.method == "HEAD")

    def _answer(
        self, environ: dict[str, Any], request: wire.Request, fault: faults.Fault | None
    ) -> wire.Response:
        content_type = environ.get("CONTENT_TYPE", "")
        if fault and fault.kind == "slow":
            # Outside the lock: one slow answer must not hold up the others.
            time.sleep(fault.seconds)
        elif fault and fault.kind in faults.REFUSALS:
            status, code, message = faults.answer(fault, request.service)
            return wire.error(request.service, status, code, message, content_type)
        refused = self._refused(environ, request)
        if refused is None:
            refused = self._arrived(environ, request)
        if refused:
            status, code, message = refused
            return wire.error(request.service, status, code, message, content_type)
        began = time.monotonic()
        while True:
            with self._lock:
                answer = self._inside(environ, request, content_type, _stage(fault, request))
                waits = waiting.wanted()
                self._after(request.method not in ("GET", "HEAD") and not waits)
            if time.monotonic() - began >= waits:
                return waiting.answered(answer)
            time.sleep(waiting.LOOK_SECONDS)
            if waiting.is_gone(environ):
                raise LostAnswerError
            environ["wsgi.input"].seek(0)

    def _arrived(self, environ: dict[str, Any], request: wire.Request) -> Refusal | None:
        """How a request is refused that has got here. One that does not is held, as a connection
        is that nobody takes: until there is a way, or the client gives up."""
        began = time.monotonic()
        while True:
            with self._lock:
                found = self._authorize(request)
            if not isinstance(found, Unreachable):
                return found
            time.sleep(waiting.LOOK_SECONDS)
            if waiting.is_gone(environ) or time.monotonic() - began > waiting.HELD_SECONDS:
                raise LostAnswerError

    def _refused(self, environ: dict[str, Any], request: wire.Request) -> Refusal | None:
        account = environ.get("HTTP_X_MOTO_ACCOUNT_ID", "")
        if account and not re.fullmatch(r"\d{12}", account):
            return 403, "InvalidClientTokenId", f"No account {account!r}: twelve digits are needed."
        if request.region is not None and request.region not in wire.regions() | {"aws-global"}:
            # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html
            message = f"Credential should be scoped to a valid region, not '{request.region}'."
            return 403, "SignatureDoesNotMatch", message
        if request.method == "CONNECT":
            return 501, "NotImplemented", "Plain HTTP only: use http:// endpoints with this proxy."
        known = wire.operations(request.service) if request.service else frozenset[str]()
        if known and request.operation is None and request.service != "s3":
            return (
                404,
                "UnknownOperationException",
                f"{request.method} {request.path} is no operation.",
            )
        if (
            known
            and request.operation
            and request.operation not in known
            and request.service != "s3"
        ):
            # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
            message = f"The action {request.operation} is not valid for this web service."
            code = (
                "InvalidAction" if request.service in QUERY_STYLE else "UnknownOperationException"
            )
            return 400, code, message
        return None

    def _inside(
        self,
        environ: dict[str, Any],
        request: wire.Request,
        content_type: str,
        stage: AbstractContextManager[None],
    ) -> wire.Response:
        heard: list[tuple[str, list[tuple[str, str]]]] = []

        def start(status: str, headers: list[tuple[str, str]], _: Any = None) -> None:
            heard.append((status, headers))

        try:
            self._before(request)
            with stage:
                chunks = self.inner(environ, start)
                body = b"".join(chunks)
            if hasattr(chunks, "close"):
                chunks.close()
        except NotImplementedError as missing:
            log.warning("%s %s: %s", request.service, request.operation, missing)
            message = (
                f"The emulated AWS does not have {request.service} {request.operation}; "
                "docs/reference/emulator.md lists what it has."
            )
            return wire.error(request.service, 501, "NotImplemented", message, content_type)
        except Exception as failure:  # moto met something it did not expect: never a traceback
            log.warning("%s %s: %r", request.service, request.operation, failure, exc_info=True)
            message = (
                f"The emulated AWS could not answer {request.service} {request.operation}: "
                f"{type(failure).__name__}: {failure}"
            )
            return wire.error(request.service, 500, "InternalFailure", message, content_type)
        status, headers = heard[-1]
        return wire.Response(int(status.split()[0]), headers, body)

    def _controlled(self, environ: dict[str, Any], path: str, body: bytes) -> wire.Response:
        # A web page must not steer the emulator through somebody's browser.
        if environ.get("HTTP_ORIGIN"):
            return _json(403, {"error": "requests from web pages are refused"})
        query = dict(parse_qsl(environ.get("QUERY_STRING", "")))
        try:
            status, answer = self._control(
                environ["REQUEST_METHOD"], path.removeprefix(CONTROL), query, body
            )
        except ValueError as problem:
            return _json(400, {"error": str(problem)})
        return _json(status, answer)


def _stage(fault: faults.Fault | None, request: wire.Request) -> AbstractContextManager[None]:
    """What the service works on while it answers: the accounts, unless a fault says otherwise."""
    if fault and fault.kind == "stale":
        return past.visit(fault.kept)
    if fault and fault.kind == "unversioned":
        return past.unversioned(str(request.names.get("Bucket")))
    return nullcontext()


QUERY_STYLE = {"ec2", "iam", "sts", "sns", "cloudwatch", "elbv2", "rds", "autoscaling"}


def _json(status: int, answer: Any) -> wire.Response:
    body = json.dumps(answer, indent=2, default=str).encode() + b"\n"
    return wire.Response(status, [("Content-Type", "application/json")], body)


def _send(start_response: Any, answer: wire.Response, *, head: bool = False) -> Iterable[bytes]:
    headers = answer.headers
    if not head:  # HEAD states the length of a body that is not sent
        headers = [pair for pair in headers if pair[0].lower() != "content-length"]
        headers.append(("Content-Length", str(len(answer.body))))
    reason = HTTP_STATUS_CODES.get(answer.status, "Unknown")
    start_response(f"{answer.status} {reason}", headers)
    return [answer.body]
