"""One environment as the emulated service keeps it, and the records it consists of."""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from mwaa.names import Names
from mwaa.service.api_names import LOG_MEMBERS
from rehearsal.cli.processes import born

AWAITED = ("replacement", "restoration")
"""Phases that end when a real Airflow says so: it becomes what an update wants, or what it was."""


@dataclass
class ServiceSide:
    """Identities of what was made for one environment."""

    account: str
    token: str
    vpc: str = ""
    subnets: list[str] = field(default_factory=list)
    balancers: list[str] = field(default_factory=list)
    service_ids: list[str] = field(default_factory=list)
    database_service: str = ""
    webserver_service: str = ""
    queue_url: str = ""
    queue_arn: str = ""
    endpoints: list[str] = field(default_factory=list)
    interfaces: list[str] = field(default_factory=list)
    grants: list[str] = field(default_factory=list)
    region: str = ""

    def hostname(self, private: bool) -> str:
        """The web server's host; private ones carry -vpce:
        https://docs.aws.amazon.com/mwaa/latest/userguide/vpc-vpe-access.html"""
        kind = "-vpce" if private else ""
        return f"{self.token}{kind}.c1.{self.region}.airflow.amazonaws.com"


@dataclass
class Work:
    """What the service is doing: ``phase`` ends at ``due``. ``config`` is an update's target, and
    what was before it while Airflow is being replaced."""

    phase: str
    due: float
    config: dict[str, Any] | None = None
    failure: tuple[str, str] | None = None


@dataclass
class Airflow:
    """What an environment's metadata database remembers, by collection and name."""

    items: dict[str, dict[str, dict[str, Any]]] = field(
        default_factory=lambda: {
            "variables": {},
            "connections": {},
            "pools": {"default_pool": {"name": "default_pool", "slots": 128}},
        }
    )


@dataclass
class Runtime:
    """A real Airflow that runs behind an environment: where it answers (``127.0.0.1:8080``), the
    secret that its web tokens are signed with, its version, and its supervisor's process."""

    address: str
    secret: str
    version: str
    pid: str
    born: str

    @property
    def is_alive(self) -> bool:
        """Whether its supervisor still is there to follow an update."""
        return born(int(self.pid)) == self.born


@dataclass(eq=False)
class Environment:
    """One environment. ``config`` holds the members of CreateEnvironment with defaults filled in.

    ``work`` is what the service is doing, None when it is idle. ``measures`` are metrics that
    differ from an idle environment's. ``runtime`` is None where no Airflow runs.
    """

    name: str
    account: str
    region: str
    config: dict[str, Any]
    created_at: float
    status: str = "CREATING"
    last_update: dict[str, Any] = field(default_factory=dict)
    service: ServiceSide | None = None
    work: Work | None = None
    metrics_until: float = 0.0
    measures: dict[str, float] = field(default_factory=dict)
    findings: list[str] = field(default_factory=list)
    airflow: Airflow = field(default_factory=Airflow)
    runtime: Runtime | None = None

    @property
    def names(self) -> Names:
        """The physical names that follow from this environment's."""
        return Names(self.name, self.region, self.account)

    @property
    def arn(self) -> str:
        """The environment's ARN."""
        return self.names.arn("airflow", f"environment/{self.name}")

    @property
    def service_account(self) -> str:
        """The service's own account for this environment: one each, and never the customer's."""
        number = int(hashlib.sha256(self.arn.encode()).hexdigest(), 16)
        return str(200_000_000_000 + number % 700_000_000_000)

    @property
    def awaits(self) -> str:
        """What a real Airflow has to do before the service goes on; empty where it has not to."""
        return self.work.phase if self.work and self.work.phase in AWAITED else ""

    @property
    def is_private(self) -> bool:
        """Whether workers reach the web server through an endpoint in the customer's VPC."""
        return bool(self.config["WebserverAccessMode"] != "PUBLIC_ONLY")

    def summary(self) -> dict[str, Any]:
        """What a test wants to see at a glance."""
        return {
            "name": self.name,
            "account": self.account,
            "region": self.region,
            "status": self.status,
            "lastUpdate": self.last_update,
            "findings": self.findings,
            "awaits": self.awaits,
            "serviceAccount": self.service_account,
        }

    def describe(self) -> dict[str, Any]:
        """The Environment structure of GetEnvironment."""
        config = dict(self.config)
        # Where logging is off the service reports the module without a group.
        logs = config.pop("LoggingConfiguration")
        described: dict[str, Any] = {
            **config,
            "Name": self.name,
            "Arn": self.arn,
            "Status": self.status,
            "CreatedAt": datetime.fromtimestamp(self.created_at, UTC),
            "ServiceRoleArn": (
                f"arn:{self.names.partition}:iam::{self.account}:role/aws-service-role/"
                "airflow.amazonaws.com/AWSServiceRoleForAmazonMWAA"
            ),
            "LoggingConfiguration": {
                member: {
                    **logs.get(member, {"Enabled": False, "LogLevel": "INFO"}),
                    "CloudWatchLogGroupArn": self.names.log_group_arn(module),
                }
                for module, member in LOG_MEMBERS.items()
            },
        }
        if self.last_update:
            described["LastUpdate"] = {
                **self.last_update,
                "CreatedAt": datetime.fromtimestamp(self.last_update["CreatedAt"], UTC),
            }
        if self.service:
            described["DatabaseVpcEndpointService"] = self.service.database_service
            described["CeleryExecutorQueue"] = self.service.queue_arn
            if self.is_private:
                described["WebserverVpcEndpointService"] = self.service.webserver_service
            if self.status not in ("CREATING", "PENDING", "CREATE_FAILED"):
                described["WebserverUrl"] = f"https://{self.service.hostname(self.is_private)}"
        return described

    @property
    def logging_modules(self) -> list[str]:
        """The modules whose logs are on."""
        logging = self.config["LoggingConfiguration"]
        return [
            module
            for module, member in LOG_MEMBERS.items()
            if logging.get(member, {}).get("Enabled")
        ]
