"""Reads the files that a plan uploads, as far as they are on this machine and small."""

import base64
import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mwaa.model.platform import UNKNOWN, Maybe
from policy.analysis.artifacts.archive import Archive, read_archive
from policy.analysis.artifacts.text import decoded
from policy.plan.resources import Resource

MOST_BYTES = 1_000_000


def text(part: Resource) -> Maybe[str]:
    """The text of an object; ``UNKNOWN`` for archives and for what cannot be read here."""
    content, key = part.get("content"), part.get("key")
    if isinstance(content, str):
        return content
    name = key if isinstance(key, str) else ""
    inline = _inline(part)
    if inline is not None and not zipfile.is_zipfile(io.BytesIO(inline)):
        return decoded(inline, name)
    source = part.get("source")
    if isinstance(source, Mapping) and isinstance(source.get("text"), str):
        return str(source["text"])
    path = _path(source)
    if path is None or path.suffix == ".zip":
        return UNKNOWN
    try:
        return decoded(path.read_bytes(), name) if path.stat().st_size <= MOST_BYTES else UNKNOWN
    except OSError:
        return UNKNOWN


def archive(part: Resource) -> Maybe[Archive | None]:
    """The archive that is uploaded, None where it is none; ``UNKNOWN`` for everything else."""
    inline, path = _inline(part), _path(part.get("source"))
    if inline is not None:
        return (
            read_archive(io.BytesIO(inline)) if zipfile.is_zipfile(io.BytesIO(inline)) else UNKNOWN
        )
    if path is None or path.suffix != ".zip":
        return UNKNOWN
    try:
        with path.open("rb") as file:
            return read_archive(file)
    except OSError:
        return UNKNOWN


def _inline(part: Resource) -> bytes | None:
    content = part.get("contentBase64")
    return base64.b64decode(content) if isinstance(content, str) else None


def _path(source: Any) -> Path | None:
    # A relative path counts from the program's folder, which an analyzer does not know.
    if isinstance(source, Mapping) and isinstance(source.get("path"), str):
        path = Path(source["path"])
        return path if path.is_absolute() and path.is_file() else None
    return None
