"""Times as a person gives them: an age (``15m``, ``3h``, ``2d``) or a time of ISO 8601 in UTC."""

import re
from datetime import UTC, datetime

from ops.errors import RefusedError

_AGE = re.compile(r"(\d{1,6})([smhdw])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}


def moment(option: str, text: str, now: float) -> float:
    """The time in seconds that ``text`` names; ``RefusedError`` with what is allowed otherwise."""
    if age := _AGE.fullmatch(text.strip()):
        return now - int(age[1]) * _SECONDS[age[2]]
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise RefusedError(
            f"{option} {text}: give an age such as 15m, 3h or 2d, or a time in UTC such as "
            "2026-11-27T09:30"
        ) from None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
