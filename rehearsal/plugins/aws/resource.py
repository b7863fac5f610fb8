"""The form of a table entry: one resource type, its properties and what to do with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from rehearsal.plugins.aws.context import Context

DEFAULTS = "__defaults"
"""The input in which the published provider notes the names of inputs that it made up itself."""

State = dict[str, Any]
"""Plain property values by their camelCase names; may hold `Asset` and, in a plan, `UNKNOWN`."""


@dataclass(frozen=True, kw_only=True)
class Input:
    """One property a program may set.

    `replace`: a change needs a new resource; a function of (old, new) decides case by case.
    `replace_within`: nested properties whose change needs a new resource.
    `default`: what the published provider assumes when the program leaves the property out.
    `computed`: left out means "as AWS has it", so that no difference is ever seen.
    `partial`: like `computed`, for the nested properties the program leaves out.
    `unordered`: lists within compare as sets. `document`: JSON text compares by its meaning.
    `unread`: AWS does not return the value; the state keeps what the program said.
    `autoname`: left out, the logical name is taken, with seven random digits where "random".
    """

    required: bool = False
    replace: bool | Callable[[Any, Any], bool] = False
    replace_within: tuple[str, ...] = ()
    default: Any = None
    computed: bool = False
    partial: bool = False
    unordered: bool = False
    document: bool = False
    unread: bool = False
    autoname: Literal["", "random", "exact"] = ""


@dataclass(frozen=True)
class Change:
    """An update: both sides whole, and the top-level properties that differ."""

    old: State
    new: State
    properties: frozenset[str]

    def touches(self, *names: str) -> bool:
        """Whether any of the named properties changed."""
        return not self.properties.isdisjoint(names)


Create = Callable[[Context, State], str]
Read = Callable[[Context, str, State], State | None]
Update = Callable[[Context, str, Change], None]
Delete = Callable[[Context, str, State], None]
Tagger = Callable[[Context, str, State, Mapping[str, str], list[str]], None]
Validate = Callable[[State], Iterable[tuple[str, str]]]
"""Yields (property, reason); values may be `UNKNOWN`."""


@dataclass(frozen=True, kw_only=True)
class ResourceType:
    """One resource type. `create` returns the id, `read` the live state or None when gone.

    `read` gets what is known (inputs over old state; at an import only what `from_id` makes of
    the id) and answers with inputs and outputs by name. Without `update` every input replaces.
    `unstable` names the outputs that a change of certain inputs makes unknown in a plan.
    `tagger` sets and removes tags of a type that has them; `tags` in a read state are all of the
    live ones. `delete_before_replace` is for what AWS cannot have twice at a time.
    """

    name: str
    inputs: Mapping[str, Input]
    outputs: tuple[str, ...] = ()
    create: Create
    read: Read
    update: Update | None = None
    delete: Delete
    tagger: Tagger | None = None
    validate: Validate | None = None
    from_id: Callable[[str], State] = lambda _id: {}
    unstable: Mapping[str, frozenset[str]] = field(default_factory=dict)
    regional: bool = True
    delete_before_replace: bool = False

    def __post_init__(self) -> None:
        inputs = dict(self.inputs)
        if self.regional:
            inputs["region"] = Input(replace=True, computed=True)
        if self.tagger:
            inputs["tags"] = Input()
            inputs["tagsAll"] = Input()
        object.__setattr__(self, "inputs", inputs)

    def replaces(self, name: str, old: Any, new: Any) -> bool:
        """Whether a change of a top-level property needs a new resource."""
        spec = self.inputs[name]
        if callable(spec.replace):
            return spec.replace(old, new)
        taggable = name in ("tags", "tagsAll")
        return spec.replace or (self.update is None and not taggable)


@dataclass(frozen=True)
class Function:
    """A data source: `run` gets the arguments and answers with the results, both by name."""

    name: str
    arguments: frozenset[str]
    run: Callable[[Context, State], State]


def require(state: State, name: str, where: str) -> Any:
    """A property the function cannot do without, also at an import. Raises ValueError."""
    if state.get(name) in (None, ""):
        raise ValueError(f"{where} needs the property {name}.")
    return state[name]
