"""Words of messages: values as a stack file shows them, hidden secrets."""

import pytest

from mwaa.settings.problems import Advice, Problem, SettingsError, hide, quoted


@pytest.mark.parametrize(
    ("value", "shown"),
    [("a", '"a"'), (True, "true"), (3, "3"), (("a", "b"), '["a", "b"]'), ([], "[]")],
)
def test_values_are_shown_as_yaml(value: object, shown: str) -> None:
    assert quoted(value) == shown


def test_the_longest_secret_is_hidden_first_and_short_ones_stay() -> None:
    assert hide("got abcdef and abcd and 1", ["abcd", "abcdef", "1"]) == (
        "got [secret] and [secret] and 1"
    )


def test_a_message_has_all_its_parts_in_one_line() -> None:
    problem = Problem("egress", '"nat"', "none", "it is so", "choose none")
    assert str(problem) == (
        'mwaa:egress: got "nat". Allowed: none. Why: it is so. Do: choose none.'
    )
    assert str(SettingsError([problem])).splitlines()[0] == (
        "1 setting is refused; nothing was sent to AWS."
    )
    assert str(Advice("egress", "costs")) == "mwaa:egress: costs"
