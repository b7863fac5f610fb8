"""Which changes replace an environment."""

from dataclasses import replace
from typing import Any

import pytest

from mwaa.settings.replacement import Guards, ReplacementError, refuse, replacements

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


@pytest.mark.parametrize("allowed", [False, True])
def test_a_fall_of_the_major_version_is_refused_even_where_replacement_is_allowed(
    allowed: bool,
) -> None:
    with pytest.raises(ReplacementError) as refusal:
        refuse({**DEPLOYED, "airflowVersion": "3.0.6"}, NOW, allowed=allowed)
    for word in ("airflowVersion", "3.0.6", NOW.airflow_version, "another stack"):
        assert word in str(refusal.value)
