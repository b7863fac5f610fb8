"""One broken fact in the five log groups."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mwaa.model.platform import UNKNOWN, LogGroup, LogModule, Platform
from tests.fixtures.changes import with_environment
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
        fail=[record("log_groups", TASK, key=None)],
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
]
