"""Airflow's metrics under MWAA's names."""

from __future__ import annotations

import pytest

from mwaa.service.alarms import alarm_definitions
from mwaa.service.classes import CLASSES
from rehearsal.airflow.telemetry.metrics import (
    NAMESPACE,
    PUBLISHED,
    Metric,
    merged,
    read,
    translate,
)


@pytest.mark.parametrize(
    ("name", "metric", "dimensions"),
    [
        ("scheduler_heartbeat", "SchedulerHeartbeat", {"Function": "Scheduler"}),
        ("executor.queued_tasks", "QueuedTasks", {"Function": "Executor"}),
        ("dag_processing.import_errors", "ImportErrors", {"Function": "DAG Processing"}),
        ("ti_failures", "TaskInstanceFailures", {"DAG": "All", "Task": "All"}),
        ("ti.start.my_dag.group.task", "StartedTaskInstances", {"DAG": "my_dag"}),
        ("ti.finish.d.t.success", "TaskInstanceFinished", {"DAG": "d", "State": "success"}),
        ("dagrun.duration.success.d", "DAGDurationSuccess", {"DAG": "d"}),
        ("pool.open_slots.default_pool", "PoolOpenSlots", {"Pool": "default_pool"}),
        ("operator_failures_BashOperator", "OperatorFailures", {"Operator": "BashOperator"}),
    ],
)
def test_names_and_dimensions(name: str, metric: str, dimensions: dict[str, str]) -> None:
    found = translate(name)
    assert found is not None
    assert found[0] == metric
    assert dimensions.items() <= found[1].items()


def test_what_mwaa_does_not_publish_is_left_out() -> None:
    assert translate("local_task_job.task_exit.1.d.t.0") is None
    assert list(read("airflow.something.new:1|c")) == []


def test_the_alarms_of_airflows_metrics_find_them() -> None:
    published = {(metric, *dimensions.items()) for metric, dimensions in PUBLISHED.values()}
    watched = {
        (alarm.metric, *alarm.dimensions)
        for alarm in alarm_definitions(CLASSES["mw1.small"])
        if alarm.namespace == NAMESPACE
    }
    assert watched <= published, "add the metric to rehearsal/airflow/telemetry/metrics.py"


def test_a_packet_may_hold_several_lines_tags_and_rubbish() -> None:
    packet = "airflow.dagbag_size:3|g\nairflow.ti_successes,dag=a:1|c\nrubbish\nairflow.x:y|c"
    assert [(one.name, one.value) for one in read(packet)] == [
        ("DagBagSize", 3.0),
        ("TaskInstanceSuccesses", 1.0),
    ]


def test_a_count_of_nothing_is_no_metric() -> None:
    assert list(read("airflow.ti.finish.d.t.failed:0|c")) == []


def test_counters_are_summed_and_of_gauges_the_last_counts() -> None:
    beat = Metric("SchedulerHeartbeat", (), "Count", 1, adds=True)
    size = Metric("DagBagSize", (), "Count", 1)
    found = merged([beat, size, beat, Metric("DagBagSize", (), "Count", 7)])
    assert {one.name: one.value for one in found} == {"SchedulerHeartbeat": 2, "DagBagSize": 7}
