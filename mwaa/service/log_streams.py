"""The log streams that the containers of an environment write: their names, and whose they are.

Source: MWAA's images, https://github.com/aws/amazon-mwaa-docker-images at 9d2bebb, read 2026-11-27,
``python/mwaa/logging/config.py`` and ``cloudwatch_handlers.py``, the same from 2.9.2 to 3.3.1; for
tasks Airflow's default ``log_filename_template``, in which CloudWatch's handler replaces colons.
"""

from typing import Final

REQUIREMENTS: Final = "requirements_install"
"""What pip says while a container starts; in the groups of scheduler, worker and web server."""
STARTUP: Final = "startup_script_execution"
"""What the startup script says; in the same three groups."""
SETUP: Final = {"requirements": REQUIREMENTS, "startup": STARTUP}
"""What every container does before it runs Airflow, by the prefix of its streams."""

COMPONENTS: Final = {
    "scheduler": "scheduler",
    "worker": "worker",
    "webserver": "webserver",
    "triggerer": "triggerer",
}
"""A process of Airflow that a container runs, by the prefix of its streams."""

DAG_PROCESSOR: Final = {2: "dag_processor_manager.log", 3: "dag-processor-manager.log"}
"""The one stream of the DAG processor, by Airflow's major version: 2.x takes the name of Airflow's
own file. 2.x also has one for each DAG file beside it."""
DAG_FILE: Final = "scheduler_{file}.log"


def stream_name(prefix: str, host: str, epoch: float) -> str:
    """The stream of a container that was started at ``epoch`` (seconds) on ``host``."""
    return f"{prefix}_{host}_{epoch}.log"


def task_prefix(dag: str) -> str:
    """What the streams of all tasks of a DAG begin with."""
    return f"dag_id={dag}/"


def task_stream(dag: str, run: str, task: str, attempt: int = 1, map_index: int = -1) -> str:
    """The stream of one attempt of a task, in the task group."""
    mapped = f"map_index={map_index}/" if map_index >= 0 else ""
    name = f"{task_prefix(dag)}run_id={run}/task_id={task}/{mapped}attempt={attempt}.log"
    return name.replace(":", "_")
