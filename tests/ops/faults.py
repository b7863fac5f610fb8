"""Faults between a verb and AWS: a kill before or after any call, 503, throttling, a lost answer.

They are injected where botocore sends HTTP requests, so retries and their side effects are real.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Any

from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ConnectionClosedError


class Killed(BaseException):
    """The process is gone; not an ``Exception``, so that nothing can handle it."""


class Fault(StrEnum):
    """What happens to one request."""

    KILLED_BEFORE = "killed before the request"
    KILLED_AFTER = "killed after the effect"
    UNAVAILABLE = "503"
    THROTTLED = "throttled"
    LOST_ANSWER = "answer lost"


class Body:
    """The raw body of a made-up answer, read once like urllib3's."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    def stream(self, **_: Any) -> Iterator[bytes]:
        content, self.content = self.content, b""
        yield content


class Wire:
    """Wraps the HTTP session of a client: counts requests, and makes one of them fail."""

    def __init__(self, session: Any, fault: Fault | None, at: int) -> None:
        self.session, self.fault, self.at = session, fault, at
        self.count = 0

    def send(self, request: Any) -> Any:
        """Send, unless this is the request that fails."""
        self.count += 1
        if self.fault is None or self.count != self.at:
            return self.session.send(request)
        if self.fault is Fault.KILLED_BEFORE:
            raise Killed
        if self.fault is Fault.KILLED_AFTER:
            self.session.send(request)
            raise Killed
        if self.fault is Fault.LOST_ANSWER:
            self.session.send(request)
            raise ConnectionClosedError(endpoint_url=request.url)
        code = "SlowDown" if self.fault is Fault.THROTTLED else "ServiceUnavailable"
        body = f"<Error><Code>{code}</Code><Message>try again</Message></Error>".encode()
        return AWSResponse(request.url, 503, HTTPHeaders(), Body(body))

    def close(self) -> None:
        """Close the wrapped session."""
        self.session.close()


@contextmanager
def faulty(client: Any, fault: Fault | None = None, at: int = 0) -> Iterator[Wire]:
    """``client`` with request number ``at`` failing as ``fault``; restored at the end."""
    endpoint = client._endpoint
    wire = Wire(endpoint.http_session, fault, at)
    endpoint.http_session = wire
    try:
        yield wire
    finally:
        endpoint.http_session = wire.session
