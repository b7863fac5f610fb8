"""plugins.zip, the same bytes for the same files on every machine.

Times, owners, order and compression would differ; so times are the zip format's first day, members
are sorted, and nothing is compressed (zlib's output changes between versions, wheels are compressed
already).
"""

import zipfile
from collections.abc import Mapping
from pathlib import Path

from ops.errors import RefusedError

FIRST_DAY = (1980, 1, 1, 0, 0, 0)
IGNORED = {"__pycache__", ".git", ".DS_Store", ".venv", ".mypy_cache", ".ruff_cache"}


def collect(folder: Path) -> dict[str, Path]:
    """Member name -> file, of everything in ``folder`` that belongs into plugins.zip."""
    if not folder.is_dir():
        raise RefusedError(f"{folder} is not a folder: give the folder that holds the plugins")
    return {
        path.relative_to(folder).as_posix(): path
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and not IGNORED.intersection(path.relative_to(folder).parts)
        and path.suffix not in {".pyc", ".pyo"}
    }


def write(target: Path, members: Mapping[str, Path | bytes]) -> None:
    """Write ``members`` to ``target``, at once: a reader sees the old file or the new one."""
    part = target.with_name(target.name + ".part")
    with zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(members):
            content = members[name]
            member = zipfile.ZipInfo(name, FIRST_DAY)
            member.create_system = 3  # Unix, whatever machine this is
            runs = isinstance(content, Path) and content.stat().st_mode & 0o100
            member.external_attr = (0o100755 if runs else 0o100644) << 16
            archive.writestr(member, content.read_bytes() if isinstance(content, Path) else content)
    part.replace(target)
