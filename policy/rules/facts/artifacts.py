"""What is delivered into an environment, as several rules read it."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from mwaa.model.platform import UNKNOWN, Maybe, ObjectVersion, Platform, known
from mwaa.service.versions import VERSIONS
from policy.analysis.artifacts import requirements as parser
from policy.analysis.artifacts import script as scanner
from policy.analysis.artifacts.dags import DagFile, look
from policy.analysis.artifacts.requirements import Line, Place, RequirementsFile, place
from policy.analysis.artifacts.shell import Script
from policy.analysis.artifacts.text import TEXTS
from policy.rules.facts.endpoints import needs_endpoints
from policy.rules.facts.resources import bucket
from policy.rules.rule import Finding, require, undecided, unknown


def artifact(platform: Platform, path: Maybe[str | None], what: str) -> ObjectVersion | None:
    """The object at a path of the bucket; None where the environment has none."""
    key = require(path, f"the path of the {what}")
    if key is None:
        return None
    objects = require(bucket(platform).objects, "the objects of the bucket")
    found = next((item for item in objects if item.key == key), None)
    return found if found else undecided(f"{key} is not part of what was read")


def plugins(platform: Platform) -> ObjectVersion | None:
    """The archive of plugins; None where the environment has none."""
    return artifact(platform, platform.environment.plugins_s3_path, "plugins")


def members(platform: Platform) -> tuple[str, ...]:
    """The names in plugins.zip; none where there is no archive, or none that can be unpacked."""
    found = plugins(platform)
    names = require(found.members, f"the names in {found.key}") if found else None
    return names or ()


@dataclass(frozen=True)
class Requirements:
    """The requirements file and those that it includes; ``unread`` are included ones whose content
    is not known, ``python`` is the minor of the image's Python, empty where it is not known."""

    files: tuple[RequirementsFile, ...]
    unread: tuple[str, ...]
    python: str = ""

    @property
    def lines(self) -> Iterator[tuple[str, Line]]:
        """Every line with the place it stands at (``requirements.txt:3``)."""
        return ((f"{file.name}:{line.number}", line) for file in self.files for line in file.lines)

    @property
    def asked(self) -> Iterator[tuple[str, Line]]:
        """The same without indexes that pip does not ask: with --no-index it asks none, wherever
        in the files that stands."""
        indexes = ("--index-url", "--extra-index-url") if self.has("--no-index") else ()
        return ((where, line) for where, line in self.lines if line.option not in indexes)

    @property
    def packages(self) -> list[tuple[str, Line]]:
        """The lines that ask for a package on the image."""
        lines = ((where, line) for where, line in self.lines if line.is_requirement)
        return [(where, line) for where, line in lines if line.is_for(self.python)]

    def values(self, option: str) -> list[str]:
        """The values of every ``option``."""
        return [value for file in self.files for value in file.values(option)]

    def has(self, option: str) -> bool:
        """Whether ``option`` stands in any of the files."""
        return any(file.has(option) for file in self.files)

    def unknowns(self) -> Iterator[Finding]:
        """What could not be read, as findings of a rule that must see every line."""
        return (unknown(f"the content of {name} is not known") for name in self.unread)


def requirements(platform: Platform) -> Requirements | None:
    """The parsed requirements; None where the environment has none."""
    found = artifact(platform, platform.environment.requirements_s3_path, "requirements")
    if found is None:
        return None
    text = require(found.text, f"the content of {found.key}")
    files = [parser.parse(text, found.key)]
    unread: list[str] = []
    seen: set[str] = set()
    for file in files:  # grows while it is read: an included file may include another
        for value in file.values("--requirement"):
            where = place(value)
            if value in seen or where.room not in ("plugins", "dags"):
                continue
            seen.add(value)
            content = text_of(platform, where)
            if not known(content):
                unread.append(value)
            elif content is not None:
                files.append(parser.parse(content, value))
    version = platform.environment.airflow_version
    image = VERSIONS.get(version or "") if known(version) else None
    return Requirements(tuple(files), tuple(unread), (image.python or "") if image else "")


