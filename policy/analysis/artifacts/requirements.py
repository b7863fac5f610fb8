"""Reads a requirements file as pip does: options, constraints, requirements, each with its line.

https://pip.pypa.io/en/stable/reference/requirements-file-format/
"""

import posixpath
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from mwaa.service.image import CONSTRAINTS_SEEN, DAGS_FOLDER, HOME, PLUGINS_FOLDER
from policy.analysis.artifacts.text import REPLACEMENT

if TYPE_CHECKING:
    from packaging.requirements import Requirement

_OPTION = re.compile(r"^(--[a-z][-a-z]*|-[a-zA-Z])[=\s]*(.*)$")
SHORT = {
    "-c": "--constraint",
    "-r": "--requirement",
    "-f": "--find-links",
    "-i": "--index-url",
    "-e": "--editable",
    "--pypi-url": "--index-url",
}
# Every option that pip takes in a file; another one ends the installation.
OPTIONS = {
    *("--index-url", "--extra-index-url", "--no-index", "--find-links", "--constraint"),
    *("--requirement", "--editable", "--no-binary", "--only-binary", "--prefer-binary"),
    *("--require-hashes", "--pre", "--trusted-host", "--use-feature", "--all-releases"),
    *("--only-final", "--global-option", "--config-settings", "--hash"),
}
# https://packaging.python.org/en/latest/specifications/dependency-specifiers/, of the image.
IMAGE_MARKERS = {
    "os_name": "posix",
    "sys_platform": "linux",
    "platform_system": "Linux",
    "platform_machine": "x86_64",
    "platform_python_implementation": "CPython",
    "implementation_name": "cpython",
    "extra": "",
}
DIRECT = ("git+", "hg+", "svn+", "bzr+", "http://", "https://", "file:", "./", "../", "/")
# Airflow's own constraints, by their address or as a copy of it.
AIRFLOWS = re.compile(r"constraints-(?P<airflow>\d[\d.]+\d)/constraints-[a-z-]*(?P<python>\d\.\d+)")
ADDRESS = re.compile(r"\b(?:https?|ftp|(?:git|hg|svn|bzr)\+[\w+]+)://[^\s\"']+")


@dataclass(frozen=True)
class Line:
    """One meaningful line: an ``option`` with its ``value``, or a ``requirement``.

    ``name`` is the canonical package name, empty for an option or a bare address. ``text`` is what
    stands in the file, ``problem`` why pip does not understand it.
    """

    number: int
    text: str
    option: str = ""
    value: str = ""
    name: str = ""
    requirement: "Requirement | None" = None
    problem: str = ""

    @property
    def is_requirement(self) -> bool:
        """Whether it asks for a package."""
        return not self.option or self.option == "--editable"

    @property
    def target(self) -> str:
        """The address or path that a package comes from instead of an index; else empty."""
        if self.requirement is not None:
            return self.requirement.url or ""
        return self.value if self.option == "--editable" else self._bare

    @property
    def _bare(self) -> str:
        is_direct = self.text.startswith(DIRECT) or re.search(r"\.(whl|zip|tar\.gz)$", self.text)
        return self.text.split()[0] if not self.option and is_direct else ""

    @property
    def addresses(self) -> list[str]:
        """Every address in the line, credentials and all."""
        return ADDRESS.findall(self.text)

    def is_for(self, python: str) -> bool:
        """Whether the image, with this minor of Python, takes the line: its marker says so."""
        marker = self.requirement.marker if self.requirement is not None else None
        if marker is None or not python:
            return True
        versions = {"python_version": python, "python_full_version": f"{python}.0"}
        return marker.evaluate({**IMAGE_MARKERS, **versions})

    @property
    def is_hashed(self) -> bool:
        """Whether it names what the file must hash to: behind it, or in its address."""
        return bool(re.search(r"\s--hash[=\s]|#sha(256|384|512)=", self.text))

    @property
    def is_pinned(self) -> bool:
        """Whether exactly one version is allowed."""
        return self.requirement is not None and any(
            one.operator in {"==", "==="} and not one.version.endswith("*")
            for one in self.requirement.specifier
        )

    @property
    def is_bounded(self) -> bool:
        """Whether new versions stop somewhere."""
        return self.requirement is not None and any(
            one.operator in {"==", "===", "<", "<=", "~="} for one in self.requirement.specifier
        )


