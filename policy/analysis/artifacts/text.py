"""Text of delivered files, as the image decodes it."""

import codecs
import io
import re
import tokenize

SETTINGS = (
    *(".cfg", ".conf", ".env", ".ini", ".json", ".properties", ".toml", ".yaml", ".yml"),
    *(".tfvars", ".sh"),
)
"""Files of names and values."""
TEXTS = (*SETTINGS, ".py", ".txt", ".in", ".sql", ".pem", ".key", ".netrc", ".pgpass")
"""What is read of delivered files: searched for credentials, the Python among them as DAGs."""

# The image reads requirements as pip does, by the mark at their beginning; else as UTF-8.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UNDECODED = re.compile("[\udc80-\udcff]")
REPLACEMENT = "\ufffd"
"""Stands where bytes are no text."""


def decoded(content: bytes, name: str = "") -> str:
    """The text of ``content``; of a Python file ``name`` as Python reads it, see
    ``is_undecoded``."""
    if name.endswith(".py"):
        return content.decode(_declared(content), "surrogateescape")
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content[len(mark) :].decode(encoding, "replace")
    return content.decode("utf-8", "replace")


def is_undecoded(text: str) -> bool:
    """Whether a Python file's ``text`` holds bytes that are no text in the file's encoding."""
    return bool(_UNDECODED.search(text))


def _declared(content: bytes) -> str:
    """The encoding of a Python file: what its first lines declare, else UTF-8."""
    try:
        return tokenize.detect_encoding(io.BytesIO(content).readline)[0]
    except SyntaxError:
        return "utf-8"
