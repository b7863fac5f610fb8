"""An upgrade that is disturbed at each call, setting and run of the engine."""

import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ops.commands.upgrade.upgrade import again, carry_out, settled, version_of
from ops.commands.upgrade.way import way
from ops.stack import StackFile
from ops.target import Target
from tests.ops.airflow.model import Model
from tests.ops.airflow.wire import ARN, target
from tests.ops.drill.effects import Effects
from tests.ops.drill.quiet import quiet
from tests.ops.faults import Killed

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

KILLED = "killed at a call, a setting or the engine"
MOST = 80
PREVIEW = '{"steps": [], "changeSummary": {"same": 1}}'


@dataclass
class Service:
    """MWAA with one environment, whose update ends after it was looked at a few times.

    ``refused`` are versions whose update the service takes back. Like the service it resets the
    default pool.
    """

    model: Model
    version: str = "2.10.3"
    status: str = "AVAILABLE"
    bucket: str = "airflow-prod"
    refused: frozenset[str] = frozenset()
    effects: Effects = field(default_factory=Effects)
    wanted: str = ""
    looks: int = 0
    failure: dict[str, str] = field(default_factory=dict)
    updates: list[str] = field(default_factory=list)
    artifacts: dict[str, str] = field(default_factory=dict)

    def described(self) -> dict[str, Any]:
        """GetEnvironment's answer now."""
        last = {"Status": "FAILED", "Error": self.failure} if self.failure else {}
        return {
            "Name": "prod",
            "Arn": ARN,
            "Status": self.status,
            "AirflowVersion": self.version,
            "SourceBucketArn": f"arn:aws:s3:::{self.bucket}",
            "LastUpdate": last,
            **self.artifacts,
        }

    def get_environment(self, *, Name: str) -> dict[str, Any]:  # noqa: N803 - the API's spelling
        """A look, after which the work goes on."""
        self.effects.point()
        if self.status == "UPDATING":
            self.looks -= 1
            if self.looks <= 0:
                self._end()
        return {"Environment": self.described()}

    def _end(self) -> None:
        if self.wanted in self.refused:
            self.status = "UPDATE_FAILED"
            self.failure = {"ErrorCode": "INCORRECT_CONFIGURATION", "ErrorMessage": "requirements"}
            return
        self.status, self.version = "AVAILABLE", self.wanted
        self.model.api = 2 if self.version.startswith("3") else 1
        self.model.stored["pools"]["default_pool"]["slots"] = 128

    def update_environment(
        self,
        *,
        Name: str,  # noqa: N803
        AirflowVersion: str,  # noqa: N803
        **artifacts: str,
    ) -> None:
        """An update begins."""
        self.effects.point()
        assert self.status in {"AVAILABLE", "UPDATE_FAILED"}
        self.status, self.wanted, self.looks, self.failure = "UPDATING", AirflowVersion, 3, {}
        self.updates.append(AirflowVersion)
        self.artifacts |= artifacts
        self.effects.point()

    def invoke_rest_api(self, **request: Any) -> dict[str, Any]:
        """Airflow's answer."""
        self.effects.point()
        status, document = self.model.answer(request)
        self.effects.point()
        return {"RestApiStatusCode": status, "RestApiResponse": document}


@dataclass
class Settings(StackFile):
    """The stack's settings and state in memory; each change may be the last thing that happens."""

    service: Service = field(kw_only=True)
    written: dict[str, str] = field(default_factory=dict)
    state: dict[str, str] = field(default_factory=dict)
    plan: Callable[[], str] = lambda: PREVIEW

    def get(self, name: str) -> str:
        return self.written.get(name, "")

    def set(self, name: str, value: str) -> None:
        self.service.effects.point()
        self.written[name] = value
        self.service.effects.point()

    def refresh(self) -> None:
        self.service.effects.point()
        self.state["airflowVersion"] = self.service.version
        self.service.effects.point()

    def preview(self) -> str:
        self.service.effects.point()
        return self.plan()


def place(service: Service, s3: "S3Client") -> Target:
    """The environment of ``service``, its bucket made."""
    s3.create_bucket(Bucket=service.bucket)
    there = target(service.model, s3, service.bucket)
    there.aws.__dict__["mwaa"] = service
    return again(there)


def upgrade(there: Target, settings: StackFile, to: str = "3.2.1") -> None:
    """One run of the verb's work."""
    with quiet():
        now = settled(again(there), 0)
        steps, files = way(version_of(now), to), settings.files()
        carry_out(now, to, steps, settings, files=files, pauses=True, interval=0)


def drill(s3: "S3Client") -> tuple[int, int]:
    """Fault points of one upgrade over two steps, and how many were survived."""
    survived = 0
    for at in range(1, MOST * 2):
        model = Model(dags={"a": False, "b": True})
        model.stored["pools"]["default_pool"]["slots"] = 500
        service = Service(model, bucket=f"drill-{uuid.uuid4().hex[:12]}")
        settings = Settings("prod", service=service)
        there = place(service, s3)
        service.effects = Effects(at)
        with suppress(Killed):
            upgrade(there, settings)
        if service.effects.count < at:
            return at - 1, survived
        service.effects = Effects()
        upgrade(there, settings)
        survived += (
            service.version
            == settings.written["airflowVersion"]
            == settings.state["airflowVersion"]
            and service.version == "3.2.1"
            and service.updates == ["2.11.2", "3.2.1"]
            and model.stored["pools"]["default_pool"]["slots"] == 500
            and model.dags == {"a": False, "b": True}
        )
    raise RuntimeError("an upgrade over two steps has fewer effects than this")
