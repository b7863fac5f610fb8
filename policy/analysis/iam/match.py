"""Wildcards, ARNs, actions and policy variables of the IAM policy language.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
"""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

from mwaa.model.platform import UNKNOWN, Maybe, known

_PARTS = 6
_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_DEFAULT = re.compile(r"\s*(?P<key>[^,\s]+)\s*(?:,\s*'(?P<default>[^']*)'\s*)?")
# ``${*}``, ``${?}`` and ``${$}`` are the characters themselves: they are kept out of the way of
# the wildcards as private-use characters until the pattern is compiled.
_LITERAL = {"*": "\ue000", "?": "\ue001", "$": "\ue002"}
_FROM_LITERAL = {mark: char for char, mark in _LITERAL.items()}

Values = Maybe[str | tuple[str, ...] | None]
"""What a request has for a context key: one text, or several where the key is made for several;
None when the request has no such key."""


@lru_cache(maxsize=16384)
def _compiled(pattern: str, ignore_case: bool) -> re.Pattern[str]:
    text = "".join(
        ".*" if c == "*" else "." if c == "?" else re.escape(_FROM_LITERAL.get(c, c))
        for c in pattern
    )
    return re.compile(text, re.DOTALL | (re.IGNORECASE if ignore_case else 0))


def matches(pattern: str, text: str, *, ignore_case: bool = False) -> bool:
    """``*`` stands for any number of characters, ``?`` for one."""
    return _compiled(pattern, ignore_case).fullmatch(text) is not None


def literal(pattern: str) -> str:
    """The text that a pattern stands for where wildcards have no meaning."""
    return "".join(_FROM_LITERAL.get(c, c) for c in pattern)


@lru_cache(maxsize=16384)
def matches_action(pattern: str, action: str) -> bool:
    """Actions are compared without regard to case."""
    return matches(pattern, action, ignore_case=True)


@lru_cache(maxsize=16384)
def matches_arn(pattern: str, arn: str) -> bool:
    """ARNs are compared part by part, so a wildcard does not reach over a colon.

    The last part takes the rest, colons included. A pattern of fewer parts that ends in a
    wildcard has wildcards in all the parts it lacks.
    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
    """
    if pattern == "*":
        return True
    wanted = pattern.split(":", _PARTS - 1)
    found = arn.split(":", _PARTS - 1)
    if len(wanted) < _PARTS and wanted[-1].endswith("*"):
        wanted += ["*"] * (_PARTS - len(wanted))
    if len(wanted) != len(found):
        return False
    return all(matches(w, f) for w, f in zip(wanted, found, strict=True))


def expand(pattern: str, lookup: Callable[[str], Values]) -> Maybe[str | None]:
    """``pattern`` with its policy variables replaced; None when a variable has no value.

    A key of several values cannot stand in a variable: not even its default does.
    """
    missing = False
    unknown = False

    def replacement(match: re.Match[str]) -> str:
        nonlocal missing, unknown
        name = match[1]
        if name in _LITERAL:
            return _LITERAL[name]
        parsed = _DEFAULT.fullmatch(name)
        if parsed is None:
            missing = True
            return ""
        values = lookup(parsed["key"])
        if not known(values):
            unknown = True
            return ""
        if isinstance(values, str):
            # Wildcards in a value are characters, not wildcards.
            return "".join(_LITERAL.get(c, c) for c in values)
        if parsed["default"] is None or values:
            missing = True
        return parsed["default"] or ""

    text = _VARIABLE.sub(replacement, pattern)
    if missing:
        return None
    return UNKNOWN if unknown else text


def strings(value: object) -> Maybe[tuple[Maybe[str], ...]]:
    """A policy element that is one string or a list of them. Booleans and numbers become text."""
    if not known(value):
        return UNKNOWN
    if isinstance(value, str | int | float):
        return (_text(value),)
    # A list is told quickly; what else can be iterated is asked of an abstract class.
    if isinstance(value, list) or (isinstance(value, Iterable) and not isinstance(value, Mapping)):
        return tuple([v if isinstance(v, str) or not known(v) else _text(v) for v in value])
    return ()


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
