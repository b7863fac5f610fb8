"""Logs and alarms: what is refused, and why."""

from collections.abc import Callable
from typing import Any

import pytest

from mwaa.settings.load import Settings
from mwaa.settings.problems import Problem

Load = Callable[..., Settings]
Refused = Callable[..., list[Problem]]

TOPIC = "arn:aws:sns:us-east-1:123456789012:on-call"


def test_an_unknown_log_names_the_nearest(refused: Refused) -> None:
    (problem,) = refused(logLevels={"webServer": "INFO"})
    assert problem.got == 'log "webServer"'
    assert 'write "webserver"' in problem.do


def test_an_unknown_level_is_refused(refused: Refused) -> None:
    (problem,) = refused(logLevels={"task": "TRACE"})
    assert problem.got == '"TRACE" for task'
    assert "DEBUG, INFO, WARNING, ERROR, CRITICAL, OFF" in problem.allowed


@pytest.mark.parametrize("level", ["WARNING", "OFF"])
def test_quiet_task_logs_warn(load: Load, level: str) -> None:
    (warning,) = load(logLevels={"task": level}).warnings
    assert "stay blank" in warning


@pytest.mark.parametrize("days", [2, 364, 5000])
def test_retention_is_a_span_of_cloudwatch(refused: Refused, days: int) -> None:
    (problem,) = refused(logRetentionDays=days)
    assert (problem.setting, problem.got) == ("logRetentionDays", str(days))
    assert "365" in problem.allowed


def test_logs_may_be_kept_for_ever(load: Load) -> None:
    assert load(logRetentionDays=0).log_retention_days == 0


def test_an_address_is_an_address(refused: Refused) -> None:
    (problem,) = refused(alarmEmails=["on-call"])
    assert problem.got == '"on-call"'


@pytest.mark.parametrize(
    ("changes", "setting"),
    [
        ({"alarmEmails": ["a@example.com"], "existingAlarmTopicArn": TOPIC}, "alarmEmails"),
        ({"alarmEmails": ["a@example.com"], "alarms": False}, "alarms"),
        ({"existingAlarmTopicArn": TOPIC, "alarms": False}, "alarms"),
        ({"existingAlarmTopicArn": "on-call"}, "existingAlarmTopicArn"),
    ],
)
def test_receivers_that_would_not_be_told_are_refused(
    refused: Refused, changes: dict[str, Any], setting: str
) -> None:
    (problem,) = refused(**changes)
    assert problem.setting == setting


@pytest.mark.parametrize(
    "arn",
    [TOPIC.replace("us-east-1", "eu-west-1"), TOPIC.replace("aws", "aws-cn")],
)
def test_an_alarm_notifies_a_topic_of_its_own_region(
    refused: Refused, load: Load, arn: str
) -> None:
    (problem,) = refused(existingAlarmTopicArn=arn)
    assert "arn:aws:sns:us-east-1:" in problem.allowed
    # A topic of another account may let this one publish.
    assert load(existingAlarmTopicArn=TOPIC.replace("123456789012", "999999999999"))


@pytest.mark.parametrize(
    "prefix", ["mwaa", "/", "/mwaa/", "/mwaa//prod", "/aws/x", "/SSM-x", "/a b"]
)
def test_parameters_stand_below_a_path(refused: Refused, prefix: str) -> None:
    (problem,) = refused(ssmPrefix=prefix)
    assert (problem.setting, problem.got) == ("ssmPrefix", f'"{prefix}"')
    assert "/mwaa/prod" in problem.allowed


@pytest.mark.parametrize("prefix", ["", "/mwaa/prod", "/team/a.b/c_d-e"])
def test_a_path_of_parameters_passes(load: Load, prefix: str) -> None:
    assert load(ssmPrefix=prefix).ssm_prefix == prefix
