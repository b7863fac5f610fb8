"""Reads an archive of plugins: the names in it, and its small texts."""

import zipfile
import zlib
from dataclasses import dataclass, field, replace
from typing import IO

from mwaa.model.resources import ObjectVersion
from mwaa.model.unknown import Maybe, known
from policy.analysis.artifacts.text import TEXTS, decoded

MOST_TEXT_BYTES = 1_000_000
MOST_TEXTS = 500


@dataclass(frozen=True)
class Archive:
    """The ``members`` (folders left out), the ``texts`` among them, and all their bytes."""

    members: tuple[str, ...]
    texts: dict[str, str] = field(default_factory=dict)
    unpacked: int = 0


def read_archive(file: IO[bytes], *, whole: bool = True) -> Archive | None:
    """The archive in ``file``; None when it cannot be unpacked. ``whole`` also tests every byte."""
    try:
        with zipfile.ZipFile(file) as archive:
            if whole and archive.testzip():
                return None
            entries = [one for one in archive.infolist() if not one.is_dir()]
            small = (one for one in entries if one.file_size <= MOST_TEXT_BYTES)
            chosen = [one for one in small if one.filename.endswith(TEXTS)][:MOST_TEXTS]
            texts = {one.filename: decoded(archive.read(one), one.filename) for one in chosen}
            sizes = sum(one.file_size for one in entries)
    except (zipfile.BadZipFile, zlib.error, OSError, RuntimeError, EOFError):
        return None
    return Archive(tuple(one.filename for one in entries), texts, sizes)


def with_archive(item: ObjectVersion, archive: Maybe[Archive | None]) -> ObjectVersion:
    """The object with what was read of it as an archive."""
    if not known(archive):
        return item
    if archive is None:
        return replace(item, members=None)
    return replace(item, members=archive.members, texts=archive.texts, unpacked=archive.unpacked)
