"""Checking a resource's inputs: names, required properties, defaults, names made up, tags."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from mwaa.words import nearest
from rehearsal.plugins.aws.configuration import Configuration
from rehearsal.plugins.aws.context import PluginError
from rehearsal.plugins.aws.resource import DEFAULTS, ResourceType, State
from rehearsal.plugins.protocol.values import UNKNOWN, contains_unknown

_RANDOM_DIGITS = 7


def checked(
    kind: ResourceType,
    news: State,
    olds: State,
    configuration: Configuration,
    *,
    name: str,
    seed: bytes = b"",
    proposed: str = "",
) -> State:
    """The inputs as the resource will have them. Raises PluginError for an unknown property."""
    for given in sorted(set(news) - set(kind.inputs) - {DEFAULTS}):
        raise PluginError(_unknown(kind, given))
    inputs = {key: value for key, value in news.items() if key != DEFAULTS}
    defaults: list[str] = []
    for key, spec in kind.inputs.items():
        if key not in inputs and spec.default is not None:
            inputs[key] = spec.default
        if key not in inputs and spec.autoname:
            made_up = name if spec.autoname == "exact" else proposed or _made_up(name, seed)
            inputs[key] = olds.get(key) or made_up
            defaults.append(key)
    if kind.regional:
        inputs.setdefault("region", configuration.region)
    if kind.tagger:
        tags = inputs.get("tags", {})
        whole = {} if tags is UNKNOWN else {**configuration.default_tags, **tags}
        inputs["tagsAll"] = UNKNOWN if contains_unknown(tags) else whole
    inputs[DEFAULTS] = defaults
    return inputs


def deletes_first(kind: ResourceType, inputs: State) -> bool:
    """Whether a replacement must delete before it creates: AWS has no two of the same name.

    As the published provider (nameRequiresDeleteBeforeReplace):
    https://github.com/pulumi/pulumi-terraform-bridge/blob/main/pkg/tfbridge/schema.go
    """
    if kind.delete_before_replace or DEFAULTS not in inputs:
        return kind.delete_before_replace
    return any(
        spec.autoname and key in inputs and key not in inputs[DEFAULTS]
        for key, spec in kind.inputs.items()
    )


def problems(kind: ResourceType, inputs: State) -> Iterator[tuple[str, str]]:
    """Every (property, reason) for which the inputs cannot become a resource."""
    for key, spec in kind.inputs.items():
        if spec.required and inputs.get(key) is None:
            yield key, f"{kind.name} needs the property {key!r}, which is missing."
    if kind.validate:
        yield from kind.validate(inputs)


def _made_up(name: str, seed: bytes) -> str:
    # The engine's seed makes a plan and its update agree on the name.
    return f"{name}-{hashlib.sha256(seed + name.encode()).hexdigest()[:_RANDOM_DIGITS]}"


def _unknown(kind: ResourceType, given: str) -> str:
    near = nearest(given, kind.inputs)
    hint = f" Did you mean {near!r}?" if near else ""
    return (
        f"{kind.name}: the stand-in for rehearsal does not know the property {given!r}.{hint} "
        f"Known: {', '.join(sorted(kind.inputs))}. Add it to the type's table: "
        "rehearsal/plugins/aws/services."
    )
