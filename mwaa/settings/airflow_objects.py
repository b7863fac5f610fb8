"""What of Airflow is the stack's: the setting ``airflowObjects``, and the file that it may name.

An object may stand in both: then the stack file adds to what the file says of it, or says
otherwise. So several stacks share one file, and a password stands encrypted in the stack file.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from mwaa.service.airflow_objects import KINDS, Form, Kind
from mwaa.words import suggestion

FILE: Final = "file"
ADOPT: Final = "adopt"


class UnreadableError(ValueError):
    """A part of the setting that cannot be read; the text says which, and never shows a value."""


@dataclass(frozen=True)
class AirflowObject:
    """One object. ``members`` are those of Airflow's API, the name among them; ``encrypted`` are
    the members that the stack file encrypts; ``adopt``: it may exist already."""

    kind: str
    members: Mapping[str, Any] = field(repr=False)
    encrypted: frozenset[str] = frozenset()
    adopt: bool = False

    @property
    def of(self) -> Kind:
        """What Airflow knows of its kind."""
        return KINDS[self.kind]

    @property
    def name(self) -> str:
        """Its name in Airflow."""
        return str(self.members[self.of.key])


def read(setting: Mapping[str, Any], base: Path, *, encrypted: bool) -> tuple[AirflowObject, ...]:
    """Every object, by kind and name. ``encrypted``: the stack file encrypts a part of the setting.

    Raises ``UnreadableError``.
    """
    _known(setting, {FILE, *KINDS}, "the setting")
    found: dict[tuple[str, str], AirflowObject] = {}
    if FILE in setting:
        path = setting[FILE]
        for one in _listed(_content(base, path), str(path), encrypted=False):
            found[one.kind, one.name] = one
    own = {name: items for name, items in setting.items() if name != FILE}
    for one in _listed(own, "the stack file", encrypted=encrypted):
        before = found.get((one.kind, one.name))
        found[one.kind, one.name] = _joined(before, one) if before else one
    for one in found.values():
        if missing := [name for name in one.of.required if name not in one.members]:
            raise UnreadableError(f"the {one.of.word} {one.name} without {', '.join(missing)}")
    return tuple(found[place] for place in sorted(found))


def _content(base: Path, path: Any) -> Mapping[str, Any]:
    import yaml  # late: few stacks name a file

    if not isinstance(path, str) or not (base / path).is_file():
        raise UnreadableError(f"a {FILE} that does not exist: {path}")
    try:
        text = (base / path).read_text(encoding="utf-8")
        if twice := _twice(yaml.compose(text, yaml.SafeLoader)):
            raise UnreadableError(f"{path}, which says {twice} twice")
        content = yaml.safe_load(text)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f" at line {mark.line + 1}" if mark is not None else ""
        raise UnreadableError(f"{path}, which is not valid YAML{line}") from None
    if not isinstance(content, dict):
        raise UnreadableError(f"{path}, which is not a mapping of {', '.join(KINDS)}")
    _known(content, set(KINDS), path)
    return content


def _twice(node: Any) -> str:
    """A name that a mapping has twice, of which YAML would silently take the last, and its line."""
    for key, value in node.value if getattr(node, "id", "") == "mapping" else ():
        same = [other for other, _ in node.value if other.value == key.value]
        if len(same) > 1:
            return f"{key.value} at line {same[-1].start_mark.line + 1}"
        if found := _twice(value):
            return found
    for value in node.value if getattr(node, "id", "") == "sequence" else ():
        if found := _twice(value):
            return found
    return ""


def _listed(content: Mapping[str, Any], where: str, *, encrypted: bool) -> Iterator[AirflowObject]:
    seen: set[tuple[str, str]] = set()
    for kind, items in content.items():
        if not isinstance(items, list):
            raise UnreadableError(f"{kind} in {where}, which is not a list")
        for number, item in enumerate(items):
            one = _object(kind, item, f"{kind}[{number}] in {where}", encrypted=encrypted)
            if (kind, one.name) in seen:
                raise UnreadableError(f"the {one.of.word} {one.name} twice in {where}")
            seen.add((kind, one.name))
            yield one


def _object(kind: str, item: Any, place: str, *, encrypted: bool) -> AirflowObject:
    of = KINDS[kind]
    if not isinstance(item, dict):
        raise UnreadableError(f"{place}, which is not a mapping")
    _known(item, {of.key, ADOPT, *of.members}, place)
    if not isinstance(item.get(of.key), str) or not item[of.key]:
        raise UnreadableError(f"{place} without {of.key} as text")
    forms: dict[str, Form] = {of.key: "text", ADOPT: "flag", **of.members}
    members: dict[str, Any] = {}
    for name, value in item.items():
        try:
            members[name] = in_form(forms[name], value)
        except (TypeError, ValueError):
            wanted = FORM_WORDS[forms[name]]
            raise UnreadableError(f"{place} with {name} that is not {wanted}") from None
    adopt = bool(members.pop(ADOPT, False))
    secret = frozenset(members.keys() - {of.key}) if encrypted else frozenset[str]()
    return AirflowObject(kind, members, secret, adopt)


FORM_WORDS: Final[dict[Form, str]] = {
    "text": "text",
    "number": "a whole number",
    "flag": "true or false",
    "json": "a mapping, or the JSON text of one",
    "pairs": "a list of pairs of action and resource",
}


def in_form(form: Form, value: Any) -> Any:
    """``value`` as Airflow's API takes it; ``TypeError`` or ``ValueError`` for another form.

    What the stack file encrypts arrives as text, and YAML reads text such as 5 as a number.
    """
    match form:
        case "text" if value is not None:
            return value if isinstance(value, str) else json.dumps(value, sort_keys=True)
        case "number" if not isinstance(value, bool | float):
            return int(value)
        case "flag" if str(value).lower() in {"true", "false"}:
            return str(value).lower() == "true"
        case "json":
            found = json.loads(value) if isinstance(value, str) else value
            if isinstance(found, dict):
                return json.dumps(found, sort_keys=True, allow_nan=False)
        case "pairs" if isinstance(value, list):
            if all(isinstance(pair, list) and [*map(type, pair)] == [str, str] for pair in value):
                return value
    raise ValueError


def _joined(one: AirflowObject, other: AirflowObject) -> AirflowObject:
    kept = one.encrypted - other.members.keys()
    return AirflowObject(
        one.kind,
        {**one.members, **other.members},
        kept | other.encrypted,
        one.adopt or other.adopt,
    )


def _known(content: Mapping[str, Any], known: set[str], where: str) -> None:
    for name in content:
        if name not in known:
            meant = suggestion(str(name), known)
            raise UnreadableError(f"{name} in {where}{meant}; known are {', '.join(sorted(known))}")
