"""Property values to and from the wire (`google.protobuf.Struct`).

The kinds JSON lacks travel as objects with a signature, unknown values as reserved strings.
Source: https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/sig/sig.go
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from google.protobuf.struct_pb2 import (
    ListValue,
    NullValue,
    Struct,
)
from google.protobuf.struct_pb2 import Value as WireValue

from rehearsal.plugins.protocol.values import (
    UNKNOWN,
    Archive,
    Asset,
    OutputValue,
    Reference,
    Secret,
    Value,
)

SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET_MARK = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 (a public constant)
ASSET_MARK = "c44067f5952c0a294b673a41bacd8c17"
ARCHIVE_MARK = "0def7320c3a5731c473e5ecbe6d01bc7"
REFERENCE_MARK = "5cf8f73096256a8f31e491e813e4eb8e"
OUTPUT_MARK = "d0e6a833031e9bbcd3f4e8bde6ca49a4"

_UNKNOWN_STRING = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
# The engine has one reserved string for each kind of value that is not known yet.
_UNKNOWN_STRINGS = frozenset(
    {
        _UNKNOWN_STRING,
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
        "030794c1-ac77-496b-92df-f27374a8bd58",
        "e48ece36-62e2-4504-bad9-02848725956a",
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    }
)


class PropertyError(ValueError):
    """A value that the protocol cannot carry, or an object with an unknown signature."""


def decode(struct: Struct) -> dict[str, Value]:
    """The properties of a message."""
    return {key: _decode(value) for key, value in struct.fields.items()}


def encode(properties: Mapping[str, Value]) -> Struct:
    """The properties as a message. Raises PropertyError for anything but a `Value`."""
    struct = Struct()
    for key, value in properties.items():
        struct.fields[key].CopyFrom(_encode(value))
    return struct


def _decode(value: WireValue) -> Value:
    kind = value.WhichOneof("kind")
    if kind == "string_value":
        text = value.string_value
        return UNKNOWN if text in _UNKNOWN_STRINGS else text
    if kind == "number_value":
        number = value.number_value
        return int(number) if number.is_integer() else number
    if kind == "bool_value":
        return value.bool_value
    if kind == "list_value":
        return [_decode(item) for item in value.list_value.values]
    if kind == "struct_value":
        fields = decode(value.struct_value)
        return _signed(fields) if SIGNATURE in fields else fields
    return None


def _signed(fields: dict[str, Any]) -> Value:
    signature = fields[SIGNATURE]
    if signature == SECRET_MARK:
        return Secret(fields.get("value"))
    if signature == ASSET_MARK:
        return Asset(fields.get("path"), fields.get("text"), fields.get("uri"), fields.get("hash"))
    if signature == ARCHIVE_MARK:
        return Archive(
            fields.get("path"), fields.get("uri"), fields.get("assets"), fields.get("hash")
        )
    if signature == REFERENCE_MARK:
        return Reference(fields["urn"], fields.get("id"), fields.get("packageVersion", ""))
    if signature == OUTPUT_MARK:
        return OutputValue(
            # An output without a value is one that is not known yet.
            fields.get("value", UNKNOWN),
            bool(fields.get("secret", False)),
            tuple(fields.get("dependencies", ())),
        )
    raise PropertyError(f"The engine sent a value with the unknown signature {signature!r}.")


def _encode(value: Value) -> WireValue:
    if value is None:
        return WireValue(null_value=NullValue.NULL_VALUE)
    if isinstance(value, bool):
        return WireValue(bool_value=value)
    if isinstance(value, int | float):
        return WireValue(number_value=value)
    if isinstance(value, str):
        return WireValue(string_value=value)
    if isinstance(value, list | tuple):
        return WireValue(list_value=ListValue(values=[_encode(item) for item in value]))
    if isinstance(value, Mapping):
        return WireValue(struct_value=encode(value))
    if value is UNKNOWN:
        return WireValue(string_value=_UNKNOWN_STRING)
    return WireValue(struct_value=encode(_signed_fields(value)))


def _signed_fields(value: Value) -> dict[str, Value]:
    if isinstance(value, Secret):
        return {SIGNATURE: SECRET_MARK, "value": value.value}
    if isinstance(value, Asset):
        parts = {"path": value.path, "text": value.text, "uri": value.uri, "hash": value.hash}
        return {SIGNATURE: ASSET_MARK, **_present(parts)}
    if isinstance(value, Archive):
        parts = {"path": value.path, "uri": value.uri, "hash": value.hash}
        assets = {} if value.assets is None else {"assets": dict(value.assets)}
        return {SIGNATURE: ARCHIVE_MARK, **_present(parts), **assets}
    if isinstance(value, Reference):
        fields = {SIGNATURE: REFERENCE_MARK, "urn": value.urn, "packageVersion": value.version}
        return fields if value.id is None else {**fields, "id": value.id}
    if isinstance(value, OutputValue):
        known = {} if value.value is UNKNOWN else {"value": value.value}
        secret = {"secret": True} if value.secret else {}
        dependencies = {"dependencies": list(value.dependencies)} if value.dependencies else {}
        return {SIGNATURE: OUTPUT_MARK, **known, **secret, **dependencies}
    raise PropertyError(
        f"A property has the Python type {type(value).__name__}, which the engine's protocol "
        "cannot carry. Allowed: None, bool, int, float, str, list, dict, secrets and assets."
    )


def _present(parts: dict[str, str | None]) -> dict[str, Value]:
    return {key: part for key, part in parts.items() if part is not None}
