"""Which commands of a script need the internet, and where its pip looks for packages."""

import re
from collections.abc import Iterator
from dataclasses import replace
from ipaddress import ip_address
from itertools import pairwise

from policy.analysis.artifacts.shell import Command, Script

# A host that answers without the internet: the container, its metadata, AWS (by endpoints).
_NEAR = re.compile(
    r"^(file://.*|(https?://)?(localhost|127\.|\[::1\]|169\.254\.|\$\{?ECS_CONTAINER_METADATA)"
    r".*|(https?|s3)://[^/]*\.(amazonaws\.com(\.cn)?|api\.aws|on\.aws)([:/].*)?)$"
)
# Names that no public server has (RFC 6762, RFC 8375, ICANN's .internal of 2024), and one word.
_INSIDE = re.compile(
    r"(?:[\w-]+|.*\.(?:internal|intranet|intra|corp|private|lan|local|localdomain|home\.arpa))$"
)
_HOST = re.compile(r"(?:[\w+.-]+://)?(?:[^/@]*@)?(\[[^\]]*\]|[^/:?#]*)")
_INDEX = re.compile(r"--(?:default-)?index(?:-url)?=(.*)")
_PIP = re.compile(r"pip3?(\.\d+)?")
_PYTHON = re.compile(r"python\d?(\.\d+)?")
_TARGET = re.compile(r".*://|localhost(/|:|$)|[\w-]+(\.[\w-]+)+(/|:|$)")
# Program -> the words that make it fetch; an empty set: always.
_PACKAGES = {"install", "update", "upgrade", "localinstall", "groupinstall", "reinstall", "swap"}
_LISTS = {"makecache", "check-update", "builddep", "group", "module", "search", "list", "info"}
PROGRAMS: dict[str, frozenset[str]] = {
    **dict.fromkeys(
        ("yum", "dnf", "microdnf", "apt", "apt-get", "zypper", "amazon-linux-extras"),
        frozenset(_PACKAGES | _LISTS),
    ),
    "apk": frozenset({"add", "update", "upgrade", "fetch"}),
    "brew": frozenset({"install", "update", "upgrade"}),
    "git": frozenset({"clone", "fetch", "pull", "submodule", "ls-remote"}),
    "dbt": frozenset({"deps"}),
    "playwright": frozenset({"install"}),
    "helm": frozenset({"repo", "pull", "install", "upgrade"}),
    "ansible-galaxy": frozenset({"install", "collection", "role"}),
    "yum-config-manager": frozenset(),
    "npm": frozenset({"install", "i", "ci", "update"}),
    "yarn": frozenset({"install", "add"}),
    "pnpm": frozenset({"install", "add", "i"}),
    "gem": frozenset({"install", "update"}),
    "cargo": frozenset({"install", "build", "fetch"}),
    "go": frozenset({"install", "get", "mod"}),
    "conda": frozenset({"install", "create", "update"}),
    "mamba": frozenset({"install", "create", "update"}),
    "poetry": frozenset({"install", "add", "update", "lock"}),
    "pdm": frozenset({"install", "add", "update", "sync"}),
    "pipx": frozenset({"install", "run", "upgrade"}),
    "docker": frozenset({"pull", "run"}),
    "terraform": frozenset({"init"}),
    **dict.fromkeys(("npx", "uvx", "easy_install", "ssh-keyscan"), frozenset[str]()),
}
DOWNLOADERS = {"curl", "wget", "aria2c", "http", "https", "axel", "ftp", "sftp", "scp", "rsync"}
# Modules that download when Python runs them, and the word that makes them.
MODULES = {
    "spacy": "download",
    "nltk.downloader": "",
    "playwright": "install",
    "venv": "--upgrade-deps",
}
# Programs that fetch what an option names, and uv's own commands that do.
_BY_OPTION = {"spark-submit": "--packages", "pyspark": "--packages", "virtualenv": "--download"}
_UV = {"add", "sync", "tool", "run", "lock", "python"}
# Cached lists alone, or another folder: the options of a program before what it is to do.
_CACHED = {"-C", "--cacheonly"}
_BEFORE = {"git": {"-C", "-c"}}
_VALUE_OPTIONS = {
    *("-c", "--constraint", "-f", "--find-links", "-i", "--index-url", "--extra-index-url"),
    *("-t", "--target", "--prefix", "--root", "--python", "-p", "--platform", "--trusted-host"),
    *("--python-version", "--no-binary", "--only-binary", "--upgrade-strategy", "--timeout"),
}


def is_inside(url: str) -> bool:
    """Whether an address is one of a network's own, or a bucket's: nobody here can tell whether it
    answers there."""
    found = _HOST.match(url)
    host = found[1].strip("[]") if found else ""
    try:
        return ip_address(host).is_private
    except ValueError:
        return bool(_INSIDE.match(host) or _NEAR.match(url))


