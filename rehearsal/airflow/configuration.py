"""The variables that Airflow's processes get: what the image sets, the user's options, the place.

The order is the image's: its opinions, the startup script's variables, the user's options, and then
what the service does not let anybody change. Source:
https://github.com/aws/amazon-mwaa-docker-images (python/mwaa/config), read 2026-11-27.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mwaa.service.airflow_options import CONNECTIONS_PATTERN, locked
from mwaa.service.image import TASK_HOURS, is_protected
from rehearsal.airflow.place import Place
from rehearsal.airflow.specification import Specification

ADDRESS = "127.0.0.1"
INSIDE = Path(__file__).parent / "inside"

# From the caller's shell nothing else: neither an identity nor Airflow settings belong here.
KEPT = ("PATH", "LANG", "LC_ALL", "TZ", "TMPDIR")

MARK = "MWAA_REHEARSAL_PLACE"
"""Every process has it in its environment: a running task is in a process group of its own, and is
found by it when the supervisor was killed."""


@dataclass(frozen=True)
class Wiring:
    """Where the parts find each other."""

    database: str
    web_port: int
    """Of Airflow's own web server."""
    door_port: int
    """Where people and programs come in."""
    metrics_port: int
    identity: Mapping[str, str]
    """The execution role's credentials, and the emulated AWS's address, as variables."""


def variable(option: str) -> str:
    """``core.parallelism`` -> ``AIRFLOW__CORE__PARALLELISM``."""
    section, _, name = option.partition(".")
    return f"AIRFLOW__{section}__{name}".upper()


