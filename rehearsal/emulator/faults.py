"""Faults on demand: what a test or a drill wants to go wrong, and on which call.

A rule matches by service and operation, lets ``skip`` matching calls pass, then applies to
``times`` calls. Kinds and what a client sees:

* ``throttle`` - 400 ThrottlingException (503 SlowDown from S3), before any work
* ``error`` - ``status`` (default 500) with ``code`` (default InternalFailure), before any work
* ``lost`` - the work is done, then the connection breaks without an answer
* ``slow`` - the answer comes ``seconds`` late
* ``expired`` - 403 ExpiredTokenException, as with session credentials that ran out
* ``stale`` - a read is answered from the accounts as they were when the rule was added
* ``unversioned`` - PutObject stores the null version: the bucket's versioning has not arrived yet
"""

import threading
from dataclasses import asdict, dataclass, field
from typing import Any

from rehearsal.emulator import past

KINDS = ("throttle", "error", "lost", "slow", "expired", "stale", "unversioned")
REFUSALS = ("throttle", "error", "expired")
READS = ("Get", "List", "Describe", "Head", "Simulate")


class FaultError(ValueError):
    """A rule that cannot be kept: says what was given and what is allowed."""


@dataclass
class Fault:
    """One rule; ``service`` and ``operation`` are botocore's names, None matches all."""

    kind: str
    service: str | None = None
    operation: str | None = None
    skip: int = 0
    times: int = 1
    status: int = 500
    code: str | None = None
    message: str | None = None
    seconds: float = 1.0
    applied: int = field(default=0, compare=False)
    kept: bytes = field(default=b"", init=False, compare=False, repr=False)

    def hits(self, service: str | None, operation: str | None) -> bool:
        """Whether the rule is about this call."""
        if self.kind == "stale" and not str(operation).startswith(READS):
            return False
        if self.kind == "unversioned" and (service, operation) != ("s3", "PutObject"):
            return False
        return self.service in (None, service) and self.operation in (None, operation)

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise FaultError(f"kind is {self.kind!r}; allowed: {', '.join(KINDS)}")
        for name in ("skip", "times"):
            if not isinstance(getattr(self, name), int) or getattr(self, name) < 0:
                raise FaultError(f"{name} is {getattr(self, name)!r}; a count of calls is needed")
        if not isinstance(self.status, int) or not 400 <= self.status <= 599:
            raise FaultError(f"status is {self.status!r}; an error status is 400 to 599")
        if not isinstance(self.seconds, int | float) or not 0 <= self.seconds <= 600:
            raise FaultError(f"seconds is {self.seconds!r}; allowed: 0 to 600")


class Faults:
    """The rules in force, in the order they were added; the first that matches a call applies."""

    def __init__(self) -> None:
        self._rules: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, request: dict[str, Any]) -> Fault:
        """Put a rule in force."""
        allowed = sorted(set(Fault.__dataclass_fields__) - {"applied", "kept"})
        if set(request) - set(allowed) or "kind" not in request:
            raise FaultError(
                f"a fault needs kind and may have {', '.join(allowed)}; got {sorted(request)}"
            )
        rule = Fault(**request)
        if rule.kind == "stale":
            rule.kept = past.keep()
        with self._lock:
            self._rules.append(rule)
        return rule

    def clear(self) -> None:
        """Remove all rules."""
        with self._lock:
            self._rules.clear()

    def read(self) -> list[dict[str, Any]]:
        """The rules in force and how often each was applied."""
        with self._lock:
            found = [asdict(rule) for rule in self._rules]
        for rule in found:
            del rule["kept"]
        return found

    def match(self, service: str | None, operation: str | None) -> Fault | None:
        """The fault that hits this call, counted; None lets it through."""
        with self._lock:
            for rule in self._rules:
                if not rule.hits(service, operation):
                    continue
                if rule.skip > 0:
                    rule.skip -= 1
                    continue
                if rule.applied < rule.times:
                    rule.applied += 1
                    return rule
        return None


def answer(fault: Fault, service: str | None) -> tuple[int, str, str]:
    """Status, code and message of a fault that refuses the call."""
    if fault.kind == "throttle":
        # https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html (SlowDown),
        # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
        if service == "s3":
            return 503, "SlowDown", "Please reduce your request rate."
        if service == "ec2":
            return 503, "RequestLimitExceeded", "Request limit exceeded."
        return 400, "ThrottlingException", "Rate exceeded"
    if fault.kind == "expired":
        code = {"ec2": "RequestExpired", "s3": "ExpiredToken"}.get(
            service or "", "ExpiredTokenException"
        )
        return 403, code, "The security token included in the request is expired"
    return (
        fault.status,
        fault.code or ("InternalError" if service in ("ec2", "s3") else "InternalFailure"),
        fault.message or "An internal error occurred (a fault that was asked for).",
    )
