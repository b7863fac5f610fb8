"""Which changes replace an environment."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from mwaa.settings.replacement import (
    Guards,
    ReplacementError,
    refuse,
    refuse_ended,
    replacements,
    rises,
)

NOW = Guards(
    name="orders",
    subnets=("eu-west-1a 10.0.0.0/20", "eu-west-1b 10.0.16.0/20"),
    key="customer-managed",
    endpoint_management="SERVICE",
    airflow_version="2.10.3",
)
DEPLOYED = NOW.export(key_arn="arn:key", subnet_ids=["subnet-2", "subnet-1"])


@pytest.mark.parametrize(
    ("change", "setting", "old", "new"),
    [
        ({"name": "bills"}, "environmentName", "orders", "bills"),
        (
            {"subnets": ("eu-west-1a 10.0.0.0/20", "eu-west-1c 10.0.16.0/20")},
            "availabilityZones",
            "eu-west-1b 10.0.16.0/20",
            "eu-west-1c 10.0.16.0/20",
        ),
        ({"subnets": ("subnet-8", "subnet-9")}, "existingSubnetIds", "10.0.0.0/20", "subnet-8"),
        ({"key": "aws-owned"}, "encryption", "customer-managed", "aws-owned"),
        ({"key": "arn:other"}, "existingKeyArn", "customer-managed", "arn:other"),
        ({"endpoint_management": "CUSTOMER"}, "endpointManagement", "SERVICE", "CUSTOMER"),
        ({"airflow_version": "3.0.6"}, "airflowVersion", "2.10.3", "3.0.6"),
    ],
)
def test_a_refusal_names_setting_old_new_and_the_way_out(
    change: dict[str, Any], setting: str, old: str, new: str
) -> None:
    with pytest.raises(ReplacementError) as refusal:
        refuse(DEPLOYED, replace(NOW, **change), allowed=False)
    text = str(refusal.value)
    assert all(word in text for word in (setting, old, new, "mwaa:allowReplacement"))
    assert len(replacements(DEPLOYED, replace(NOW, **change))) == 1


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"subnets": tuple(reversed(NOW.subnets))},
        # What the stack made may later be named as existing: it is the same thing.
        {"subnets": ("subnet-1", "subnet-2")},
        {"key": "arn:key"},
        {"airflow_version": "2.11.2"},
        {"airflow_version": "2.9.2"},
    ],
)
def test_what_is_updated_in_place_goes_on(change: dict[str, Any]) -> None:
    assert replacements(DEPLOYED, replace(NOW, **change)) == []


def test_all_changes_are_named_at_once() -> None:
    changed = replace(NOW, name="bills", airflow_version="3.0.6")
    with pytest.raises(ReplacementError) as refusal:
        refuse(DEPLOYED, changed, allowed=False)
    assert "environmentName" in str(refusal.value) and "airflowVersion" in str(refusal.value)


@pytest.mark.parametrize("previous", [None, {}, {"name": "orders"}])
def test_a_first_deployment_has_nothing_to_lose(previous: dict[str, Any] | None) -> None:
    refuse(previous, NOW, allowed=False)


def test_who_allows_it_loses_it() -> None:
    refuse(DEPLOYED, replace(NOW, name="bills"), allowed=True)


def deployed(version: str) -> dict[str, Any]:
    """What a stack exported that was last deployed with this version."""
    return {**DEPLOYED, "airflowVersion": version}


def wanted(version: str) -> Guards:
    """The choices of now, with this version."""
    return replace(NOW, airflow_version=version)


@pytest.mark.parametrize(
    ("old", "new", "running", "words"),
    [
        # MWAA can, the provider cannot: the way leads around the provider.
        ("2.11.2", "3.2.1", "2.11.2", ["update-environment", "3.2.1", "--refresh", "upgrade.md"]),
        ("2.11.0", "3.3.1", None, ["update-environment", "3.3.1"]),
        # The stepping stone is named.
        ("2.10.3", "3.2.1", None, ["2.11.2", "in place from 2.11.x only"]),
        ("2.7.2", "3.0.6", "2.7.2", ["2.11.2"]),
        # Upgraded outside, to another version than the wanted one.
        ("2.11.2", "3.2.1", "3.0.6", ["runs 3.0.6", "set airflowVersion to 3.0.6"]),
    ],
)
def test_a_rise_of_the_major_version_says_how_it_is_done(
    old: str, new: str, running: str | None, words: list[str]
) -> None:
    with pytest.raises(ReplacementError) as refusal:
        refuse(deployed(old), wanted(new), allowed=False, running=running)
    assert [word for word in words if word not in str(refusal.value)] == []
    assert "cannot change them in place" not in str(refusal.value)


def test_an_environment_upgraded_outside_is_accepted() -> None:
    refuse(deployed("2.11.2"), wanted("3.2.1"), allowed=False, running="3.2.1")


@pytest.mark.parametrize("new", ["2.11.2", "2.11.0"])
def test_a_fall_that_mwaa_makes_goes_through(new: str) -> None:
    refuse(deployed("3.2.1"), wanted(new), allowed=False)


@pytest.mark.parametrize("allowed", [False, True])
def test_a_fall_that_mwaa_does_not_make_is_refused_even_where_replacement_is_allowed(
    allowed: bool,
) -> None:
    with pytest.raises(ReplacementError) as refusal:
        refuse(deployed("3.0.6"), wanted("2.10.3"), allowed=allowed)
    for word in ("airflowVersion", "3.0.6", "2.10.3", "2.11.2", "another stack"):
        assert word in str(refusal.value)


@pytest.mark.parametrize(
    ("previous", "version", "asks"),
    [
        (None, "3.2.1", False),
        ({"name": "orders"}, "3.2.1", False),
        (deployed("2.11.2"), "3.2.1", True),
        (deployed("3.2.1"), "2.11.2", False),
        (deployed("2.10.3"), "2.11.2", False),
    ],
)
def test_the_living_version_is_asked_for_a_rise_alone(
    previous: dict[str, Any] | None, version: str, asks: bool
) -> None:
    assert rises(previous, version) is asks


TODAY = date(2026, 11, 27)


@pytest.mark.parametrize("previous", [None, deployed("2.10.3"), {"name": "orders"}])
def test_an_ended_version_is_refused_for_a_create_and_a_change(
    previous: dict[str, Any] | None,
) -> None:
    with pytest.raises(ReplacementError) as refusal:
        refuse_ended("2.6.3", previous, adopts=False, today=TODAY)
    for word in ("airflowVersion", "2.6.3", "2025-12-30", "2.11.2", "adoptEnvironment"):
        assert word in str(refusal.value)


def test_an_ended_version_is_kept_and_taken_over() -> None:
    refuse_ended("2.6.3", deployed("2.6.3"), adopts=False, today=TODAY)
    refuse_ended("2.6.3", None, adopts=True, today=TODAY)
    refuse_ended("2.10.3", None, adopts=False, today=TODAY)
