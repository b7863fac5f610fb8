"""The local folder of DAGs: which files are delivered, and the hash of each one's content.

Content decides, never time: a checkout gives every file a new modification time.
"""

import fnmatch
import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from day2.failure import RefusedError

# Neither Airflow nor a DAG reads these, and some hold secrets (.env, .git).
IGNORED = ("__pycache__", "*.pyc", "*.pyo", ".git", ".env", ".venv", ".DS_Store", "*.swp", "*~")
# S3 keys hold at most 1024 bytes: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html
KEY_BYTES = 1024
# Every scheduler and worker downloads the whole folder; a file like this is data, not a DAG.
FILE_BYTES = 512 * 1024 * 1024


@dataclass(frozen=True)
class LocalFile:
    """One file: ``path`` relative to the folder with forward slashes, SHA-256 of its content."""

    path: str
    source: str
    sha256: str
    is_dag: bool

    def read(self) -> bytes:
        """The content now; it may have changed since it was hashed."""
        return Path(self.source).read_bytes()


def scan(folder: Path, prefix: str, ignored: tuple[str, ...] = IGNORED) -> dict[str, LocalFile]:
    """Every file under ``folder`` that belongs in the bucket under ``prefix``, by path.

    Raises ``RefusedError`` for a missing folder, a file over the limits or an impossible name.
    """
    if not folder.is_dir():
        raise RefusedError(
            f"{folder} is not a folder: give the folder that holds the DAGs, as in "
            "`mwaa sync examples/dags`"
        )
    return {file.path: file for file in _files(str(folder), "", prefix, ignored)}


def _files(folder: str, path: str, prefix: str, ignored: tuple[str, ...]) -> Iterator[LocalFile]:
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            if any(fnmatch.fnmatchcase(entry.name, pattern) for pattern in ignored):
                continue
            name = path + entry.name
            # A link to a folder may lead back to itself; a link to a file is that file.
            if entry.is_dir(follow_symlinks=False):
                yield from _files(entry.path, name + "/", prefix, ignored)
            elif entry.is_file():
                _within_limits(entry, prefix + name)
                yield _hashed(entry.path, name)


def _within_limits(entry: os.DirEntry[str], key: str) -> None:
    try:
        length = len(key.encode())
    except UnicodeEncodeError:
        raise RefusedError(f"{entry.path!r}: the name is not valid UTF-8; rename it") from None
    if length > KEY_BYTES:
        raise RefusedError(
            f"{entry.path}: its key would have {length} bytes and S3 allows {KEY_BYTES}; shorten "
            "its name or its folders"
        )
    size = entry.stat().st_size
    if size > FILE_BYTES:
        raise RefusedError(
            f"{entry.path} has {size} bytes and at most {FILE_BYTES} are delivered with DAGs, "
            "because every worker downloads the whole folder: keep data in another bucket"
        )


def _hashed(source: str, path: str) -> LocalFile:
    with open(source, "rb", buffering=0) as file:  # noqa: PTH123 - 10,000 Path objects are slow
        content = file.read()
    return LocalFile(
        path, source, hashlib.sha256(content).hexdigest(), path.endswith(".py") and _is_dag(content)
    )


def _is_dag(content: bytes) -> bool:
    """Airflow's own safe-mode rule: a DAG file mentions both words, in any case."""
    lower = content.lower()
    return b"dag" in lower and b"airflow" in lower
