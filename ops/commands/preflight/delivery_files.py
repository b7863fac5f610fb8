"""Rules for the startup script and for the layout of plugins.zip.

Sources: https://docs.aws.amazon.com/mwaa/latest/userguide/using-startup-script.html,
https://docs.aws.amazon.com/mwaa/latest/userguide/configuring-dag-import-plugins.html
"""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from mwaa.service.image import TAKEN
from ops.artifacts.problem import Problem, Weight

# The service sets these after the script and ignores or breaks on other values.
PROTECTED = (
    {"AIRFLOW_HOME", "AWS_REGION", "AWS_DEFAULT_REGION", "PYTHONPATH", "AIRFLOW_VERSION", "PATH"}
    | {"AIRFLOW__WEBSERVER__BASE_URL", "AIRFLOW__CORE__EXECUTOR", "AIRFLOW__CELERY__BROKER_URL"}
    | {"AIRFLOW__CORE__FERNET_KEY", "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"}
)
_EXPORT = re.compile(r"^\s*export\s+([A-Za-z_][A-Za-z0-9_]*)=(.*)$")
_FETCH = re.compile(r"\b(?:curl|wget|pip3?\s+install|yum\s+install|dnf\s+install|git\s+clone)\b")
_LOCAL = re.compile(r"/usr/local/airflow|--no-index|localhost|127\.0\.0\.1|169\.254\.")
MINUTES = 5
MAX_BYTES = 1024 * 1024 * 1024


def inspect_startup(path: Path, *, private: bool) -> Iterator[Problem]:
    """Problems of a startup script."""
    text = path.read_bytes().decode("utf-8", "replace")
    if "\r\n" in text:
        yield _startup(path, 0, "Windows line ends: bash on Linux does not run it; save with LF")
    first = text.splitlines()[0] if text else ""
    if first.startswith("#!") and not re.search(r"\b(?:ba)?sh\b", first):
        yield _startup(path, 1, f"{first}: the service runs the script with bash")
    for number, line in enumerate(text.splitlines(), 1):
        code = line.split("#", 1)[0]
        set_name = _EXPORT.match(code)
        if set_name and set_name[1] == "PATH" and "$PATH" in set_name[2].replace("{", ""):
            set_name = None  # extending PATH is fine
        if set_name and (set_name[1] in PROTECTED or set_name[1].startswith("MWAA__")):
            yield _startup(path, number, f"{set_name[1]} belongs to the service: it is overwritten")
        if private and _FETCH.search(code) and not _LOCAL.search(code):
            yield _startup(
                path,
                number,
                "fetches from the network, which a private environment has not: the script hangs "
                f"and is stopped after {MINUTES} minutes. Bring the file in plugins.zip",
            )
        if re.match(r"^\s*exit\s+[1-9]", code):
            yield Problem(
                "startup-exit",
                Weight.WARNING,
                str(path),
                number,
                "an exit code other than 0 stops the container: be sure that is meant",
            )


def _startup(path: Path, line: int, message: str) -> Problem:
    return Problem("startup-script", Weight.ERROR, str(path), line, message)


def inspect_plugins(path: Path) -> Iterator[Problem]:
    """Problems of a plugins.zip."""
    try:
        with zipfile.ZipFile(path) as archive:
            damaged = archive.testzip()
            names = [name for name in archive.namelist() if not name.endswith("/")]
            size = sum(member.file_size for member in archive.infolist())
    except (zipfile.BadZipFile, OSError) as error:
        yield _plugins(path, f"not a zip archive: {error}")
        return
    if damaged:
        yield _plugins(path, f"the member {damaged} is damaged; build it again")
    if size > MAX_BYTES:
        yield _plugins(path, f"unpacks to {size} bytes; over 1 GiB the containers start too slowly")
    for name in names:
        if name.startswith(("/", "\\")) or ".." in Path(name).parts:
            yield _plugins(path, f"the member {name} leaves the plugins folder")
    tops = {name.split("/")[0] for name in names}
    if tops == {"plugins"}:
        yield _plugins(
            path,
            "everything lies in a folder plugins/: zip the contents, not the folder (MWAA unpacks "
            "into plugins/ itself, and finds nothing one level below)",
        )
    for top in sorted(tops):
        if top.removesuffix(".py") in TAKEN and (
            top.endswith(".py") or f"{top}/__init__.py" in names
        ):
            yield _plugins(path, f"the module {top} hides Python's or Airflow's own; rename it")


def _plugins(path: Path, message: str) -> Problem:
    return Problem("plugins-layout", Weight.ERROR, str(path), 0, message)
