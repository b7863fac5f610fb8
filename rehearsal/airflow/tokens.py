"""Tokens for the web server: the service signs them, the door of the environment reads them.

They need no memory on either side, and end after a minute as MWAA's do.
"""

from __future__ import annotations

import hmac
import json
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import asdict, dataclass

TOKEN_SECONDS = 60
ROLES = ("Admin", "Op", "User", "Viewer", "Public")


@dataclass(frozen=True)
class Token:
    """Who comes in, and for what: ``kind`` is ``web``, ``cli`` or ``rest``."""

    kind: str
    role: str
    name: str


def sign(token: Token, secret: str, now: float | None = None) -> str:
    """The token as text."""
    ends = (time.time() if now is None else now) + TOKEN_SECONDS
    said = json.dumps({**asdict(token), "ends": ends}).encode()
    body = urlsafe_b64encode(said).decode().rstrip("=")
    return f"{body}.{_seal(body, secret)}"


def read(text: str, kind: str, secret: str, now: float | None = None) -> Token | None:
    """The token, None where it is forged, over, or for something else."""
    body, _, seal = text.partition(".")
    if not hmac.compare_digest(seal.encode(), _seal(body, secret).encode()):
        return None
    said = json.loads(urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    if said.pop("ends") < (time.time() if now is None else now) or said["kind"] != kind:
        return None
    return Token(**said)


def _seal(body: str, secret: str) -> str:
    return hmac.new(secret.encode(), body.encode(), "sha256").hexdigest()
