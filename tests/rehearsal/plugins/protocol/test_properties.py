"""Values survive the wire, marks and all."""

from __future__ import annotations

import pytest
from google.protobuf.struct_pb2 import Struct
from hypothesis import given
from hypothesis import strategies as st

from policy.plan.signatures import SIGNATURE
from rehearsal.plugins.protocol.properties import PropertyError, decode, encode
from rehearsal.plugins.protocol.values import (
    UNKNOWN,
    Archive,
    Asset,
    OutputValue,
    Reference,
    Secret,
    Value,
    conceal,
    contains_unknown,
    reveal,
    secret_paths,
)

texts = st.text(max_size=12)
keys = texts.filter(lambda key: key != SIGNATURE)
plain_leaves = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**53), 2**53),
    st.floats(allow_nan=False, allow_infinity=False).filter(lambda number: number % 1 != 0),
    texts,
)
plain = st.recursive(
    plain_leaves,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(keys, inner, max_size=3)),
    max_leaves=8,
)
special_leaves = st.one_of(
    plain_leaves,
    st.just(UNKNOWN),
    st.builds(Asset, path=texts, hash=texts),
    st.builds(Asset, text=texts),
    st.builds(Archive, path=texts),
    st.builds(Reference, urn=texts, id=st.one_of(st.none(), texts), version=texts),
)
values = st.recursive(
    special_leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(keys, inner, max_size=3),
        st.builds(Secret, inner),
        st.builds(OutputValue, inner, st.booleans(), st.lists(texts, max_size=2).map(tuple)),
    ),
    max_leaves=8,
)


@given(st.dictionaries(keys, values, max_size=4))
def test_values_survive_the_wire(properties: dict[str, Value]) -> None:
    sent = encode(properties)
    received = Struct.FromString(sent.SerializeToString())
    assert decode(received) == properties


@given(st.dictionaries(keys, values, max_size=4))
def test_revealed_values_hide_nothing(properties: dict[str, Value]) -> None:
    shown = reveal(properties)
    assert list(secret_paths(shown)) == []
    assert contains_unknown(shown) == contains_unknown(properties)


@given(st.dictionaries(keys, values, max_size=4))
def test_concealing_restores_what_was_secret(properties: dict[str, Value]) -> None:
    paths = list(secret_paths(properties))
    hidden = conceal(reveal(properties), paths)
    assert set(secret_paths(hidden)) == set(paths)
    assert reveal(hidden) == reveal(properties)


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        ([("a", "b")], {"a": {"b": Secret(1)}, "c": 2}),
        ([("a", "gone")], {"a": Secret({"b": 1}), "c": 2}),
        ([("gone",)], {"a": {"b": 1}, "c": 2}),
        ([("c", 3)], {"a": {"b": 1}, "c": Secret(2)}),
    ],
)
def test_a_path_that_moved_hides_its_ancestor(
    paths: list[tuple[str | int, ...]], expected: dict[str, Value]
) -> None:
    assert conceal({"a": {"b": 1}, "c": 2}, paths) == expected


def test_secret_never_prints_its_value() -> None:
    assert "hunter2" not in repr({"password": Secret("hunter2")})


def test_whole_numbers_are_integers() -> None:
    assert str(decode(encode({"port": 443.0}))["port"]) == "443"


@pytest.mark.parametrize("value", [b"bytes", {1, 2}, object()])
def test_other_types_are_refused_by_name(value: object) -> None:
    with pytest.raises(PropertyError, match=type(value).__name__):
        encode({"odd": value})


def test_unknown_signature_is_refused() -> None:
    with pytest.raises(PropertyError, match="unknown signature 'nonsense'"):
        decode(encode({"odd": {SIGNATURE: "nonsense"}}))
