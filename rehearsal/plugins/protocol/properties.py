"""Property values to and from the wire (`google.protobuf.Struct`).

The kinds JSON lacks travel as objects with a signature, unknown values as reserved strings.
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

from policy.plan import signatures
from rehearsal.plugins.protocol.values import (
    UNKNOWN,
    Archive,
    Asset,
    OutputValue,
    Reference,
    Secret,
    Value,
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
        return UNKNOWN if text in signatures.UNKNOWNS else text
    if kind == "number_value":
        number = value.number_value
        return int(number) if number.is_integer() else number
    if kind == "bool_value":
        return value.bool_value
    if kind == "list_value":
        return [_decode(item) for item in value.list_value.values]
    if kind == "struct_value":
        fields = decode(value.struct_value)
        return _signed(fields) if signatures.SIGNATURE in fields else fields
    return None


def _signed(fields: dict[str, Any]) -> Value:
    signature = fields[signatures.SIGNATURE]
    if signature == signatures.SECRET:
        return Secret(fields.get("value"))
    if signature == signatures.ASSET:
        return Asset(fields.get("path"), fields.get("text"), fields.get("uri"), fields.get("hash"))
    if signature == signatures.ARCHIVE:
        return Archive(
            fields.get("path"), fields.get("uri"), fields.get("assets"), fields.get("hash")
        )
    if signature == signatures.REFERENCE:
        return Reference(fields["urn"], fields.get("id"), fields.get("packageVersion", ""))
    if signature == signatures.OUTPUT:
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
        return WireValue(string_value=signatures.UNKNOWN_TEXT)
    return WireValue(struct_value=encode(_signed_fields(value)))


def _signed_fields(value: Value) -> dict[str, Value]:
    if isinstance(value, Secret):
        return {signatures.SIGNATURE: signatures.SECRET, "value": value.value}
    if isinstance(value, Asset):
        parts = {"path": value.path, "text": value.text, "uri": value.uri, "hash": value.hash}
        return {signatures.SIGNATURE: signatures.ASSET, **_present(parts)}
    if isinstance(value, Archive):
        parts = {"path": value.path, "uri": value.uri, "hash": value.hash}
        assets = {} if value.assets is None else {"assets": dict(value.assets)}
        return {signatures.SIGNATURE: signatures.ARCHIVE, **_present(parts), **assets}
    if isinstance(value, Reference):
        fields = {
            signatures.SIGNATURE: signatures.REFERENCE,
            "urn": value.urn,
            "packageVersion": value.version,
        }
        return fields if value.id is None else {**fields, "id": value.id}
    if isinstance(value, OutputValue):
        known = {} if value.value is UNKNOWN else {"value": value.value}
        secret = {"secret": True} if value.secret else {}
        dependencies = {"dependencies": list(value.dependencies)} if value.dependencies else {}
        return {signatures.SIGNATURE: signatures.OUTPUT, **known, **secret, **dependencies}
    raise PropertyError(
        f"A property has the Python type {type(value).__name__}, which the engine's protocol "
        "cannot carry. Allowed: None, bool, int, float, str, list, dict, secrets and assets."
    )


def _present(parts: dict[str, str | None]) -> dict[str, Value]:
    return {key: part for key, part in parts.items() if part is not None}