def variables(
    spec: Specification,
    place: Place,
    wiring: Wiring,
    container: str,
    startup: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """The environment of a process of ``container`` (``scheduler``, ``worker``, ``webserver``).

    ``startup`` is what the startup script exports there.
    """
    exported = {name: value for name, value in (startup or {}).items() if not is_protected(name)}
    chosen = {
        variable(option): value
        for option, value in spec.options.items()
        if locked(option, spec.version) is None
    }
    return {
        **_opinions(spec),
        **exported,
        **chosen,
        **_essentials(spec, place, wiring),
        **_versioned(spec, place, wiring),
        **_container(spec, place, wiring, container),
    }


def shell(place: Place, base: Path) -> dict[str, str]:
    """What a process needs of the machine; ``base`` is the folder of Airflow's own programs."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    path = os.pathsep.join([str(place.python / "bin"), str(base), kept.get("PATH", os.defpath)])
    return {
        **kept,
        "PATH": path,
        "HOME": str(place.home),
        "PYTHONPATH": str(INSIDE),
        "PYTHONUNBUFFERED": "1",
        MARK: str(place.home),
        # Titles of processes would overwrite the environment, and with it the mark.
        "SPT_NOENV": "1",
    }


def _opinions(spec: Specification) -> dict[str, str]:
    tasks = spec.environment_class.tasks_per_worker
    return {
        "AIRFLOW_CONN_AWS_DEFAULT": "aws://",
        "AIRFLOW__CELERY__WORKER_AUTOSCALE": f"{tasks},1",
        "AIRFLOW__CORE__SENSITIVE_VAR_CONN_NAMES": "proxy,proxies",
        "AIRFLOW__SCHEDULER__SCHEDULE_AFTER_TASK_EXECUTION": "False",
        "AIRFLOW__SCHEDULER__TASK_QUEUED_TIMEOUT": "1800.0",
        "AIRFLOW__SECRETS__BACKEND_KWARGS": json.dumps(
            {"connections_lookup_pattern": CONNECTIONS_PATTERN}
        ),
        "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
        # The pace of a rehearsal; on MWAA a task gets a new interpreter, a new DAG file is seen
        # within five minutes, and an idle scheduler sleeps for Airflow's own second.
        "AIRFLOW__CORE__EXECUTE_TASKS_NEW_PYTHON_INTERPRETER": "False",
        "AIRFLOW__SCHEDULER__DAG_DIR_LIST_INTERVAL": "5",
        "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.5",
        "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "5",
        # One machine serves everything.
        "AIRFLOW__WEBSERVER__WORKERS": "1",
        "AIRFLOW__API__WORKERS": "1",
        "AIRFLOW__SCHEDULER__PARSING_PROCESSES": "1",
        "AIRFLOW__DAG_PROCESSOR__PARSING_PROCESSES": "1",
    }


def _essentials(spec: Specification, place: Place, wiring: Wiring) -> dict[str, str]:
    return {
        **wiring.identity,
        "AIRFLOW_HOME": str(place.home),
        "AIRFLOW_ENV_NAME": spec.name,
        "AIRFLOW_VERSION": spec.version,
        "AWS_EXECUTION_ENV": f"Amazon_MWAA_{spec.version.replace('.', '')}",
        "MWAA_CELERY": json.dumps(_transport(spec)),
        "AIRFLOW__CORE__DAGS_FOLDER": str(place.dags),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(place.plugins),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__EXECUTOR": "CeleryExecutor",
        "AIRFLOW__CORE__FERNET_KEY": place.secret("fernet"),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": wiring.database,
        "AIRFLOW__CELERY__BROKER_URL": "sqs://",
        "AIRFLOW__CELERY__RESULT_BACKEND": f"db+{wiring.database}",
        "AIRFLOW__CELERY__CELERY_CONFIG_OPTIONS": "mwaa_celery.CONFIG",
        # The newer Celery providers' schedulers take the transport's options from here alone.
        "AIRFLOW__CELERY__EXTRA_CELERY_CONFIG": json.dumps(_transport(spec)),
        "AIRFLOW__CELERY__WORKER_ENABLE_REMOTE_CONTROL": "False",
        "AIRFLOW__OPERATORS__DEFAULT_QUEUE": spec.queue,
        "AIRFLOW__SCHEDULER__STANDALONE_DAG_PROCESSOR": "True",
        "AIRFLOW__METRICS__STATSD_ON": "True",
        "AIRFLOW__METRICS__STATSD_HOST": ADDRESS,
        "AIRFLOW__METRICS__STATSD_PORT": str(wiring.metrics_port),
        "AIRFLOW__METRICS__STATSD_PREFIX": "airflow",
        "AIRFLOW__METRICS__METRICS_ALLOW_LIST": "",
        "AIRFLOW__METRICS__METRICS_BLOCK_LIST": "",
    }


def _versioned(spec: Specification, place: Place, wiring: Wiring) -> dict[str, str]:
    base = f"http://{ADDRESS}:{wiring.door_port}"
    own = f"http://{ADDRESS}:{wiring.web_port}"
    if spec.is_airflow_3:
        return {
            "AIRFLOW__API__BASE_URL": base,
            "AIRFLOW__API__HOST": ADDRESS,
            "AIRFLOW__API__PORT": str(wiring.web_port),
            "AIRFLOW__API__SECRET_KEY": place.secret("web"),
            "AIRFLOW__API_AUTH__JWT_SECRET": place.secret("jwt"),
            "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{own}/execution/",
            "AIRFLOW__LOGGING__COLORED_CONSOLE_LOG": "False",
        }
    return {
        "AIRFLOW__WEBSERVER__BASE_URL": base,
        "AIRFLOW__WEBSERVER__CONFIG_FILE": str(INSIDE / "webserver_config.py"),
        "AIRFLOW__WEBSERVER__WEB_SERVER_HOST": ADDRESS,
        "AIRFLOW__WEBSERVER__WEB_SERVER_PORT": str(wiring.web_port),
        "AIRFLOW__WEBSERVER__SECRET_KEY": place.secret("web"),
    }


def _transport(spec: Specification) -> dict[str, Any]:
    options = {
        "predefined_queues": {spec.queue: {"url": spec.queue_url}},
        "is_secure": False,
        "region": spec.region,
        "visibility_timeout": TASK_HOURS * 3600,
    }
    return {"broker_transport_options": options}


def _container(spec: Specification, place: Place, wiring: Wiring, container: str) -> dict[str, str]:
    group = spec.log_group("task")
    remote = f"cloudwatch://arn:aws:logs:{spec.region}:{spec.account}:log-group:{group}"
    levels = {spec.log_level(container)}
    if container == "worker":
        # Tasks are forked from the worker, and inherit its level.
        levels.add(spec.log_level("task"))
    return {
        "MWAA_AIRFLOW_COMPONENT": container,
        "MWAA_COMMAND": container,
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(place.logs),
        "AIRFLOW__LOGGING__LOGGING_LEVEL": min(levels, key=LEVELS.index),
        "AIRFLOW__LOGGING__REMOTE_LOGGING": str(group is not None),
        "AIRFLOW__LOGGING__REMOTE_LOG_CONN_ID": "aws_default",
        "AIRFLOW__LOGGING__REMOTE_BASE_LOG_FOLDER": remote if group else "",
    }


LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
"""Most talkative first."""
