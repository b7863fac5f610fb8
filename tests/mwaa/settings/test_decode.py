"""Raw configuration becomes typed values, and nothing that is text is taken for a number."""

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mwaa.settings.decode import decode, kind_of, leaves
from mwaa.settings.load import Settings

FIELDS = Settings.declared()

JSON = st.recursive(
    st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=9
)


@pytest.mark.parametrize(
    ("setting", "kind"),
    [
        ("environmentName", "string"),
        ("egress", "string"),
        ("minWorkers", "integer"),
        ("protect", "boolean"),
        ("alarmEmails", "array"),
        ("airflowRoles", "array"),
        ("additionalRoleStatements", "array"),
        ("tags", "object"),
    ],
)
def test_a_setting_has_the_kind_of_its_annotation(setting: str, kind: str) -> None:
    assert kind_of(FIELDS[setting]) == kind


@given(st.text().filter(lambda text: text.strip()[:1] not in ("[", "{")))
@example("[a-z].*")
@example("{unfinished")
def test_text_stays_as_it_is(text: str) -> None:
    assert decode({"dagS3Path": text}, FIELDS, ()) == ({"dagS3Path": text}, [])


@given(st.integers(min_value=-999_999_999, max_value=999_999_999))
def test_integers_survive(number: int) -> None:
    assert decode({"minWorkers": str(number)}, FIELDS, ())[0] == {"minWorkers": number}


@given(st.text().filter(lambda text: not text.strip().lstrip("-").isdecimal()))
def test_anything_else_is_no_integer(text: str) -> None:
    typed, (problem,) = decode({"minWorkers": text}, FIELDS, ())
    assert typed == {}
    assert problem.allowed == "a whole number"


@pytest.mark.parametrize(("raw", "value"), [("true", True), ("False", False), (" true ", True)])
def test_booleans(raw: str, value: bool) -> None:
    assert decode({"protect": raw}, FIELDS, ())[0] == {"protect": value}


@given(st.lists(st.text()))
def test_lists_survive(texts: list[str]) -> None:
    assert decode({"alarmEmails": json.dumps(texts)}, FIELDS, ())[0] == {"alarmEmails": texts}


@given(JSON)
def test_every_text_inside_a_value_is_a_leaf(value: object) -> None:
    found = list(leaves(value))
    assert all(isinstance(text, str) for text in found)
    if isinstance(value, str):
        assert found == [value]


# Each with what a message says was given.
WRONG = [
    ("maxWorkers", "many", '"many"', "a whole number"),
    ("maxWorkers", "1.5", '"1.5"', "a whole number"),
    ("keyRotationDays", "", "nothing", "a whole number"),
    ("protect", "yes please", '"yes please"', "true or false"),
    ("protect", " ", "nothing", "true or false"),
    ("availabilityZones", "us-east-1a", '"us-east-1a"', "a YAML list"),
    ("availabilityZones", '{"a":"b"}', '{"a":"b"}', "a YAML list"),
    ("tags", '["a"]', '["a"]', "a YAML mapping"),
    ("requirementsFile", '["a.txt"]', '["a.txt"]', "text"),
    ("dagS3Path", '{"a":"b"}', '{"a":"b"}', "text"),
]


@pytest.mark.parametrize(("setting", "raw", "got", "allowed"), WRONG)
def test_a_wrong_type_is_named_with_what_is_allowed(
    setting: str, raw: str, got: str, allowed: str
) -> None:
    typed, (problem,) = decode({setting: raw}, FIELDS, ())
    assert typed == {}
    assert (problem.setting, problem.got, problem.allowed) == (setting, got, allowed)
    assert problem.do == f"write {allowed} in the stack file, or remove the line"


def test_the_raw_text_of_a_secret_is_not_shown() -> None:
    _, (problem,) = decode({"minWorkers": "hunter2"}, FIELDS, ["minWorkers"])
    assert problem.got == "[secret]"
