"""The file of an export: one JSON document of version 1, described in docs/guides/operations.md."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

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
    except (ValueError, UnicodeDecodeError):
        body = None
    if not isinstance(body, dict) or body.get("format") != FORMAT:
        raise RefusedError(
            f"{path} is not a file of `mwaa export` (JSON with format {FORMAT!r}): make one with "
            "`mwaa export --out FILE`"
        )
    if body.get("version") != VERSION:
        raise RefusedError(
            f"{path} is of version {body.get('version')}, and this program reads version "
            f"{VERSION}: export again with this version, or import with the one that wrote it"
        )
    rest = {name: value for name, value in body.items() if name not in {"format", "version"}}
    if problem := _problem(rest):
        raise RefusedError(f"{path}: {problem}: correct it, or export again")
    return Document(**rest)


def _problem(body: Mapping[str, Any]) -> str:
    """What is wrong in a file that somebody edited; empty where nothing is."""
    fields = Document.__dataclass_fields__
    if strange := sorted(body.keys() - fields.keys()):
        return f"no part of a document is called {strange[0]}; known are {', '.join(fields)}"
    for name in ("environment", "airflow_version", "exported_at"):
        if not isinstance(body.get(name), str):
            return f"{name} is missing"
    for kind, key in (("variables", "key"), ("connections", "connection_id"), ("pools", "name")):
        names = []
        for number, item in enumerate(body.get(kind, [])):
            if not isinstance(item, dict) or not isinstance(item.get(key), str):
                return f"{kind}[{number}] has no {key}"
            names.append(item[key])
        if twice := sorted({name for name in names if names.count(name) > 1}):
            return f"{kind}: {twice[0]} stands there twice"
    for name, wanted in (("roles", list), ("users", list), ("dags", dict), ("runs", list)):
        if not isinstance(body.get(name, wanted()), wanted):
            return f"{name} is no {'list' if wanted is list else 'object'}"
    return ""
