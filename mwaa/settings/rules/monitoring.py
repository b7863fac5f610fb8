"""Rules on logs and alarms."""

import re
from collections.abc import Iterator
from typing import Final

from mwaa.names import partition_of
from mwaa.settings.problems import Advice, Problem, listed, quoted
from mwaa.settings.values import Choices
from mwaa.words import nearest

LOGS: Final = ("dagProcessing", "scheduler", "task", "webserver", "worker")
LEVELS: Final = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL", "OFF")

# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
_DAYS: Final = (0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731)
_YEARS: Final = (1096, 1827, 2192, 2557, 2922, 3288, 3653)
RETENTION_DAYS: Final = (*_DAYS, *_YEARS)


def judge(settings: Choices) -> Iterator[Problem | Advice]:
    yield from _levels(settings)
    if settings.log_retention_days not in RETENTION_DAYS:
        yield Problem(
            "logRetentionDays",
            str(settings.log_retention_days),
            f"{listed(RETENTION_DAYS)} (0: never)",
            "CloudWatch Logs keeps only these spans",
            "choose the next larger one",
        )
    if settings.ssm_prefix.lower().startswith(("/aws", "/ssm")):
        # https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-parameter-name-constraints.html
        yield Problem(
            "ssmPrefix",
            quoted(settings.ssm_prefix),
            "a path such as /mwaa/prod, whose first part begins with neither aws nor ssm",
            "SSM keeps those names for itself, in any letter case",
            "choose another first part",
        )
    yield from _alarms(settings)


def _levels(s: Choices) -> Iterator[Problem | Advice]:
    for log, level in s.log_levels.items():
        if log not in LOGS:
            close = nearest(log, LOGS)
            yield Problem(
                "logLevels",
                f'log "{log}"',
                listed(LOGS),
                "MWAA has these five logs",
                f'write "{close}"' if close else "remove it",
            )
        elif level not in LEVELS:
            yield Problem(
                "logLevels",
                f"{quoted(level)} for {log}",
                listed(LEVELS),
                "MWAA has these levels, and OFF sends nothing to CloudWatch",
                "choose one of them",
            )
    if s.log_levels.get("task") in ("WARNING", "ERROR", "CRITICAL", "OFF"):
        yield Advice("logLevels", "above INFO the log pages of tasks stay blank in the Airflow UI")


def _alarms(s: Choices) -> Iterator[Problem | Advice]:
    for address in s.alarm_emails:
        if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", address):
            yield Problem(
                "alarmEmails",
                quoted(address),
                "e-mail addresses",
                "SNS sends a confirmation to each",
                "correct the address",
            )
    arn = s.existing_alarm_topic_arn
    place = f"arn:{partition_of(s.region)}:sns:{s.region}:"
    if arn and not arn.startswith(place):
        # https://github.com/cds-snc/notification-terraform/pull/128 has CloudWatch's refusal
        # ("Invalid region ... specified. Only ... is supported"); read 2026-11-27.
        yield Problem(
            "existingAlarmTopicArn",
            quoted(arn),
            f"{place}<account>:<topic>",
            f"an alarm notifies topics of its own region alone, here {s.region}",
            "name a topic of this region, which may itself deliver to another one",
        )
    if s.alarm_emails and s.existing_alarm_topic_arn:
        yield Problem(
            "alarmEmails",
            f"{len(s.alarm_emails)} addresses",
            "nothing together with mwaa:existingAlarmTopicArn",
            "the stack adds subscribers only to a topic that it made",
            "subscribe the addresses to that topic, or remove its ARN",
        )
    if not s.alarms and (s.alarm_emails or s.existing_alarm_topic_arn):
        yield Problem(
            "alarms",
            "false",
            "true together with mwaa:alarmEmails or mwaa:existingAlarmTopicArn",
            "without alarms nobody would ever be notified",
            "set mwaa:alarms to true, or remove the receivers",
        )
