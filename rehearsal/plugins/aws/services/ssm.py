"""Systems Manager: parameters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rehearsal.plugins.aws.context import Context
from rehearsal.plugins.aws.resource import Change, Input, ResourceType, State
from rehearsal.plugins.aws.tags import tag_list, tag_map

_OPTIONAL = {
    "description": "Description",
    "allowedPattern": "AllowedPattern",
    "dataType": "DataType",
    "tier": "Tier",
    "keyId": "KeyId",
}
# As what the value is written; the second is shown in a plan, and no SecureString may have it.
_VALUES = ("value", "insecureValue")


def client(context: Context) -> Any:
    """The Systems Manager client in the resource's region."""
    return context.client("ssm")


def _body(inputs: State) -> dict[str, Any]:
    value = next(inputs[name] for name in _VALUES if inputs.get(name))
    optional = {api: inputs[name] for name, api in _OPTIONAL.items() if inputs.get(name)}
    return {"Name": inputs["name"], "Type": inputs["type"], "Value": value, **optional}


def _create(context: Context, inputs: State) -> str:
    body = _body(inputs)
    if inputs.get("overwrite"):
        # The service takes no tags with an overwrite.
        client(context).put_parameter(**body, Overwrite=True)
        _retag(context, inputs["name"], inputs, inputs.get("tagsAll") or {}, [])
    else:
        client(context).put_parameter(**body, Tags=tag_list(inputs.get("tagsAll")))
    return str(inputs["name"])


def _read(context: Context, name: str, known: State) -> State | None:
    ssm = client(context)
    try:
        found = ssm.get_parameter(Name=name, WithDecryption=True)["Parameter"]
    except ssm.exceptions.ParameterNotFound:
        return None
    exact = [{"Key": "Name", "Option": "Equals", "Values": [name]}]
    described = ssm.describe_parameters(ParameterFilters=exact)["Parameters"]
    more = described[0] if described else {}
    shown = "insecureValue" if known.get("insecureValue") is not None else "value"
    return {
        "name": name,
        "type": found["Type"],
        shown: found["Value"],
        **{key: more.get(api) for key, api in _OPTIONAL.items()},
        "arn": found["ARN"],
        "version": found["Version"],
        "tags": tag_map(
            ssm.list_tags_for_resource(ResourceType="Parameter", ResourceId=name)["TagList"]
        ),
    }


def _update(context: Context, _name: str, change: Change) -> None:
    client(context).put_parameter(**_body(change.new), Overwrite=True)


def _retag(
    context: Context, name: str, _state: State, tags: Mapping[str, str], gone: list[str]
) -> None:
    ours = {"ResourceType": "Parameter", "ResourceId": name}
    if gone:
        client(context).remove_tags_from_resource(**ours, TagKeys=gone)
    if tags:
        client(context).add_tags_to_resource(**ours, Tags=tag_list(tags))


def _one_value(inputs: State) -> Iterator[tuple[str, str]]:
    given = [name for name in _VALUES if inputs.get(name) is not None]
    if len(given) != 1:
        yield "value", f"exactly one of {', '.join(_VALUES)} must be given, not {len(given)}."
    elif given == ["insecureValue"] and inputs.get("type") == "SecureString":
        yield "insecureValue", "not valid with the type SecureString."


TYPES = (
    ResourceType(
        name="aws:ssm/parameter:Parameter",
        inputs={
            "name": Input(replace=True, autoname="random"),
            "type": Input(required=True),
            "value": Input(),
            "insecureValue": Input(),
            "description": Input(),
            "allowedPattern": Input(),
            "dataType": Input(replace=True, computed=True),
            "tier": Input(computed=True),
            "keyId": Input(computed=True),
            "overwrite": Input(unread=True),
        },
        outputs=("arn", "version"),
        create=_create,
        read=_read,
        update=_update,
        delete=lambda context, name, _: client(context).delete_parameter(Name=name),
        tagger=_retag,
        validate=_one_value,
        unstable={"version": frozenset({"insecureValue", "value", "type", "description"})},
    ),
)
