"""What containers write into the log groups of an emulated environment."""

from __future__ import annotations

import time

from mwaa.service.log_streams import stream_name
from tests.ops.emulated import Emulated

WORKER = "airflow-etl-Worker"
ALL_ON = {
    f"{module}Logs": {"Enabled": True, "LogLevel": "INFO"}
    for module in ("DagProcessing", "Scheduler", "Task", "Webserver", "Worker")
}


def log_everything(there: Emulated) -> None:
    """Make the five groups, as the service does when its logs are switched on."""
    there.customer.mwaa.update_environment(Name="etl", LoggingConfiguration=ALL_ON)
    there.emulator.clock.advance(3600)
    there.emulator.advance()


def forget(there: Emulated) -> None:
    """Empty groups."""
    client = there.customer.client("logs")
    for group in client.describe_log_groups(logGroupNamePrefix="airflow-etl-")["logGroups"]:
        name = group["logGroupName"]
        for page in client.get_paginator("describe_log_streams").paginate(logGroupName=name):
            for stream in page["logStreams"]:
                client.delete_log_stream(logGroupName=name, logStreamName=stream["logStreamName"])


def write(
    there: Emulated, group: str, prefix: str, *lines: str, age: float = 0, host: int = 1
) -> str:
    """A new stream of one container with these lines, ``age`` seconds old."""
    name = stream_name(prefix, f"ip-10-192-20-{host}.ec2.internal", time.time() - age)
    put(there, group, name, *lines, age=age)
    return name


def put(there: Emulated, group: str, stream: str, *lines: str, age: float = 0) -> None:
    """A new stream of this name."""
    client, begun = there.customer.client("logs"), int((time.time() - age) * 1000)
    client.create_log_stream(logGroupName=group, logStreamName=stream)
    events = [{"timestamp": begun + n, "message": m} for n, m in enumerate(lines)]
    client.put_log_events(logGroupName=group, logStreamName=stream, logEvents=events)
