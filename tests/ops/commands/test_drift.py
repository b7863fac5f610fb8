"""Drift: every field that differs is reported, and no option value ever."""

import json
from typing import Any

import pytest

from mwaa.service.api_names import LOG_PROPERTIES
from ops.commands.drift import FIELDS, differences

STATE: dict[str, Any] = {
    "airflowVersion": "2.10.3",
    "dagS3Path": "dags",
    "maxWorkers": 5,
    "pluginsS3Path": "",
    "networkConfiguration": {"subnetIds": ["b", "a"], "securityGroupIds": ["sg"]},
    "loggingConfiguration": {
        name: {"enabled": True, "logLevel": "INFO"} for name in LOG_PROPERTIES
    },
    "airflowConfigurationOptions": {"core.x": "hunter2"},
    "tagsAll": {"team": "data"},
}
ACCOUNT: dict[str, Any] = {
    "AirflowVersion": "2.10.3",
    "DagS3Path": "dags/",
    "MaxWorkers": 5,
    "NetworkConfiguration": {"SubnetIds": ["a", "b"], "SecurityGroupIds": ["sg"]},
    "LoggingConfiguration": {
        name: {"Enabled": True, "LogLevel": "INFO"} for name in LOG_PROPERTIES.values()
    },
    "AirflowConfigurationOptions": {"core.x": "hunter2"},
    "Tags": {"team": "data", "aws:cloudformation:stack-id": "x"},
}


def test_order_slashes_absence_and_tags_of_aws_are_no_drift() -> None:
    assert differences(STATE, ACCOUNT) == []


@pytest.mark.parametrize("field", sorted(FIELDS))
def test_every_field_is_compared(field: str) -> None:
    found = differences(STATE, {**ACCOUNT, FIELDS[field]: "changed by hand"})
    assert [one.field for one in found] == [field]


@pytest.mark.parametrize(
    ("member", "value", "field"),
    [
        (
            "NetworkConfiguration",
            {"SubnetIds": ["a", "b"], "SecurityGroupIds": ["sg", "sg2"]},
            "networkConfiguration.securityGroupIds",
        ),
        (
            "LoggingConfiguration",
            {**ACCOUNT["LoggingConfiguration"], "TaskLogs": {"Enabled": False}},
            "loggingConfiguration.taskLogs",
        ),
        ("Tags", {}, "tags.team"),
        ("Tags", {"team": "data", "by": "hand"}, "tags.by"),
        (
            "AirflowConfigurationOptions",
            {"core.x": "hunter2", "core.y": "hunter2"},
            "airflowConfigurationOptions.core.y",
        ),
        (
            "AirflowConfigurationOptions",
            {"core.x": "*******"},
            "airflowConfigurationOptions.core.x",
        ),
        ("AirflowConfigurationOptions", {}, "airflowConfigurationOptions.core.x"),
    ],
)
def test_structured_fields_are_compared_member_by_member(
    member: str, value: Any, field: str
) -> None:
    found = differences(STATE, {**ACCOUNT, member: value})
    assert [one.field for one in found] == [field]
    assert "hunter2" not in repr(found)
    assert "*******" not in repr(found)


def test_decrypted_options_are_compared_by_value_and_shown_by_name() -> None:
    whole = {"plaintext": json.dumps({"core.x": "hunter2"})}
    one = {"core.x": {"plaintext": json.dumps("hunter2")}}
    for options in (whole, one):
        state = {**STATE, "airflowConfigurationOptions": options}
        assert differences(state, ACCOUNT) == []
        changed = {**ACCOUNT, "AirflowConfigurationOptions": {"core.x": "changed by hand"}}
        (found,) = differences(state, changed)
        assert found.field == "airflowConfigurationOptions.core.x"
        assert "hunter2" not in repr(found)
        assert "changed by hand" not in repr(found)


def test_options_that_stay_encrypted_are_not_judged() -> None:
    for options in ({"ciphertext": "v1:..."}, {"core.x": {"ciphertext": "v1:..."}}):
        state = {**STATE, "airflowConfigurationOptions": options}
        assert differences(state, ACCOUNT) == []
