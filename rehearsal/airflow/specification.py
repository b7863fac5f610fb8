"""What an environment shall run, as ``GetEnvironment`` describes it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mwaa.names import Names
from mwaa.service.api_names import LOG_MEMBERS
from mwaa.service.classes import CLASSES, EnvironmentClass
from mwaa.service.versions import major

ARTIFACTS = {
    "requirements": "Requirements",
    "plugins": "Plugins",
    "startupScript": "StartupScript",
}
"""Kind, a key of ``mwaa.service.artifacts.KEYS`` -> how the members of the API begin."""


@dataclass(frozen=True)
class Specification:
    """One environment; ``found`` is the Environment structure, ``endpoint`` the emulated AWS."""

    found: Mapping[str, Any]
    endpoint: str

    @property
    def name(self) -> str:
        return str(self.found["Name"])

    @property
    def region(self) -> str:
        return str(self.found["Arn"]).split(":")[3]

    @property
    def account(self) -> str:
        return str(self.found["Arn"]).split(":")[4]

    @property
    def version(self) -> str:
        return str(self.found["AirflowVersion"])

    @property
    def is_airflow_3(self) -> bool:
        return major(self.version) >= 3

    @property
    def role(self) -> str:
        """The ARN of the execution role."""
        return str(self.found["ExecutionRoleArn"])

    @property
    def environment_class(self) -> EnvironmentClass:
        return CLASSES[self.found["EnvironmentClass"]]

    @property
    def schedulers(self) -> int:
        return int(self.found["Schedulers"])

    @property
    def workers(self) -> tuple[int, int]:
        """Fewest and most."""
        return int(self.found["MinWorkers"]), int(self.found["MaxWorkers"])

    @property
    def options(self) -> dict[str, str]:
        """Airflow's configuration options, ``section.option`` -> value."""
        return dict(self.found.get("AirflowConfigurationOptions") or {})

    @property
    def tasks_per_worker(self) -> int:
        """How many tasks one worker runs at once: its own option, else what the class allows."""
        most = self.options.get("celery.worker_autoscale", "").partition(",")[0].strip()
        return int(most) if most.isdigit() else self.environment_class.tasks_per_worker

    @property
    def bucket(self) -> str:
        return str(self.found["SourceBucketArn"]).rpartition(":::")[2]

    @property
    def dags_prefix(self) -> str:
        return str(self.found["DagS3Path"]).strip("/") + "/"

    def artifact(self, kind: str) -> tuple[str, str | None] | None:
        """Object key and version of a file of the bucket; None where the environment has none."""
        member = ARTIFACTS[kind]
        key = self.found.get(f"{member}S3Path")
        return (str(key), self.found.get(f"{member}S3ObjectVersion")) if key else None

    @property
    def queue(self) -> str:
        """The name of the Celery queue: ``airflow-celery-<uuid>``."""
        return str(self.found["CeleryExecutorQueue"]).rpartition(":")[2]

    @property
    def queue_url(self) -> str:
        """Where the emulated SQS has it; the account is the service's, not the customer's."""
        owner = str(self.found["CeleryExecutorQueue"]).split(":")[4]
        return f"{self.endpoint}/{owner}/{self.queue}"

    def log_group(self, module: str) -> str | None:
        """The group of a logging module, None where its logs are off."""
        logging = self.found["LoggingConfiguration"][LOG_MEMBERS[module]]
        if not logging.get("Enabled"):
            return None
        return Names(self.name, self.region, self.account).log_group(module)

    def log_level(self, module: str) -> str:
        return str(self.found["LoggingConfiguration"][LOG_MEMBERS[module]].get("LogLevel", "INFO"))

    @property
    def is_settled(self) -> bool:
        """Whether the service is done with whatever it was doing."""
        return self.found["Status"] in ("AVAILABLE", "UPDATE_FAILED")

    @property
    def strategy(self) -> str:
        """How the last update replaces the workers."""
        update = self.found.get("LastUpdate") or {}
        return str(update.get("WorkerReplacementStrategy") or "FORCED")

    @property
    def fingerprint(self) -> str:
        """Changes with whatever needs other processes; a status or a tag does not."""
        passing = ("Status", "LastUpdate", "Tags", "CreatedAt", "WebserverUrl")
        kept = {key: value for key, value in self.found.items() if key not in passing}
        text = json.dumps(kept, sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()
