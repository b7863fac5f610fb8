"""What looks like a credential: in an option, a script, a requirement or a DAG.

Formats as their issuers publish them, read 2026-11-27: AWS
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html, GitHub
https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github,
Slack https://api.slack.com/authentication/token-types, GitLab
https://docs.gitlab.com/security/tokens/, PyPI https://pypi.org/help/#apitoken, JSON web tokens
https://www.rfc-editor.org/rfc/rfc7519, .netrc
https://www.gnu.org/software/inetutils/manual/html_node/The-_002enetrc-file.html.
"""

import json
import re
from collections.abc import Iterator
from typing import Any, Final

_VALUES: Final = {
    "an AWS access key": re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"),
    "a private key": re.compile(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----"),
    "a GitHub token": re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_\w{50,})\b"),
    "a GitLab token": re.compile(r"\bglpat-[\w-]{10,}"),
    "a Slack token": re.compile(r"\bxox[abeoprs]-[A-Za-z0-9-]{10,}\b"),
    "a JSON web token": re.compile(r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}"),
    "a password of .netrc": re.compile(r"\blogin\s+\S+\s+password\s+[^\s$<{]{4,}"),
    "a PyPI token": re.compile(r"\bpypi-[\w-]{60,}"),
}
# A part that is filled in elsewhere ($X, {x}, <x>, %s) is no secret.
_IN_ADDRESS: Final = re.compile(r"\b[a-z][a-z0-9+.-]*://([^\s/@\"']*)@", re.IGNORECASE)
_IN_QUERY: Final = re.compile(r"[?&]([\w.-]+)=([^\s&\"'#]+)")
_FILLED: Final = re.compile(r"[$%{}<>]|^[*x]+$|^(?:user(?:name)?|pass(?:word)?)$", re.IGNORECASE)
_NAME: Final = re.compile(
    r"(?:^|_|-)(?:password|passwd|passphrase|secret|secret_?key|api_?key|access_?key|private_?key|"
    r"auth_?token|token|credentials?)$",
    re.IGNORECASE,
)
# Code also names its secrets of Kubernetes, its tokens of paging and the like.
_NAME_IN_CODE: Final = re.compile(
    r"(?:password|passwd|passphrase|secret_?(?:access_?)?key|client_?secret|api_?key|"
    r"(?:auth|access|bearer)_?token|private_?key)$",
    re.IGNORECASE,
)
_PLACEHOLDER: Final = re.compile(
    r"^(?:x+|\*+|<.*>|.*\{.*\}.*|.*\$.*|.*example.*|change_?me|test|none|null|true|false|\d+|"
    r"(?:arn|https?|s3):.*|/.*)$",
    re.IGNORECASE,
)
_SHORTEST: Final = 6


def credential(text: str) -> str:
    """What credential stands in ``text``, as ``a GitHub token``; empty for none. Never the value.

    An address counts with a password, and with a lone user name that no person chose.
    """
    for what, pattern in _VALUES.items():
        if pattern.search(text):
            return what
    for found in _IN_ADDRESS.finditer(text):
        user, colon, password = found[1].partition(":")
        if colon and len(password) >= 4 and not _FILLED.search(password):
            return "a password in a URL"
        if not colon and len(user) >= 16 and not _FILLED.search(user):
            return "a token in a URL"
    for found in _IN_QUERY.finditer(text):
        if _NAME_IN_CODE.search(found[1]) and _is_chosen(found[2]):
            return f"{found[1]} in a URL"
    return ""


_ASSIGNED: Final = re.compile(
    r"""(?P<name>\b[\w.-]*(?:password|passwd|passphrase|secret|api_?key|access_?key|private_?key"""
    r"""|token|credentials?)["']?\s*[=:]\s*["']?)(?P<value>[^\s"',;&]{4,})""",
    re.IGNORECASE,
)
_BEARER: Final = re.compile(r"\b(?P<name>(?:Bearer|Basic)\s+)(?P<value>[\w.~+/=-]{8,})")
MASK: Final = "***"


def masked(text: str) -> str:
    """``text`` with everything in it masked that looks like a credential, in whatever place."""
    for pattern in _VALUES.values():
        text = pattern.sub(MASK, text)
    text = _IN_ADDRESS.sub(
        lambda found: found[0].replace(found[1], MASK) if found[1] else found[0], text
    )
    for pattern in (_ASSIGNED, _BEARER):
        text = pattern.sub(lambda found: f"{found['name']}{MASK}", text)
    return text


def is_secret_name(name: str) -> bool:
    """Whether a setting of this name holds a credential."""
    return bool(_NAME.search(name))


def named_credential(name: str, value: str) -> str:
    """What credential ``value`` is, given its name in code; placeholders, references are none."""
    if _NAME_IN_CODE.search(name) and _is_chosen(value):
        return f"a secret in {name}"
    return credential(value)


def _is_chosen(value: str) -> bool:
    return len(value) >= _SHORTEST and not _PLACEHOLDER.match(value)


def in_json(text: str) -> str:
    """What credential stands anywhere in a JSON value; empty for none, or if it is no JSON."""
    try:
        parsed: Any = json.loads(text)
    except ValueError:
        return ""
    return next(_inside(parsed), "")


def _inside(value: Any, name: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _inside(inner, str(key))
    elif isinstance(value, list):
        for inner in value:
            yield from _inside(inner, name)
    elif isinstance(value, str):
        if is_secret_name(name) and _is_chosen(value):
            yield f"a secret in {name}"
        elif what := credential(value):
            yield what
