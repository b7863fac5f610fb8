"""What containers wrote leads to a cause, and to the lines that tell it."""

from __future__ import annotations

import pytest

from mwaa.model.platform import LogGroup, LogStream
from mwaa.service.log_messages import PIP_FAILED
from policy.analysis import logs
from policy.analysis.logs import Trouble

WORKER = "airflow-prod-Worker"
END = f"[ERROR] - {PIP_FAILED}. This could be the result of package conflict."


def group(*streams: tuple[str, tuple[str, ...]]) -> list[LogGroup]:
    found = tuple(LogStream(name=name, lines=lines) for name, lines in streams)
    return [LogGroup(id=WORKER, name=WORKER, streams=found)]


def pip(*lines: str) -> list[Trouble]:
    return list(logs.requirements(group(("requirements_install_ip_1.0.log", lines))))


PIP = {
    "[INFO] - ERROR: Cannot install a==1 and b==2 because these package versions have "
    "conflicting dependencies.": "versions exclude each other: a==1 and b==2",
    "[INFO] - ERROR: No matching distribution found for orders==9": "no package orders==9",
    "[INFO] - ERROR: Could not open requirements file: [Errno 2] No such file or directory: "
    "'/usr/local/airflow/dags/c.txt'": "not there: /usr/local/airflow/dags/c.txt",
    "[INFO] - WARNING: Retrying after connection broken by 'NewConnectionError('": "cannot reach",
    "[INFO] - ERROR: HTTP error 403 Client Error: Forbidden for url": "refuses the credentials",
    "[INFO] - ERROR: Failed building wheel for pymssql": "built from source, for which the image "
    "has no tools: pymssql",
    "[INFO] - error: subprocess-exited-with-error": "must be built from source",
    "[INFO] - ERROR: THESE PACKAGES DO NOT MATCH THE HASHES": "not the one whose hash",
    "[INFO] - OSError: [Errno 28] No space left on device": "the disk is full",
    "[INFO] - something new": "pip failed",
}


@pytest.mark.parametrize("line", PIP)
def test_a_failed_installation_has_the_cause_that_pip_gives(line: str) -> None:
    (found,) = pip("[INFO] - Collecting a", line, END)
    assert PIP[line] in found.meaning
    assert "{0}" not in found.meaning + found.fix
    assert found.lines == ("[INFO] - Collecting a", line)


def test_what_pip_survives_is_no_failure() -> None:
    assert not pip("[INFO] - ERROR: Failed building wheel for a", "Successfully installed a-1")
    assert not pip("WARNING: Retrying after 'NewConnectionError('", "Successfully installed a-1")
    assert not pip("ERROR: pip's dependency resolver does not currently take into account", "ok")


def test_without_the_images_own_words_what_pip_cannot_survive_is_enough() -> None:
    (found,) = pip("ERROR: No matching distribution found for a==9")
    assert "a==9" in found.sentence and WORKER in found.sentence


def test_the_newest_container_decides() -> None:
    good = ("requirements_install_b_2.0.log", ("Successfully installed a-1",))
    bad = ("requirements_install_a_1.0.log", (END,))
    assert not list(logs.requirements(group(good, bad)))
    assert list(logs.requirements(group(bad, good)))


STARTUP = {
    "[ERROR] An unexpected error occurred: Failed to locate environment variables file from "
    "startup script.": "set -e",
    "[INFO] - Startup script execution time: 295.07 seconds.": "after 295 of 295 seconds",
    "[INFO] - Validation Error: apache-airflow version 3.2.1 expected": "apache-airflow version",
    "[INFO] - startup.sh: line 3: terraform: command not found": "does not have: terraform",
    "[INFO] - startup.sh: line 9: syntax error near unexpected token `fi'": "no valid shell",
    "[INFO] - curl: (6) Could not resolve host: example.com": "cannot be reached from here",
}


@pytest.mark.parametrize("line", STARTUP)
def test_a_failed_startup_script_has_its_cause(line: str) -> None:
    (found,) = logs.startup(group(("startup_script_execution_ip_1.0.log", ("before", line))))
    assert STARTUP[line] in found.meaning
    assert found.lines == ("before", line)


def test_what_a_script_may_do_without_is_no_failure_of_it() -> None:
    found = group(("startup_script_execution_ip_1.0.log", ("cp: /x: No such file or directory",)))
    assert not list(logs.startup(found))
    assert [one.meaning for one in logs.components(found)]
    fine = group(("startup_script_execution_ip_1.0.log", ("execution time: 29.40 seconds.",)))
    assert not list(logs.startup(fine))


COMPONENTS = {
    "sqlalchemy.exc.OperationalError: (psycopg2.OperationalError) timeout": "metadata database",
    "Couldn't connect to database. Error: timeout": "metadata database",
    "User: arn:x is not authorized to perform: sqs:SendMessage on resource": "sqs:SendMessage",
    "An error occurred (AccessDenied) when calling the GetObject operation": "refuses GetObject",
    'Connect timeout on endpoint URL: "https://sqs.eu-west-1.amazonaws.com/"': "https://sqs.eu-",
    "ModuleNotFoundError: No module named 'orders.totals'": "orders.totals",
    "billiard.exceptions.WorkerLostError: Worker exited prematurely: signal 9": "memory",
    "PermissionError: [Errno 13] Permission denied: '/opt/x'": "/opt/x",
    "botocore.exceptions.NoCredentialsError: Unable to locate credentials": "no credentials",
}


@pytest.mark.parametrize("line", COMPONENTS)
def test_a_component_that_cannot_work_tells_why(line: str) -> None:
    (found,) = logs.components(group(("worker_ip_1.0.log", ("[INFO] ready", line, "[INFO] on"))))
    assert COMPONENTS[line] in found.meaning
    assert found.lines[-1] == line


def test_another_exception_is_named_by_its_last_line() -> None:
    written = (
        "Traceback (most recent call last):",
        '  File "x.py", line 1',
        "ValueError: no",
        "ok",
    )
    (found,) = logs.components(group(("scheduler_ip_1.0.log", written)))
    assert found.meaning == "an exception: ValueError: no"
    assert found.lines == written[:3]


def test_each_cause_is_reported_once() -> None:
    line = ("No module named 'x'",)
    assert len(list(logs.components(group(("worker_a", line), ("worker_b", line))))) == 1


def test_what_could_not_be_read_is_named() -> None:
    assert logs.unread(group(("worker_a", ()))) == ""
    assert logs.unread([LogGroup(id=WORKER, name=WORKER)]) == WORKER
    hidden = LogGroup(id=WORKER, name=WORKER, streams=(LogStream(name="worker_a"),))
    assert logs.unread([hidden]) == f"{WORKER}, worker_a"