def text_of(platform: Platform, where: Place) -> Maybe[str | None]:
    """The content of a delivered file; None where it is not delivered."""
    there = is_delivered(platform, where)
    if there is not True:
        return UNKNOWN if not known(there) else None
    if where.room == "plugins":
        archive = plugins(platform)
        return archive.texts.get(where.path, UNKNOWN) if archive else None
    key = f"{dags_folder(platform)}{where.path}"
    objects = require(bucket(platform).objects, "the objects of the bucket")
    return next((one.text for one in objects if one.key == key), UNKNOWN)


def is_delivered(platform: Platform, where: Place) -> Maybe[bool]:
    """Whether the containers have the file or folder that a requirements file names."""
    if where.room in ("image", "beside"):
        return where.room == "image"
    if where.room == "plugins":
        path = platform.environment.plugins_s3_path
        if not known(path) or path is None:
            return UNKNOWN if not known(path) else not where.path
        archive = plugins(platform)
        names = archive.members if archive else ()
        return names if not known(names) else _holds(names or (), where.path)
    if where.room == "dags":
        objects = bucket(platform).objects
        if not known(objects):
            return UNKNOWN
        folder = dags_folder(platform)
        if _holds([one.key.removeprefix(folder) for one in objects], where.path):
            return True
        return UNKNOWN if bucket(platform).partial else False
    return UNKNOWN


def _holds(names: Iterable[str], path: str) -> bool:
    return not path or any(n == path or n.startswith(path.rstrip("/") + "/") for n in names)


def dags_folder(platform: Platform) -> str:
    """The prefix of the DAGs in the bucket, with its slash."""
    return require(platform.environment.dag_s3_path, "the path of the DAGs").strip("/") + "/"


def sources(
    platform: Platform, judge: Callable[[str, DagFile], Iterable[Finding]]
) -> Iterator[Finding]:
    """Judge every Python file of the DAG folder and of the plugins by its name and its facts."""
    unread = 0
    for name, text in texts(platform):
        if not name.endswith(".py"):
            continue
        if not known(text):
            unread += 1
        else:
            yield from judge(name, look(text))
    if unread:
        yield unknown(f"the content of {unread} DAG files is not known")


def texts(platform: Platform) -> Iterator[tuple[str, Maybe[str]]]:
    """The text files below the DAG folder and in plugins.zip, by their names."""
    folder = dags_folder(platform)
    for one in require(bucket(platform).objects, "the objects of the bucket"):
        if one.key.startswith(folder) and one.key.endswith(TEXTS):
            yield one.key, one.text
    path = platform.environment.plugins_s3_path
    archive = plugins(platform) if known(path) and path else None
    if archive:
        yield from ((f"{archive.key}/{name}", text) for name, text in archive.texts.items())


def script(platform: Platform) -> Script | None:
    """The startup script; None where the environment has none."""
    path = platform.environment.startup_script_s3_path
    found = artifact(platform, path, "startup script")
    if found is None:
        return None
    return _with_sourced(platform, scanner.scan(require(found.text, f"the content of {found.key}")))


def _with_sourced(platform: Platform, found: Script) -> Script:
    """The script with the delivered files that it reads into its own shell; of others nothing is
    known. What they do stands at the line that reads them."""
    commands, exports = list(found.commands), {one.name: one for one in found.exports}
    for command in found.commands:
        if command.program not in ("source", ".") or not command.arguments:
            continue
        where = place(command.arguments[0])
        text = text_of(platform, where) if where.room in ("dags", "plugins") else None
        if known(text) and text is not None:
            inner = scanner.scan(text)
            commands += [
                replace(one, line=command.line, webserver=one.webserver and command.webserver)
                for one in inner.commands
            ]
            exports |= {one.name: replace(one, line=command.line) for one in inner.exports}
    return replace(found, commands=tuple(commands), exports=tuple(exports.values()))


def is_offline(platform: Platform) -> bool:
    """Whether some component cannot reach the internet: the private web server never can."""
    mode = require(platform.environment.webserver_access_mode, "the access mode")
    return mode == "PRIVATE_ONLY" or needs_endpoints(platform)


def without_credentials(text: str) -> str:
    """A text whose addresses name no user and no password: findings end in logs."""
    return re.sub(r"//[^/@\s]*@", "//", text)
