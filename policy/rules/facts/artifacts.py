"""What is delivered into an environment, as several rules read it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mwaa.model.platform import Maybe, ObjectVersion, Platform
from policy.rules.facts.endpoints import needs_endpoints
from policy.rules.facts.resources import bucket
from policy.rules.rule import require, undecided

URL = re.compile(r"\b(?:https?|git\+\w+)://[^\s\"']+")


def artifact(platform: Platform, path: Maybe[str | None], what: str) -> ObjectVersion | None:
    """The object at a path of the bucket; None where the environment has none."""
    key = require(path, f"the path of the {what}")
    if key is None:
        return None
    objects = require(bucket(platform).objects, "the objects of the bucket")
    found = next((item for item in objects if item.key == key), None)
    return found if found else undecided(f"{key} is not part of what was read")


@dataclass(frozen=True)
class Requirements:
    """A requirements file: ``options`` are lines with a dash, ``packages`` the others."""

    options: tuple[str, ...]
    packages: tuple[str, ...]


def requirements(platform: Platform) -> Requirements | None:
    """The parsed requirements; None where the environment has none."""
    found = artifact(platform, platform.environment.requirements_s3_path, "requirements")
    if found is None:
        return None
    lines = list(_lines(require(found.text, f"the content of {found.key}")))
    options = tuple(line for line in lines if line.startswith("-"))
    return Requirements(options, tuple(line for line in lines if not line.startswith("-")))


def _lines(text: str) -> Iterator[str]:
    for line in text.replace("\\\n", " ").splitlines():
        bare = re.split(r"(?:^|\s)#", line, maxsplit=1)[0].strip()
        if bare:
            yield bare


def script(platform: Platform) -> str | None:
    """The startup script; None where the environment has none."""
    path = platform.environment.startup_script_s3_path
    found = artifact(platform, path, "startup script")
    return None if found is None else require(found.text, f"the content of {found.key}")


def is_offline(platform: Platform) -> bool:
    """Whether some component cannot reach the internet: the private web server never can."""
    mode = require(platform.environment.webserver_access_mode, "the access mode")
    return mode == "PRIVATE_ONLY" or needs_endpoints(platform)


def urls(text: str) -> list[str]:
    """The addresses in a text, without credentials."""
    return [without_credentials(url) for url in URL.findall(text)]


def without_credentials(text: str) -> str:
    """A text whose addresses name no user and no password: findings end in logs."""
    return re.sub(r"//[^/@\s]*@", "//", text)
