"""Words of messages: counted things, and what was probably meant by a name that nothing has."""

from collections.abc import Iterable
from difflib import get_close_matches

_SIMILARITY = 0.6


def nearest(word: str, known: Iterable[str], most: int = 1) -> str:
    """The known names that are near, with "or" between them; empty where none is near."""
    by_lower = {candidate.lower(): candidate for candidate in known}
    matches = get_close_matches(word.lower(), by_lower, n=most, cutoff=_SIMILARITY)
    return " or ".join(by_lower[match] for match in matches)


def suggestion(word: str, known: Iterable[str]) -> str:
    """`` (did you mean X?)`` to put behind a name that nothing has; empty where none is near."""
    near = nearest(word, known)
    return f" (did you mean {near}?)" if near else ""


def counted(number: int, noun: str) -> str:
    """``1 rule``, ``2 rules``, ``1,000 rules``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
