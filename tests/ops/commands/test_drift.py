"""Drift: every field that differs is reported, and no option value ever."""

import json
from typing import Any

import pytest
import typer

from mwaa.service.api_names import LOG_PROPERTIES
from ops.commands import drift
from ops.commands.drift import FIELDS, Difference, differences
from ops.errors import RefusedError
from ops.target import NoEnvironmentError

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


def test_an_environment_that_is_gone_differs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def resolve(**_: Any) -> Any:
        raise NoEnvironmentError("no environment prod in us-east-1")

    monkeypatch.setattr(drift, "resolve", resolve)
    monkeypatch.setattr(drift, "stack_outputs", lambda _: {"environmentName": "prod"})
    assert drift.compare("prod").differences == [Difference("environment", "prod", None)]
    with pytest.raises(typer.Exit) as ended:
        drift.run(["prod"])
    assert ended.value.exit_code == 1
    assert "metadata database with it: `pulumi up --refresh`" in capsys.readouterr().out

    def refused(**_: Any) -> Any:
        raise RefusedError("permission missing")

    monkeypatch.setattr(drift, "resolve", refused)
    with pytest.raises(RefusedError, match="permission missing"):
        drift.compare("prod")
