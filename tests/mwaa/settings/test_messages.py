"""What a setting may hold, in words that come from its declaration."""

import pytest

from mwaa.service.classes import CLASSES
from mwaa.settings.load import Settings
from mwaa.settings.messages import allowed_values, why_of

FIELDS = Settings.declared()


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("webserverAccessMode", "PRIVATE_ONLY, PUBLIC_ONLY, PUBLIC_AND_PRIVATE"),
        ("airflowRoles", "Admin, Op, User, Viewer, Public"),
        ("schedulers", "0 to 5"),
        ("minWorkers", "1 or more"),
        ("additionalSecurityGroupIds", "at most 4 entries"),
        ("tags", "a mapping of text to text"),
        ("alarmEmails", "a list of texts"),
        ("additionalRoleStatements", "a list of mappings"),
        ("environmentClass", ", ".join(CLASSES)),
    ],
)
def test_limits_in_words(setting: str, words: str) -> None:
    assert allowed_values(FIELDS[setting]) == words


@pytest.mark.parametrize("setting", FIELDS)
def test_whoever_sets_a_limit_says_why_and_never_shows_a_pattern(setting: str) -> None:
    field = FIELDS[setting]
    if field.metadata:
        assert why_of(field)
    assert "^" not in allowed_values(field)
    assert (field.description or "").endswith(".")
