"""The file of an export: one JSON document of version 1, described in docs/guides/operations.md."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from mwaa.service.airflow_objects import KINDS as MEMBERS
from mwaa.service.airflow_objects import Form
from mwaa.settings.airflow_objects import FORM_WORDS, in_form
from ops.errors import RefusedError

FORMAT: Final = "mwaa-airflow-objects"
VERSION: Final = 1
Item = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Document:
    """What one environment held at one moment.

    ``left_out`` names every value that is not in the file, ``not_exported`` every part that this
    Airflow's API does not give, with its reason. ``runs`` is a record: no API takes it back.
    """

    environment: str
    airflow_version: str
    exported_at: str
    variables: list[Item] = field(default_factory=list)
    connections: list[Item] = field(default_factory=list)
    pools: list[Item] = field(default_factory=list)
    roles: list[Item] = field(default_factory=list)
    users: list[Item] = field(default_factory=list)
    dags: dict[str, bool] = field(default_factory=dict)
    runs: list[Item] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    not_exported: dict[str, str] = field(default_factory=dict)

    def items(self, kind: str) -> list[Item]:
        """The items of a kind, by its name."""
        found: list[Item] = getattr(self, kind)
        return found

    def counts(self) -> dict[str, int]:
        """How many there are of each part."""
        parts = ("variables", "connections", "pools", "roles", "users", "dags", "runs")
        return {part: len(getattr(self, part)) for part in parts}

    def write(self, path: Path) -> None:
        """Replace the file: at any moment it is the old one or the new one."""
        write(path, {"format": FORMAT, "version": VERSION, **asdict(self)})


def write(path: Path, body: Mapping[str, Any]) -> None:
    """Replace a file by ``body`` as JSON: at any moment it is the old one or the new one."""
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)  # a run that was killed may have left it
    path.parent.mkdir(parents=True, exist_ok=True)
    part.write_bytes(json.dumps(body, indent=2, sort_keys=True).encode() + b"\n")
    # Values that are no secrets by their names are still nobody else's business.
    part.chmod(0o600)
    part.replace(path)


def load(path: Path) -> Document:
    """The document in a file. Raises ``RefusedError`` for anything that is none of version 1."""
    try:
        body: Any = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict) or body.get("format") != FORMAT:
        raise RefusedError(
            f"{path} is not a file of `mwaa export` (JSON with format {FORMAT!r}): make one with "
            "`mwaa export --out FILE`"
        )
    if body.get("version") != VERSION:
        raise RefusedError(
            f"{path} is of version {body.get('version')!r}, and this program reads version "
            f"{VERSION}: export again with this version, or import with the one that wrote it"
        )
    rest = {name: value for name, value in body.items() if name not in {"format", "version"}}
    if problem := _problem(rest):
        raise RefusedError(f"{path}: {problem}: correct it, or export again")
    return Document(**rest)


_LISTS: Final = {
    part: MEMBERS[part].key for part in ("variables", "connections", "pools", "roles")
} | {"users": "username"}
"""The parts that are lists of objects, and the member that names one."""
_MAPPINGS: Final = {"dags": dict, "not_exported": dict}


def _problem(body: Mapping[str, Any]) -> str:
    """What is wrong in a file that somebody edited; empty where nothing is."""
    fields = Document.__dataclass_fields__
    if strange := sorted(body.keys() - fields.keys()):
        return f"no part of a document is called {strange[0]}; known are {', '.join(fields)}"
    for name in ("environment", "airflow_version", "exported_at"):
        if not isinstance(body.get(name), str):
            return f"{name} is missing or no text"
    parts: Mapping[str, Any] = {**dict.fromkeys((*_LISTS, "runs", "left_out"), list), **_MAPPINGS}
    for name, wanted in parts.items():
        if not isinstance(body.get(name, wanted()), wanted):
            return f"{name} is no {'list' if wanted is list else 'object'}"
    found = [problem for part, key in _LISTS.items() for problem in _of_part(part, key, body)]
    found += [
        f"dags: {name} is neither true nor false"
        for name, paused in body.get("dags", {}).items()
        if not isinstance(paused, bool)
    ]
    return found[0] if found else ""


def _of_part(part: str, key: str, body: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong in one list of objects."""
    names = set()
    for number, item in enumerate(body.get(part, [])):
        if not isinstance(item, dict) or not isinstance(item.get(key), str) or not item[key]:
            yield f"{part}[{number}] has no {key}"
            continue
        if item[key] in names:
            yield f"{part}: {item[key]} stands there twice"
        names.add(item[key])
        for member, form in _forms(part).items():
            try:
                if item.get(member) is not None:
                    item[member] = in_form(form, item[member])
            except (TypeError, ValueError):
                yield f"{part}[{number}]: {member} is not {FORM_WORDS[form]}"
        if part == "roles" and item.get("actions") is None:
            yield f"{part}[{number}] has no actions"
        if part == "users" and not _is_texts(item.get("roles")):
            yield f"{part}[{number}]: roles is not a list of names"


def _forms(part: str) -> dict[str, Form]:
    return MEMBERS[part].members if part in MEMBERS else {}


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)
