"""One broken fact in the five log groups."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mwaa.model.platform import UNKNOWN, LogGroup, LogModule, LogStream, Platform
from mwaa.service.log_messages import PIP_FAILED
from tests.fixtures.changes import with_environment
from tests.fixtures.delivered import delivering
from tests.fixtures.records import NOW
from tests.policy.rules.cases import (
    Change,
    adding,
    environment,
    platform,
    record,
    rule_cases,
    running,
    without,
)

TASK = "airflow-prod-Task"


def module(name: str, **changes: Any) -> Change:
    """One log module changed."""

    def change(platform: Platform) -> Platform:
        logging = platform.environment.logging
        assert isinstance(logging, Mapping)
        found: LogModule = replace(logging[name], **changes)
        return with_environment(platform, logging={**logging, name: found})

    return change


def wrote(stream: str, *lines: str, group: str = "airflow-prod-Worker") -> Change:
    """A stream of a group with these lines."""
    return record(
        "log_groups", group, streams=(LogStream(name=f"{stream}_ip_1.0.log", lines=lines),)
    )


def unread(stream: str) -> Change:
    """A stream that may not be read."""
    return record("log_groups", "airflow-prod-Worker", streams=(LogStream(name=f"{stream}_1.log"),))


def with_script() -> Platform:
    """The living platform with a startup script."""
    return delivering()(running())


REQUIREMENTS, STARTUP = "requirements_install", "startup_script_execution"

CASES = [
    *rule_cases(
        "mwaa-logs-all-five-enabled",
        fail=[module("task", enabled=False), module("dag_processing", enabled=False)],
        unknown=[module("worker", enabled=UNKNOWN), environment(logging=UNKNOWN)],
    ),
    *rule_cases(
        "mwaa-logs-levels-informative",
        fail=[module("task", level="WARNING"), module("scheduler", level="CRITICAL")],
        unknown=[module("task", level=UNKNOWN)],
    ),
    *rule_cases(
        "mwaa-logs-group-names-exact",
        fail=[record("log_groups", TASK, name="airflow-prod-task")],
        unknown=[platform(log_groups=UNKNOWN), record("log_groups", TASK, name=UNKNOWN)],
        passing=[adding("log_groups", LogGroup(id="g", name="airflow-prod2-Task"))],
        also=["mwaa-logs-groups-declared"],
    ),
    *rule_cases(
        "mwaa-logs-groups-before-environment",
        fail=[environment(depends_on=frozenset({"bucket", "role"}))],
        unknown=[environment(depends_on=UNKNOWN)],
        also=["*"],
    ),
    *rule_cases(
        "mwaa-logs-groups-declared",
        fail=[without("log_groups", TASK)],
        unknown=[platform(log_groups=UNKNOWN)],
    ),
    *rule_cases(
        "mwaa-logs-retention-set",
        fail=[record("log_groups", TASK, retention_days=None)],
        unknown=[record("log_groups", TASK, retention_days=UNKNOWN)],
    ),
    *rule_cases(
        "mwaa-logs-groups-encrypted",
        fail=[
            record("log_groups", TASK, key=None),
            record("log_groups", TASK, key="arn:aws:kms:us-east-1:123456789012:key/other"),
        ],
        unknown=[record("log_groups", TASK, key=UNKNOWN)],
    ),
    *rule_cases(
        "mwaa-logs-group-arns-match",
        fail=[without("log_groups", TASK)],
        unknown=[platform(log_groups=UNKNOWN)],
        base=running,
        also=["mwaa-logs-groups-declared"],
    ),
    *rule_cases(
        "mwaa-logs-group-arns-match", fail=[module("task", log_group_arn=None)], base=running
    ),
    *rule_cases(
        "mwaa-logs-events-arrive",
        fail=[
            record("log_groups", "airflow-prod-Scheduler", last_event=1.0),
            record("log_groups", "airflow-prod-Worker", last_event=None),
        ],
        unknown=[record("log_groups", "airflow-prod-Worker", last_event=UNKNOWN)],
        passing=[
            record("log_groups", TASK, last_event=None),
            record("log_groups", "airflow-prod-Scheduler", last_event=NOW - 2 * 3600),
        ],
        base=running,
    ),
    *rule_cases(
        "mwaa-logs-groups-retained",
        fail=[record("log_groups", TASK, protected=False, retained=False)],
        unknown=[record("log_groups", TASK, protected=UNKNOWN, retained=UNKNOWN)],
    ),
    *rule_cases(
        "mwaa-logs-requirements-installed",
        fail=[
            wrote(REQUIREMENTS, f"[ERROR] - {PIP_FAILED}. This could"),
            wrote(REQUIREMENTS, "ERROR: No matching distribution found for orders==9"),
        ],
        unknown=[unread(REQUIREMENTS), platform(log_groups=UNKNOWN)],
        passing=[
            wrote(REQUIREMENTS, "Successfully installed orders-1.0"),
            wrote(STARTUP, "ERROR: No matching distribution found for orders==9"),
            environment(requirements_s3_path=None),
        ],
        base=running,
    ),
    *rule_cases(
        "mwaa-logs-startup-script-succeeded",
        fail=[wrote(STARTUP, "startup.sh: line 3: terraform: command not found")],
        unknown=[unread(STARTUP), platform(log_groups=UNKNOWN)],
        passing=[wrote(STARTUP, "Startup script execution time: 1.07 seconds.")],
        base=with_script,
    ),
    *rule_cases(
        "mwaa-logs-components-run",
        fail=[
            wrote("worker", "psycopg2.OperationalError: connection to server at x failed"),
            wrote(STARTUP, "cp: /var/tmp/x: No such file or directory"),
        ],
        unknown=[unread("worker")],
        passing=[wrote("worker", "[INFO] Task accepted")],
        base=running,
    ),
]