def fetch(command: Command) -> str:
    """What ``command`` fetches from outside, as a person would name it; empty for nothing."""
    if command.program == "exec" and command.arguments:
        command = replace(command, words=command.arguments)
    name, words = command.program, command.arguments
    if name in DOWNLOADERS:
        return _download(name, words)
    addressed = any(re.search(r"https?://", word) for word in words)
    if addressed and (_PYTHON.fullmatch(name) or name == "rpm"):
        return f"{name} with an address"
    pip = pip_words(command)
    if pip is not None:
        what = _pip(pip)
        verb = next((word for word in words if not word.startswith("-")), "")
        return f"uv {verb}" if what and name == "uv" and verb != "pip" else what
    if name in _BY_OPTION:
        option = _BY_OPTION[name]
        return f"{name} {option}" if any(word.startswith(option) for word in words) else ""
    if _PYTHON.fullmatch(name) and "-m" in words[:-1]:
        module, *rest = words[words.index("-m") + 1 :]
        told = MODULES.get(module)
        runs = told is not None and any(word.startswith(told) for word in (*rest, ""))
        return f"{name} -m {module}" if runs else ""
    return _by_verb(name, list(words)) if name in PROGRAMS else ""


def _by_verb(name: str, words: list[str]) -> str:
    """What a program fetches whose first word says what it does."""
    takes = _BEFORE.get(name, set())
    while len(words) > 1 and words[0] in takes:
        words = words[2:]
    chosen = next((word for word in words if not word.startswith("-")), "")
    wanted = PROGRAMS[name]
    if (wanted and chosen not in wanted) or _CACHED.intersection(words):
        return ""
    things = [w for w in words if not w.startswith("-") and w != chosen]
    return "" if things and all(map(_is_local, things)) else f"{name} {chosen}".strip()


def _download(name: str, words: tuple[str, ...]) -> str:
    targets = [w for w in words if _TARGET.match(w)]
    if targets and all(_NEAR.match(word) or is_inside(word) for word in targets):
        return ""
    if not targets and (not words or set(words) <= {"--version", "-V", "--help", "-h"}):
        return ""
    return name


def pip_words(command: Command) -> list[str] | None:
    """The words after ``pip`` in any of its forms (``uv pip`` too); None for other programs."""
    name, words = command.program, list(command.arguments)
    if _PIP.fullmatch(name) or name == "safe-pip-install":
        return ["install", *words] if name == "safe-pip-install" else words
    if name.startswith("$") and words[:1] and words[0] in ("install", "download"):
        # A program by a name that is not known, which is told to install: pip of an environment.
        return words
    if _PYTHON.fullmatch(name) and "-m" in words[:-1]:
        module = words.index("-m") + 1
        return words[module + 1 :] if words[module] in ("pip", "pip3") else None
    if name == "uv":
        plain = [word for word in words if not word.startswith("-")]
        if plain[:1] == ["pip"]:
            return words[words.index("pip") + 1 :]
        fetches = plain[:1] and plain[0] in _UV and plain[:2] != ["python", "list"]
        return ["install", *(w for w in words if w != plain[0])] if fetches else None
    return None


def _pip(words: list[str]) -> str:
    verb = next((word for word in words if not word.startswith("-")), "")
    if verb not in ("install", "download", "wheel", "sync", "compile"):
        return ""
    if "--no-index" in words or "--offline" in words:
        return ""
    given = (value for option, value in pairwise(words) if option in ("-i", "--index-url"))
    indexes = [*given, *(found[1] for word in words if (found := _INDEX.match(word)))]
    if indexes and all(map(is_inside, indexes)):
        return ""
    things = list(_things(words[words.index(verb) + 1 :]))
    return "" if things and all(map(_is_local, things)) else f"pip {verb}"


def _things(words: list[str]) -> Iterator[str]:
    """What pip is to install; a requirements file is many things from an index."""
    skip = False
    for word in words:
        if skip:
            skip = False
        elif word in _VALUE_OPTIONS:
            skip = True
        elif word in ("-r", "--requirement") or word.startswith("--requirement="):
            yield "requirements"
        elif not word.startswith("-"):
            yield word


def _is_local(word: str) -> bool:
    return word.startswith(("/", "./", "../", "file:")) or word.endswith((".whl", ".rpm"))


def is_pip_offline(script: Script) -> bool:
    """Whether the script tells every pip after it to use no index."""
    return any(
        one.name == "PIP_NO_INDEX" and one.value.lower() in ("1", "true", "yes", "on")
        for one in script.exports
    )


def pip_indexes(script: Script) -> list[str]:
    """The package indexes that the script gives to pip, as far as their addresses are known.

    An address that a command computes is ``$(...)``.
    """
    found = [
        one.value
        for one in script.exports
        if one.name in ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "UV_INDEX_URL", "UV_DEFAULT_INDEX")
    ]
    for command in script.commands:
        words = command.arguments
        if command.program == "aws" and words[:2] == ("codeartifact", "login"):
            found.append("$(aws codeartifact login)")
        pip = pip_words(command) or []
        if pip[:2] == ["config", "set"] and len(pip) > 3 and pip[2].endswith("index-url"):
            found.append(pip[3])
    return found
