"""Lines of processes on their way to CloudWatch."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mwaa.service.log_streams import REQUIREMENTS
from rehearsal.airflow.telemetry.logs import DagFileLogs, Logs, Threshold
from tests.rehearsal.airflow.specifications import specification

WARNING = "[2026-11-27T09:00:00.000+0000] {job.py:1} WARNING - careful"
INFO = "[2026-11-27T09:00:00.000+0000] {job.py:1} INFO - all well"


class Client:
    """Stands in for CloudWatch Logs: what was sent, by group and stream."""

    class exceptions:  # noqa: N801 - botocore's name
        class ResourceAlreadyExistsException(Exception):  # noqa: N818
            pass

    def __init__(self, refuse: bool = False) -> None:
        self.refuse = refuse
        self.sent: dict[tuple[str, str], list[str]] = {}

    def create_log_stream(self, logGroupName: str, logStreamName: str) -> None:  # noqa: N803
        if self.refuse:
            raise RuntimeError("AccessDenied")
        self.sent.setdefault((logGroupName, logStreamName), [])

    def put_log_events(self, **request: Any) -> None:
        stream = self.sent[request["logGroupName"], request["logStreamName"]]
        stream += [event["message"] for event in request["logEvents"]]


@pytest.mark.parametrize(
    ("line", "passes"),
    [
        (INFO, False),
        (WARNING, True),
        ("[2026-11-27 09:00:00,000: INFO/MainProcess] ready", False),
        ("[2026-11-27 09:00:00,000: ERROR/MainProcess] lost", True),
        ("2026-11-27T09:00:00.000000Z [info     ] started", False),
        ("2026-11-27T09:00:00.000000Z [warning  ] careful", True),
        ("a line without a level", True),
    ],
)
def test_lines_below_the_level_stay_away(line: str, passes: bool) -> None:
    assert Threshold("WARNING").passes(line) is passes


def test_a_traceback_goes_with_the_line_before_it() -> None:
    threshold = Threshold("WARNING")
    assert [threshold.passes(x) for x in (INFO, "Traceback", WARNING, "Traceback")] == [
        *(False, False),
        *(True, True),
    ]


def test_lines_arrive_in_the_group_of_their_component() -> None:
    client, told = Client(), list[str]()
    logs = Logs(client, specification(), "host", told.append)
    logs.writer("scheduler", "scheduler")(INFO)
    logs.writer(REQUIREMENTS, "worker")("[INFO] - installed")
    logs.close()
    assert [(group, stream.split("_host_")[0]) for group, stream in client.sent] == [
        ("airflow-etl-Scheduler", "scheduler"),
        ("airflow-etl-Worker", "requirements_install"),
    ]
    assert told == []


def test_a_module_that_is_off_sends_nothing() -> None:
    logging = dict(specification().found["LoggingConfiguration"])
    logging["SchedulerLogs"] = {"Enabled": False, "LogLevel": "INFO"}
    client = Client()
    logs = Logs(client, specification(LoggingConfiguration=logging), "host", lambda _: None)
    logs.writer("scheduler", "scheduler")(INFO)
    logs.close()
    assert client.sent == {}


def test_logs_that_may_not_be_sent_are_lost_and_it_is_said_once() -> None:
    told = list[str]()
    logs = Logs(Client(refuse=True), specification(), "host", told.append)
    write = logs.writer("scheduler", "scheduler")
    write(INFO)
    logs._send()
    write(INFO)
    logs.close()
    assert told == ["logs of airflow-etl-Scheduler are lost: AccessDenied"]


def test_a_dag_files_log_is_followed_by_whole_lines(tmp_path: Path) -> None:
    client = Client()
    logs = Logs(client, specification(), "host", lambda _: None)
    files = DagFileLogs(tmp_path, logs)
    file = tmp_path / "scheduler" / "2026-11-27" / "hello.py.log"
    file.parent.mkdir(parents=True)
    file.write_text(f"{INFO}\nhalf of")
    files.follow()
    with file.open("a") as more:
        more.write(" it\n")
    files.follow()
    logs.close()
    stream = client.sent["airflow-etl-DAGProcessing", "scheduler_hello.py.log"]
    assert stream == [INFO, "half of it"]
