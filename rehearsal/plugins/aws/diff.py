"""What differs between two sets of inputs, and whether it needs a new resource.

The comparison forgives what the published provider forgives: the order of sets, the spelling of
JSON documents, numbers written as strings, and empty values for absent ones.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from rehearsal.plugins.aws.resource import DEFAULTS, Input, ResourceType, State
from rehearsal.plugins.protocol.values import UNKNOWN, Asset, contains_unknown

_PLAIN_KEY = re.compile(r"^[A-Za-z_][A-Za-z0-9_-]*$")


@dataclass(frozen=True)
class PropertyDiff:
    """One differing path, in the engine's notation (`tags.owner`, `rules[0].id`)."""

    path: str
    kind: Literal["ADD", "DELETE", "UPDATE"]
    replace: bool


def canonical(value: Any, spec: Input) -> Any:
    """A form in which equal meanings are equal values; None for everything empty."""
    if isinstance(value, Asset):
        return value.fingerprint()
    if isinstance(value, dict):
        items = {key: canonical(item, spec) for key, item in value.items()}
        return {key: item for key, item in items.items() if item is not None} or None
    if isinstance(value, list | tuple):
        members = [canonical(item, spec) for item in value]
        if spec.unordered:
            members.sort(key=lambda member: json.dumps(member, sort_keys=True, default=str))
        return members or None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, str) and spec.document:
        return _document(value)
    return None if value == "" else value


def _document(text: str) -> Any:
    try:
        return json.loads(text) if text else None
    except ValueError:
        return text


def same(spec: Input, old: Any, new: Any) -> bool:
    """Whether two values of a property mean the same; an unknown value never does."""
    if contains_unknown(old) or contains_unknown(new):
        return False
    left, right = canonical(old, spec), canonical(new, spec)
    return _covers(left, right) if spec.partial else bool(left == right)


def _covers(live: Any, wanted: Any) -> bool:
    """Whether `live` has all that `wanted` names; what it has beyond that is AWS's choice."""
    if wanted is None:
        return True
    if isinstance(wanted, dict) and isinstance(live, dict):
        return all(_covers(live.get(key), item) for key, item in wanted.items())
    return bool(live == wanted)


def differences(kind: ResourceType, old: State, new: State) -> Iterator[PropertyDiff]:
    """Every difference between the inputs in the state and the new ones."""
    for name, spec in kind.inputs.items():
        before, after = old.get(name), new.get(name)
        if after is None and (spec.computed or spec.partial):
            continue
        if before is None:
            before = spec.default
        if same(spec, before, after):
            continue
        whole = kind.replaces(name, before, after)
        for path, change in _paths(name, before, after, spec):
            inner = any(path.startswith(f"{name}.{part}") for part in spec.replace_within)
            # An unknown whole hides its parts, so a part that replaces may have changed.
            hidden = path == name and bool(spec.replace_within)
            yield PropertyDiff(path, change, whole or inner or hidden)


def _paths(
    at: str, old: Any, new: Any, spec: Input
) -> Iterator[tuple[str, Literal["ADD", "DELETE", "UPDATE"]]]:
    if old is None:
        yield at, "ADD"
    elif new is None:
        yield at, "DELETE"
    elif isinstance(old, dict) and isinstance(new, dict):
        for key in {**old, **new}:
            before, after = old.get(key), new.get(key)
            dropped = after is None and spec.partial
            if not dropped and not same(spec, before, after):
                step = f".{key}" if _PLAIN_KEY.match(key) else f"[{json.dumps(key)}]"
                yield from _paths(at + step, before, after, spec)
    elif _aligned(old, new) and not spec.unordered:
        for index, (before, after) in enumerate(zip(old, new, strict=True)):
            if not same(spec, before, after):
                yield from _paths(f"{at}[{index}]", before, after, spec)
    else:
        yield at, "UPDATE"


def _aligned(old: Any, new: Any) -> bool:
    return isinstance(old, list) and isinstance(new, list) and len(old) == len(new)


def live_inputs(kind: ResourceType, known: State, live: State) -> State:
    """The inputs that describe the live state: the known ones wherever they still hold.

    With nothing known (an import) every property that differs from its default is taken over.
    """
    found: State = {}
    for name, spec in kind.inputs.items():
        had, has = known.get(name), live.get(name)
        optional = spec.computed and not spec.required
        if spec.unread or (had is None and (optional or spec.partial) and known):
            if had is not None:
                found[name] = had
            continue
        if had is None and optional:
            continue
        if had is None and not same(spec, has, spec.default) and canonical(has, spec) is not None:
            found[name] = has
        elif had is not None:
            found[name] = had if same(spec, has, had) else has
    return {name: value for name, value in found.items() if value is not None}


def planned(kind: ResourceType, old: State, new: State, changed: frozenset[str]) -> State:
    """The state an update will leave, as far as a plan can know it."""
    state = {**{name: value for name, value in old.items() if name in (*kind.outputs, "id")}, **new}
    state.pop(DEFAULTS, None)
    for name, spec in kind.inputs.items():
        if name not in state and spec.computed and name in old:
            state[name] = old[name]
    for name, causes in kind.unstable.items():
        if causes & changed:
            state[name] = UNKNOWN
    return state