@dataclass(frozen=True)
class RequirementsFile:
    """The lines of one file. ``names_constraints`` is the image's own idea: it looks for the
    option anywhere, also in a comment, and adds Airflow's constraints where it finds none."""

    name: str
    lines: tuple[Line, ...]
    names_constraints: bool

    def values(self, option: str) -> list[str]:
        """The values of every ``option`` (long spelling)."""
        return [line.value for line in self.lines if line.option == option]

    def has(self, option: str) -> bool:
        """Whether ``option`` stands in the file."""
        return any(line.option == option for line in self.lines)

    @property
    def requirements(self) -> tuple[Line, ...]:
        """The lines that ask for a package."""
        return tuple(line for line in self.lines if line.is_requirement)


@dataclass(frozen=True)
class Place:
    """Where the containers find a file that a line names.

    ``room`` is ``plugins`` (plugins.zip, unpacked), ``dags`` (below the DAG folder), ``address``
    (fetched), ``image`` (the image brings it), ``beside`` (relative to the requirements file,
    where MWAA puts nothing else) or ``elsewhere`` (only a startup script can put it there).
    """

    room: str
    path: str


def place(value: str) -> Place:
    """The place of a path or address as a line names it."""
    if re.match(r"^[a-z][a-z0-9+.-]*://", value) and not value.startswith("file://"):
        return Place("address", value)
    path = re.sub(r"^\$\{AIRFLOW_HOME\}/", HOME, value.removeprefix("file://"))
    path = posixpath.normpath(path) if path.startswith("/") else path
    for folder, room in ((PLUGINS_FOLDER, "plugins"), (DAGS_FOLDER, "dags")):
        if path == folder or path.startswith(folder + "/"):
            return Place(room, path[len(folder) + 1 :])
    if path.startswith("/dev/"):
        return Place("image", path)
    return Place("elsewhere" if path.startswith(("/", "$", "~")) else "beside", path)


@lru_cache(maxsize=64)
def parse(text: str, name: str = "requirements.txt") -> RequirementsFile:
    """The lines of ``text``; one that pip would not understand says so in ``problem``."""
    # The image reads the file as it is; pip joins lines that end with a backslash.
    seen = any(re.search(CONSTRAINTS_SEEN, line) for line in text.splitlines())
    return RequirementsFile(name, tuple(_lines(text.removeprefix("\ufeff"))), seen)


def _lines(text: str) -> Iterator[Line]:
    joined, start = "", 0
    for number, raw in enumerate([*text.splitlines(), ""], 1):
        start = start or number
        if raw.rstrip().endswith("\\") and not raw.lstrip().startswith("#"):
            joined += raw.rstrip()[:-1] + " "
            continue
        content = re.sub(r"(^|\s+)#.*$", "", joined + raw).strip()
        if content:
            yield _line(start, content)
        joined, start = "", 0


def _line(number: int, content: str) -> Line:
    if REPLACEMENT in content:
        return Line(number, content, problem="not UTF-8 text: save the file as UTF-8")
    option = _OPTION.match(content)
    if option:
        return _option(number, content, option[1], option[2].strip())
    if content.startswith(DIRECT):
        return Line(number, content)
    # Takes longer to import than most files to read.
    from packaging.requirements import InvalidRequirement, Requirement
    from packaging.utils import canonicalize_name

    # Hashes and other options of one requirement follow it.
    wanted = re.split(r"\s--", content, maxsplit=1)[0]
    try:
        requirement = Requirement(wanted)
    except InvalidRequirement as error:
        if re.fullmatch(r"\S+\.(whl|zip|tar\.gz)", wanted):
            return Line(number, content)
        return Line(number, content, problem=str(error).splitlines()[0])
    return Line(number, content, name=canonicalize_name(requirement.name), requirement=requirement)


def _option(number: int, content: str, name: str, rest: str) -> Line:
    option = SHORT.get(name, name)
    try:
        words = shlex.split(rest)
    except ValueError as error:
        return Line(number, content, option, problem=str(error))
    problem = "" if option in OPTIONS else f"pip knows no option {name} in a requirements file"
    return Line(number, content, option, words[0] if words else "", problem=problem)
