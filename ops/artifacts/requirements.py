"""Reads a requirements.txt as pip does: options, constraints, requirements, each with its line.

https://pip.pypa.io/en/stable/reference/requirements-file-format/
"""

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from ops.errors import RefusedError

_OPTION = re.compile(r"^(-[-a-zA-Z]+)(?:[=\s]\s*(.*))?$")
SHORT = {"-c": "--constraint", "-r": "--requirement", "-f": "--find-links", "-i": "--index-url"}
DIRECT = ("git+", "hg+", "svn+", "bzr+", "http://", "https://", "file://", "./", "../", "/")


@dataclass(frozen=True)
class Line:
    """One meaningful line: an ``option`` with its ``value``, or a ``requirement``.

    ``name`` is the canonical package name, empty for an option or a bare URL. ``text`` is what
    stands in the file.
    """

    number: int
    text: str
    option: str = ""
    value: str = ""
    name: str = ""
    requirement: Requirement | None = None

    @property
    def is_direct(self) -> bool:
        """Whether the package comes from a URL, a repository or a path instead of an index."""
        url = self.requirement.url if self.requirement else None
        return bool(url) or (not self.option and self.text.startswith(DIRECT))

    @property
    def is_pinned(self) -> bool:
        """Whether exactly one version is allowed."""
        if self.requirement is None:
            return False
        return any(
            one.operator in {"==", "==="} and not one.version.endswith("*")
            for one in self.requirement.specifier
        )


@dataclass(frozen=True)
class RequirementsFile:
    """The lines of one file."""

    path: Path
    lines: tuple[Line, ...]

    def values(self, option: str) -> list[str]:
        """The values of every ``option`` (long spelling)."""
        return [line.value for line in self.lines if line.option == option]

    def has(self, option: str) -> bool:
        """Whether ``option`` stands in the file."""
        return any(line.option == option for line in self.lines)

    @property
    def requirements(self) -> list[Line]:
        """The lines that ask for a package."""
        return [line for line in self.lines if not line.option]

    @property
    def is_offline(self) -> bool:
        """Whether pip must use no index."""
        return self.has("--no-index")


def read(path: Path) -> RequirementsFile:
    """Parse ``path``. Raises ``RefusedError`` naming the line that pip would not understand."""
    if not path.is_file():
        raise RefusedError(f"{path} is not a file: give the requirements.txt")
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RefusedError(f"{path} is not UTF-8 text ({error}): save it as UTF-8") from None
    return RequirementsFile(path, tuple(_lines(path, text)))


def _lines(path: Path, text: str) -> list[Line]:
    lines: list[Line] = []
    joined, start = "", 0
    for number, raw in enumerate(text.splitlines(), 1):
        start = start or number
        if raw.rstrip().endswith("\\"):
            joined += raw.rstrip()[:-1] + " "
            continue
        content = re.sub(r"(^|\s)#.*$", "", joined + raw).strip()
        if content:
            lines.append(_line(path, start, content))
        joined, start = "", 0
    return lines


def _line(path: Path, number: int, content: str) -> Line:
    option = _OPTION.match(content)
    if option:
        name, value = option.group(1), (option.group(2) or "").strip()
        words = shlex.split(value)
        return Line(number, content, SHORT.get(name, name), words[0] if words else "")
    if content.startswith(DIRECT):
        return Line(number, content)
    # Hashes and other per-requirement options follow the requirement.
    wanted = re.split(r"\s--", content, maxsplit=1)[0]
    try:
        requirement = Requirement(wanted)
    except InvalidRequirement as error:
        raise RefusedError(f"{path}:{number}: {content!r} is no requirement: {error}") from None
    return Line(number, content, name=canonicalize_name(requirement.name), requirement=requirement)
