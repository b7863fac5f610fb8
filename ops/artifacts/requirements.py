"""A requirements file on this machine, and what of it binds a resolution here.

The file is parsed by ``policy/analysis/artifacts/requirements.py``; here its paths, which are those
of MWAA's containers, become files of the project.
"""

from collections.abc import Iterator
from pathlib import Path

from ops.artifacts.image import Image
from ops.errors import RefusedError
from policy.analysis.artifacts.requirements import Line, RequirementsFile, parse, place
from policy.analysis.artifacts.text import decoded


def read(path: Path) -> RequirementsFile:
    """Parse ``path``. Raises ``RefusedError`` naming the line that pip would not understand."""
    if not path.is_file():
        raise RefusedError(f"{path} is not a file: give the requirements.txt")
    file = parse(decoded(path.read_bytes()), str(path))
    for line in file.lines:
        if line.problem:
            raise RefusedError(
                f"{path}:{line.number}: {line.text!r} is no requirement: {line.problem}"
            )
    return file


def with_included(file: RequirementsFile, source: Path) -> list[RequirementsFile]:
    """``file`` and the files that it includes and that are there, each once."""
    files, seen = [file], set[str]()
    for one in files:  # grows while it is read
        for value in one.values("--requirement"):
            path = local_path(value, source)
            if path is not None and path.is_file() and value not in seen:
                seen.add(value)
                files.append(parse(decoded(path.read_bytes()), value))
    return files


def wanted(file: RequirementsFile, source: Path) -> Iterator[Line]:
    """The lines that ask for a package, in the file and in those that it includes."""
    for one in with_included(file, source):
        yield from one.requirements


def local_path(value: str, source: Path) -> Path | None:
    """The file that a path inside MWAA's containers means in the project; None for an address and
    for what is in the image."""
    where = place(value)
    if where.room in ("plugins", "dags"):
        return source / where.room / where.path
    if where.room == "beside":
        return source / where.path
    return Path(where.path) if where.room == "elsewhere" else None


def constraints(file: RequirementsFile, source: Path, *, strict: bool = True) -> list[str]:
    """The constraints of ``file`` as this machine can read them: paths or addresses.

    Raises ``RefusedError`` for one that is not there, unless not ``strict``.
    """
    found: list[str] = []
    for one in with_included(file, source):
        for value in one.values("--constraint"):
            path = local_path(value, source)
            if path is None:
                found += [value] if place(value).room == "address" else []
            elif path.is_file():
                found.append(str(path))
            elif strict:
                raise RefusedError(
                    f"{file.name}: the constraint {value} is not there (looked for {path}): add "
                    "it, since pip on MWAA stops without it"
                )
    return found


def limits(
    file: RequirementsFile | None, source: Path, image: Image, work: Path, *, strict: bool = True
) -> list[str]:
    """The constraints that bind pip in the image, as options of uv: its essential pins, those of
    the file, and where it names none, all packages of the image."""
    essential = work / "essential.txt"
    essential.write_text(image.essential())
    options = ["--constraint", str(essential)]
    if file is not None:
        for path in constraints(file, source, strict=strict):
            options += ["--constraint", path]
        if not file.names_constraints:
            options += ["--constraint", str(image.constraints())]
    return options
