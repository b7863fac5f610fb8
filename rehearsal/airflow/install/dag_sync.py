"""Keeps the DAG folder in line with the bucket, in a thread of its own: a bucket that cannot be
reached must not keep the processes waiting."""

from __future__ import annotations

import threading
from collections.abc import Callable

from botocore.exceptions import BotoCoreError, ClientError

from rehearsal.airflow.install.bucket import Bucket

SYNC_SECONDS = 3.0
CLOSE_SECONDS = 5.0


class DagSync:
    """Runs until it is closed. ``tell`` hears once why the bucket cannot be read, and when it can
    be read again."""

    def __init__(self, bucket: Bucket, tell: Callable[[str], object]) -> None:
        self._bucket = bucket
        self._tell = tell
        self._told = ""
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True, name="dags")
        self._thread.start()

    def close(self) -> None:
        """Bring nothing more; a call that nobody answers is not waited for."""
        self._ended.set()
        self._thread.join(timeout=CLOSE_SECONDS)

    def _run(self) -> None:
        while not self._ended.wait(SYNC_SECONDS):
            try:
                self._bucket.sync_dags()
                said = ""
            except (ClientError, BotoCoreError, OSError, ValueError) as error:
                said = f"DAGs are not brought: {error}"
            if said != self._told:
                self._told = said
                self._tell(said or "DAGs are brought again")
