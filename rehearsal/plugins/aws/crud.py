"""Creating, reading, updating and deleting by the tables; the state is honest when a step fails.

Every state comes from one place, the type's `read`: what the engine stores after a create is what
a refresh would find.
"""

from __future__ import annotations

from rehearsal.plugins.aws.configuration import Configuration
from rehearsal.plugins.aws.context import Context, PluginError, is_gone
from rehearsal.plugins.aws.diff import planned, same
from rehearsal.plugins.aws.resource import Change, ResourceType, State
from rehearsal.plugins.aws.tags import own_tags
from rehearsal.plugins.protocol.values import contains_unknown


class CreatedError(Exception):
    """The operation failed, but the resource exists in the given state."""

    def __init__(self, resource_id: str, state: State, cause: Exception) -> None:
        super().__init__(str(cause))
        self.id = resource_id
        self.state = state
        self.cause = cause


def create(kind: ResourceType, context: Context, inputs: State) -> tuple[str, State]:
    """The new id and state. Raises CreatedError when it failed after the resource came to be."""
    try:
        made = context.created(kind.create(context, inputs))
        state = live_state(kind, context, made, inputs)
        if state is None:
            raise PluginError(f"{kind.name}: {made} was created, but AWS does not find it.")
    except Exception as error:
        if context.made is None:
            raise
        state = _what_there_is(kind, context, context.made, inputs)
        raise CreatedError(context.made, state, error) from error
    return made, state


def update(
    kind: ResourceType,
    context: Context,
    resource_id: str,
    old: State,
    new: State,
    changed: frozenset[str],
) -> State:
    """The new state. Raises CreatedError when a step failed.

    Its state is the planned one, although AWS may not have it: so does the published provider,
    whose SDK keeps the proposed values on an error
    (https://github.com/hashicorp/terraform-plugin-sdk/blob/main/helper/schema/resource_data.go).
    Only a refresh shows what AWS has, and lets the next update send the change again.
    """
    known = {**{name: value for name, value in old.items() if name in kind.outputs}, **new}
    try:
        if kind.update and changed - {"tags", "tagsAll"}:
            kind.update(context, resource_id, Change(old, new, changed))
        if kind.tagger and changed & {"tags", "tagsAll"}:
            before, after = old.get("tagsAll") or {}, new.get("tagsAll") or {}
            gone = [key for key in before if key not in after]
            kind.tagger(context, resource_id, known, after, gone)
        state = live_state(kind, context, resource_id, known)
        if state is None:
            raise PluginError(f"{kind.name}: {resource_id} is gone. Run: pulumi refresh.")
    except Exception as error:
        state = {
            name: value
            for name, value in planned(kind, old, new, changed).items()
            if not contains_unknown(value)
        }
        raise CreatedError(resource_id, state, error) from error
    return state


def delete(kind: ResourceType, context: Context, resource_id: str, state: State) -> None:
    """Delete what is there; a resource that is gone already is a success."""
    try:
        if live_state(kind, context, resource_id, state) is not None:
            kind.delete(context, resource_id, state)
    except Exception as error:
        # "Not found" may be about something else that the delete stumbled over.
        if not is_gone(error) or live_state(kind, context, resource_id, state) is not None:
            raise


def live_state(
    kind: ResourceType,
    context: Context,
    resource_id: str,
    known: State,
    configuration: Configuration | None = None,
) -> State | None:
    """The state as AWS has it now, or None when the resource is gone."""
    try:
        found = kind.read(context, resource_id, known)
    except Exception as error:
        if is_gone(error):
            return None
        raise
    if found is None:
        return None
    state = {
        name: known[name] for name, spec in kind.inputs.items() if spec.unread and name in known
    }
    state.update({name: value for name, value in found.items() if value is not None})
    for name, spec in kind.inputs.items():
        # Another order or spelling is no news; what the program said stays as it said it.
        flexible = (spec.unordered or spec.document) and name in state and name in known
        if flexible and same(spec, state[name], known[name]):
            state[name] = known[name]
    # As the published provider: readers of a plan know a resource by it.
    state["id"] = resource_id
    if kind.regional:
        state["region"] = context.region
    if kind.tagger:
        state.update(_tags(state.pop("tags", {}), known, configuration))
    return state


def _tags(found: dict[str, str], known: State, configuration: Configuration | None) -> State:
    """All live tags, and those of them that are the program's own."""
    everything = own_tags(found)
    given = known.get("tags") or {}
    before = known.get("tagsAll") or (configuration.default_tags if configuration else {})
    inherited = {key for key in before if key not in given}
    return {
        "tags": {key: tag for key, tag in everything.items() if key not in inherited},
        "tagsAll": everything,
    }


def _what_there_is(kind: ResourceType, context: Context, resource_id: str, known: State) -> State:
    try:
        return live_state(kind, context, resource_id, known) or dict(known)
    except Exception:
        # The first failure is the one to report; the inputs are the best that is known.
        return dict(known)
