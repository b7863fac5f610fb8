"""Receives the metrics of all processes and sends them to CloudWatch every few seconds.

Airflow's own go out as the execution role: a role that may not send them loses them, as on MWAA.
Those of containers, queue and database are the service's.
"""

from __future__ import annotations

import queue
import socket
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from rehearsal.airflow.configuration import ADDRESS
from rehearsal.airflow.specification import Specification
from rehearsal.airflow.telemetry.metric_names import NAMESPACE
from rehearsal.airflow.telemetry.metrics import Metric, merged, read
from rehearsal.airflow.telemetry.service_metrics import SERVICE, ServiceMetrics

SEND_SECONDS = 10.0
SERVICE_SECONDS = 60.0
"""A container sends one value a minute, so that their number tells how many containers there are:
https://docs.aws.amazon.com/mwaa/latest/userguide/accessing-metrics-cw-container-queue-db.html"""
MOST_METRICS = 500
"""Per call of PutMetricData, which takes 1000."""


class Metrics:
    """Listens on a free UDP port. ``service`` is CloudWatch's client of the service itself,
    ``clock`` tells the time of the emulated service."""

    def __init__(
        self, service: Any, clock: Callable[[], float], tell: Callable[[str], object]
    ) -> None:
        self._clients = {SERVICE: service}
        self._clock = clock
        self._spec: Specification | None = None
        self._own: ServiceMetrics | None = None
        self._sent = 0.0
        self._tell = tell
        self._told = ""
        self._received: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((ADDRESS, 0))
        self.port: int = self._socket.getsockname()[1]
        self._ended = threading.Event()
        for work in (self._listen, self._run):
            threading.Thread(target=work, daemon=True, name="metrics").start()

    def serve(self, spec: Specification, role: Any, own: ServiceMetrics) -> None:
        """Send the metrics of this environment from now on; ``role`` is CloudWatch's client of the
        execution role, ``own`` what no process sends."""
        self._spec, self._own, self._sent = spec, own, 0.0
        self._clients[NAMESPACE] = role

    def close(self) -> None:
        """Stop listening; what has come and was not sent is lost, as UDP may be."""
        self._ended.set()
        self._socket.close()

    def _listen(self) -> None:
        while not self._ended.is_set():
            try:
                packet = self._socket.recv(65536)
            except OSError:
                return
            self._received.put(packet.decode("utf-8", "replace"))

    def _run(self) -> None:
        while not self._ended.wait(SEND_SECONDS):
            if self._spec is None or self._own is None:
                continue
            packets = []
            while not self._received.empty():
                packets.append(self._received.get())
            passes = chosen(self._spec.options)
            came = [one for packet in packets for one in read(packet, passes)]
            self._send(self._spec, NAMESPACE, [*merged(came), *self._own.workers()])
            with suppress(OSError):  # the emulated AWS may have ended
                now = self._clock()
                if now - self._sent >= SERVICE_SECONDS:
                    self._sent = now
                    self._send(self._spec, SERVICE, list(self._own()))

    def _send(self, spec: Specification, namespace: str, metrics: Sequence[Metric]) -> None:
        try:
            for first in range(0, len(metrics), MOST_METRICS):
                self._clients[namespace].put_metric_data(
                    Namespace=namespace,
                    MetricData=[
                        _datum(one, spec.name) for one in metrics[first : first + MOST_METRICS]
                    ],
                )
        except Exception as problem:  # whatever it is, the processes must run on
            text = f"metrics of {namespace} are lost: {problem}"
            if text != self._told:
                self._told = text
                self._tell(text)


def chosen(options: Mapping[str, str]) -> Callable[[str], bool]:
    """Which of Airflow's metrics the environment's options let through, by how their names begin;
    where both lists are given the first alone counts."""
    allowed, blocked = (
        tuple(filter(None, map(str.strip, options.get(f"metrics.{name}", "").split(","))))
        for name in ("metrics_allow_list", "metrics_block_list")
    )
    if allowed:
        return lambda name: name.startswith(allowed)
    return lambda name: not name.startswith(blocked)


def _datum(metric: Metric, environment: str) -> dict[str, Any]:
    dimensions = (("Environment", environment), *metric.dimensions)
    return {
        "MetricName": metric.name,
        "Dimensions": [{"Name": name, "Value": value} for name, value in dimensions],
        "Value": metric.value,
        "Unit": metric.unit,
    }
