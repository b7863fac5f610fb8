"""Receives the metrics of all processes and sends them to CloudWatch every few seconds."""

from __future__ import annotations

import queue
import socket
import threading
from collections.abc import Callable, Iterable
from typing import Any

from rehearsal.airflow.configuration import ADDRESS
from rehearsal.airflow.telemetry.metrics import NAMESPACE, Metric, merged, read

SEND_SECONDS = 10.0
MOST_METRICS = 500
"""Per call of PutMetricData, which takes 1000."""


class Metrics:
    """Listens on a free UDP port. ``client`` is CloudWatch's; ``own`` gives the metrics that no
    process sends, as ``namespace, metric`` pairs, whenever the others are sent."""

    def __init__(self, client: Any, environment: str, tell: Callable[[str], object]) -> None:
        self._client = client
        self._environment = environment
        self.own: Callable[[], Iterable[tuple[str, Metric]]] = tuple
        self._tell = tell
        self._told = ""
        self._received: queue.SimpleQueue[Metric] = queue.SimpleQueue()
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((ADDRESS, 0))
        self.port: int = self._socket.getsockname()[1]
        self._ended = threading.Event()
        for work in (self._listen, self._run):
            threading.Thread(target=work, daemon=True, name="metrics").start()

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
            for metric in read(packet.decode("utf-8", "replace")):
                self._received.put(metric)

    def _run(self) -> None:
        while not self._ended.wait(SEND_SECONDS):
            try:
                self._send()
            except Exception as problem:  # whatever it is, the processes must run on
                if str(problem) != self._told:
                    self._told = str(problem)
                    self._tell(f"metrics are lost: {problem}")

    def _send(self) -> None:
        came = []
        while not self._received.empty():
            came.append(self._received.get())
        grouped: dict[str, list[Metric]] = {NAMESPACE: merged(came)}
        for namespace, metric in self.own():
            grouped.setdefault(namespace, []).append(metric)
        for namespace, metrics in grouped.items():
            for first in range(0, len(metrics), MOST_METRICS):
                self._client.put_metric_data(
                    Namespace=namespace,
                    MetricData=[self._datum(one) for one in metrics[first : first + MOST_METRICS]],
                )

    def _datum(self, metric: Metric) -> dict[str, Any]:
        dimensions = (("Environment", self._environment), *metric.dimensions)
        return {
            "MetricName": metric.name,
            "Dimensions": [{"Name": name, "Value": value} for name, value in dimensions],
            "Value": metric.value,
            "Unit": metric.unit,
        }
