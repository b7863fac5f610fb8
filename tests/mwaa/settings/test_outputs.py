"""The outputs of a stack: one list, each named once and described."""

import re

from mwaa.settings.outputs import NAMES, OUTPUTS


def test_outputs_are_unique_and_in_camel_case() -> None:
    assert len(set(NAMES)) == len(NAMES)
    assert all(re.fullmatch(r"[a-z][a-zA-Z0-9]+", name) for name in NAMES)


def test_outputs_have_a_json_type_and_one_sentence() -> None:
    assert {output.type for output in OUTPUTS} <= {"string", "number", "array", "object"}
    assert all(output.description.endswith(".") for output in OUTPUTS)


def test_lists_and_mappings_are_named_in_the_plural() -> None:
    for output in OUTPUTS:
        assert output.name.endswith("s") or output.type == "string"
