"""Airflow's metrics under MWAA's names."""

from __future__ import annotations

import pytest

from mwaa.service.alarms import alarm_definitions
from mwaa.service.classes import CLASSES
from rehearsal.airflow.telemetry.metric_names import NAMESPACE, PUBLISHED, UNITS, translate
from rehearsal.airflow.telemetry.metrics import Metric, merged, read
from rehearsal.airflow.telemetry.statsd import chosen


@pytest.mark.parametrize(
    ("name", "metric", "dimensions"),
    [
        ("scheduler_heartbeat", "SchedulerHeartbeat", {"Function": "Scheduler"}),
        ("executor.queued_tasks", "QueuedTasks", {"Function": "Executor"}),
        ("dag_processing.import_errors", "ImportErrors", {"Function": "DAG Processing"}),
        ("ti_failures", "TaskInstanceFailures", {"DAG": "All", "Task": "All"}),
        ("ti.start.my_dag.group.task", "StartedTaskInstances", {"DAG": "All", "Task": "All"}),
        ("ti.finish.d.t.success", "TaskInstanceFinished", {"DAG": "d", "State": "success"}),
        ("dagrun.duration.success.d", "DAGDurationSuccess", {"DAG": "d"}),
        ("pool.open_slots.default_pool", "PoolOpenSlots", {"Pool": "default_pool"}),
        ("operator_failures_BashOperator", "OperatorFailures", {"Operator": "BashOperator"}),
        ("dag.d.group.t.queued_duration", "TaskInstanceQueuedDuration", {"Task": "group.t"}),
        ("task.cpu_usage.d.t", "TaskCpuUsage", {"DAG": "d", "Task": "t"}),
        ("dag_processing.last_duration.a", "DAGFileProcessingLastDuration", {"DAG Filename": "a"}),
        ("triggers.running.h", "TriggersRunning", {"HostName": "h", "Function": "Trigger"}),
        ("celery.task_timeout_error", "TaskTimeoutError", {"Function": "Celery"}),
        ("job_start", "JobStart", {"Job": "Job"}),
    ],
)
def test_names_and_dimensions(name: str, metric: str, dimensions: dict[str, str]) -> None:
    found = translate(name)
    assert found is not None
    assert found[0] == metric
    assert dimensions.items() <= found[1].items()


def test_units_are_the_guides() -> None:
    (one,) = read("airflow.dag_processing.last_duration.a:1500|ms")
    assert (one.value, one.unit) == (1.5, "Seconds")
    (one,) = read("airflow.dagrun.duration.success.a:1500|ms")
    assert (one.value, one.unit) == (1500, "Milliseconds")
    assert set(UNITS.values()) == {"Seconds", "Percent"}


@pytest.mark.parametrize(
    ("options", "passing"),
    [
        ({}, ["scheduler_heartbeat", "executor.open_slots"]),
        ({"metrics.metrics_allow_list": "executor, dagrun"}, ["executor.open_slots"]),
        ({"metrics.metrics_block_list": "executor"}, ["scheduler_heartbeat"]),
        (
            {"metrics.metrics_allow_list": "executor", "metrics.metrics_block_list": "executor"},
            ["executor.open_slots"],
        ),
    ],
)
def test_options_choose_what_is_published(options: dict[str, str], passing: list[str]) -> None:
    names = ("scheduler_heartbeat", "executor.open_slots")
    packet = "\n".join(f"airflow.{name}:1|g" for name in names)
    expected = [found[0] for name in passing if (found := translate(name))]
    assert [one.name for one in read(packet, chosen(options))] == expected


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
    assert watched <= published, "add the metric to rehearsal/airflow/telemetry/metric_names.py"


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
