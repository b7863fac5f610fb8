"""The five log groups."""

from typing import Any

import pytest

from components.logs import LogGroups, LogGroupsArgs
from mwaa.names import LOG_TYPES, Names

GROUP = "aws:cloudwatch/logGroup:LogGroup"


def logs(names: Names, **args: Any) -> LogGroups:
    return LogGroups("logs", LogGroupsArgs(names=names, **args))


def test_all_five_have_the_names_that_mwaa_fixes(build: Any, names: Names) -> None:
    made = build(lambda: logs(names, key_arn="arn:key", retention_days=30))
    assert {g.inputs["name"] for g in made.of(GROUP)} == {
        "airflow-orders-DAGProcessing",
        "airflow-orders-Scheduler",
        "airflow-orders-Task",
        "airflow-orders-WebServer",
        "airflow-orders-Worker",
    }
    assert {g.inputs["kmsKeyId"] for g in made.of(GROUP)} == {"arn:key"}
    assert {g.inputs["retentionInDays"] for g in made.of(GROUP)} == {30}
    assert {g.parent for g in made.of(GROUP)} == {made.one("mwaa:components:LogGroups").urn}
    assert set(made.result.names) == set(LOG_TYPES)


def test_only_groups_that_exist_are_adopted_and_stay_as_they_are(build: Any, names: Names) -> None:
    made = build(lambda: logs(names, adopt=["airflow-orders-Task", "airflow-orders2-Worker"]))
    adopted = {g.inputs["name"]: g.request.importId for g in made.of(GROUP) if g.request.importId}
    assert adopted == {"airflow-orders-Task": "airflow-orders-Task"}
    ignoring = {g.inputs["name"] for g in made.of(GROUP) if g.request.ignoreChanges}
    assert ignoring == {"airflow-orders-Task"}


@pytest.mark.parametrize("force_destroy", [False, True])
def test_logs_outlive_the_stack_unless_both_keys_are_turned(
    build: Any, names: Names, force_destroy: bool
) -> None:
    made = build(lambda: logs(names, protect=False, force_destroy=force_destroy))
    assert {(g.request.protect, g.request.retainOnDelete) for g in made.of(GROUP)} == {
        (False, not force_destroy)
    }
    # The engine tells a policy pack nothing of retention, so the plan itself must.
    assert {g.inputs["skipDestroy"] for g in made.of(GROUP)} == {not force_destroy}
