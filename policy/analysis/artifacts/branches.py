"""What the conditions of a script come to on the web server: PASS where they hold, FAIL where not.

Scripts branch on ``$MWAA_AIRFLOW_COMPONENT``, as the guide shows:
https://docs.aws.amazon.com/mwaa/latest/userguide/using-startup-script.html (read 2026-11-27).
"""

import re
import shlex
from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from policy.analysis.verdict import FAIL, PASS, UNSURE, Verdict, every, of, some

if TYPE_CHECKING:
    from tree_sitter import Node

VARIABLE = "MWAA_AIRFLOW_COMPONENT"
WEBSERVER = "webserver"
_NAMED = re.compile(r"\$(?:\{(\w+)(?:,,|:?-[^}]*)?\}|(\w+))")
_BRACKETS = re.compile(r"^(?:\[\[|\[|test\b)|(?:\]\]|\])$")
_OR, _AND = ("||", "-o"), ("&&", "-a")
_COMPARED = ("=", "==", "!=", "=~")


def truth(node: "Node", text: Callable[["Node"], str], variables: Mapping[str, str]) -> Verdict:
    """What a condition comes to; ``variables`` are those of the script whose value is known."""
    parts = [child for child in node.children if child.is_named]
    if node.type == "negated_command" and parts:
        return ~truth(parts[-1], text, variables)
    if node.type == "list" and len(parts) == 2:
        join = every if node.children[1].type == "&&" else some
        return join(truth(part, text, variables) for part in parts)
    words = text(node).strip()
    if words in ("true", ":", "false"):
        return FAIL if words == "false" else PASS
    if node.type == "test_command" or (node.type == "command" and words.startswith("test ")):
        return _test(on_webserver(_BRACKETS.sub("", words), variables))
    return UNSURE


def matches(pattern: str, value: str) -> Verdict:
    """Whether a branch of ``case`` is taken for ``value``, as it is on the web server."""
    if "$" in value or "$" in pattern:
        return UNSURE
    return of(fnmatchcase(value, pattern.strip("\"'")))


def on_webserver(text: str, variables: Mapping[str, str]) -> str:
    """``text`` with the variables that are known, the component among them."""

    def value(found: re.Match[str]) -> str:
        name = found[1] or found[2]
        known = WEBSERVER if name == VARIABLE else variables.get(name)
        if known in (f"${{{VARIABLE}}}", f"${VARIABLE}"):
            return WEBSERVER
        return known if known is not None else found[0]

    return _NAMED.sub(value, text)


def _test(text: str) -> Verdict:
    try:
        words = shlex.split(text)
    except ValueError:
        return UNSURE
    return _any(words) if words else UNSURE


def _any(words: list[str]) -> Verdict:
    """Takes ``words`` up to their end or a closing bracket."""
    found = _all(words)
    while words and words[0] in _OR:
        words.pop(0)
        found = some((found, _all(words)))
    return found


def _all(words: list[str]) -> Verdict:
    found = _one(words)
    while words and words[0] in _AND:
        words.pop(0)
        found = every((found, _one(words)))
    return found


def _one(words: list[str]) -> Verdict:
    if words and words[0] == "!":
        words.pop(0)
        return ~_one(words)
    if words and words[0] == "(":
        words.pop(0)
        found = _any(words)
        del words[:1]
        return found
    taken: list[str] = []
    while words and words[0] not in (*_OR, *_AND, ")"):
        taken.append(words.pop(0))
    if len(taken) != 3 or taken[1] not in _COMPARED or "$" in taken[0]:
        return UNSURE
    left, operator, right = taken
    if operator == "=~":
        try:
            return of(re.search(right, left) is not None)
        except re.error:
            return UNSURE
    if "$" in right:
        return UNSURE
    return of(fnmatchcase(left, right) is (operator != "!="))
