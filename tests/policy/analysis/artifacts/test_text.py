"""Texts of delivered files: as pip reads requirements, and as Python reads its sources."""

import pytest

from policy.analysis.artifacts.dags import look
from policy.analysis.artifacts.text import REPLACEMENT, decoded, is_undecoded

STRANGE = "bytes in no encoding that the file declares"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_the_mark_of_other_files_tells_their_encoding(encoding: str) -> None:
    assert decoded("é==1\n".encode(encoding), "requirements.txt") == "é==1\n"


def test_bytes_that_are_no_text_leave_a_mark() -> None:
    assert decoded(b"a\xe9") == f"a{REPLACEMENT}"


@pytest.mark.parametrize(
    "content",
    [
        "X = 'é'\n".encode(),
        "X = 'é'\n".encode("utf-8-sig"),
        "# -*- coding: latin-1 -*-\nX = 'é'\n".encode("latin-1"),
        "#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\nX = 'é'\n".encode("cp1252"),
        # A text may hold the mark itself.
        f"X = '{REPLACEMENT}'\n".encode(),
    ],
)
def test_a_source_is_read_in_the_encoding_that_it_declares(content: bytes) -> None:
    text = decoded(content, "dags/a.py")
    assert not is_undecoded(text)
    assert look(text).syntax is None


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("X = 1\nY = 'é'\n".encode("latin-1"), 2),
        ("X = 1\n".encode("utf-16"), 1),
        ("# coding: none\nX = 'é'\n".encode("latin-1"), 2),
        ("# coding: utf-8\n\nX = 'é'\n".encode("latin-1"), 3),
    ],
)
def test_a_source_in_another_encoding_is_no_python(content: bytes, line: int) -> None:
    found = look(decoded(content, "dags/a.py")).syntax
    assert found is not None and (found.line, found.what) == (line, STRANGE)
    with pytest.raises((SyntaxError, ValueError)):
        compile(content, "a.py", "exec")
