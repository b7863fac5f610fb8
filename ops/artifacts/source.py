"""What a folder of sources holds: the one convention of sync, build and preflight.

A source folder holds ``dags/``, ``plugins/`` or ``plugins.zip``, ``requirements.txt`` and
``startup.sh``. A folder that is called ``dags``, or that holds none of these, is one of DAGs.
"""

from pathlib import Path

from mwaa.service.artifacts import KEYS
from ops.errors import RefusedError

DAGS = "dags"
PLUGINS = "plugins"
PARTS = (PLUGINS, *KEYS.values())


def require_folder(folder: Path) -> None:
    """Raises ``RefusedError`` unless ``folder`` is one."""
    if not folder.is_dir():
        what = "a file" if folder.is_file() else "not there"
        raise RefusedError(
            f"{folder} is {what}: give the folder that holds {DAGS}/, {PLUGINS}/ and "
            f"{KEYS['requirements']}, or the one of the DAGs, as in `mwaa sync examples`"
        )


def dags_of(folder: Path) -> Path | None:
    """The DAGs of a source folder, or the folder itself where it is one of DAGs."""
    if folder.resolve().name == DAGS:
        return folder
    if (folder / DAGS).is_dir():
        return folder / DAGS
    return None if any((folder / part).exists() for part in PARTS) else folder
