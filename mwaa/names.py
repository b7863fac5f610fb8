"""Every physical name and every ARN that follows from a name; nothing here asks AWS.

Names are pure functions of environment, region and account, so that policy documents are known at
the first preview. A name that would pass its service's limit is cut and closed with a digest of the
whole name: two environments never share a name.
"""

import hashlib
import re
from dataclasses import dataclass
from typing import Final

LOG_TYPES: Final = {
    "dag_processing": "DAGProcessing",
    "scheduler": "Scheduler",
    "task": "Task",
    "webserver": "WebServer",
    "worker": "Worker",
}
"""Logging module of the API -> suffix of its log group. MWAA fixes both, letter case included.

Source: https://docs.aws.amazon.com/mwaa/latest/userguide/mwaa-create-role.html
"""


def meant_log_group(environment: str, name: str) -> str | None:
    """The log group of MWAA that ``name`` spells, exactly or nearly: in another letter case, or
    with the underscore of the API's modules (``dag_processing``)."""
    exact = {f"airflow-{environment}-{suffix}" for suffix in LOG_TYPES.values()}
    spelled = name.lower().replace("_", "")
    return next((one for one in exact if one.lower().replace("_", "") == spelled), None)


# Only these prefixes differ from the commercial partition; every other region belongs to ``aws``.
_PARTITIONS: Final = {
    "cn-": ("aws-cn", "amazonaws.com.cn"),
    "us-gov-": ("aws-us-gov", "amazonaws.com"),
}

_ROLE_LIMIT: Final = 64
_POLICY_LIMIT: Final = 128
_BUCKET_LIMIT: Final = 63
_ALARM_LIMIT: Final = 255


def partition_of(region: str) -> str:
    """The partition of a region: ``aws``, ``aws-cn`` or ``aws-us-gov``."""
    return _partition(region)[0]


def dns_suffix_of(region: str) -> str:
    """The DNS suffix of a region's service endpoints, for example ``amazonaws.com.cn``."""
    return _partition(region)[1]


def _partition(region: str) -> tuple[str, str]:
    for prefix, facts in _PARTITIONS.items():
        if region.startswith(prefix):
            return facts
    return "aws", "amazonaws.com"


def _digest(text: str, length: int) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:length]


def bounded(name: str, limit: int) -> str:
    """``name``, or where it is longer than ``limit`` its head and a digest of the whole."""
    if len(name) <= limit:
        return name
    return f"{name[: limit - 9]}-{_digest(name, 8)}"


@dataclass(frozen=True)
class Names:
    """The names of one environment.

    ``bucket_name`` overrides the bucket's derived name (a bucket that exists, or a name chosen in
    the stack file). Properties that end in ``_arn`` or ``_arns`` are ARNs, the others are names.
    """

    environment: str
    region: str
    account: str
    bucket_name: str = ""

    @property
    def partition(self) -> str:
        return partition_of(self.region)

    @property
    def dns_suffix(self) -> str:
        return dns_suffix_of(self.region)

    def service_host(self, service: str) -> str:
        """``service.region.suffix``: the value of ``kms:ViaService`` and of regional principals."""
        return f"{service}.{self.region}.{self.dns_suffix}"

    def arn(self, service: str, resource: str) -> str:
        """The ARN of a regional resource in this account."""
        return f"arn:{self.partition}:{service}:{self.region}:{self.account}:{resource}"

    # Storage and encryption

    @property
    def bucket(self) -> str:
        """Globally unique through a digest: an account id in a bucket name would show it to all."""
        if self.bucket_name:
            return self.bucket_name
        slug = re.sub(r"[^a-z0-9]+", "-", self.environment.lower()).strip("-")
        unique = _digest(f"{self.account}/{self.region}/{self.environment}", 10)
        head = f"airflow-{slug}"[: _BUCKET_LIMIT - 11].rstrip("-")
        return f"{head}-{unique}"

    @property
    def bucket_arn(self) -> str:
        return f"arn:{self.partition}:s3:::{self.bucket}"

    @property
    def key_alias(self) -> str:
        return f"alias/mwaa-{self.environment}"

    # Identity

    @property
    def role(self) -> str:
        """IAM names are global to an account, hence the region in every one of them."""
        return self._iam("execution", _ROLE_LIMIT)

    @property
    def role_arn(self) -> str:
        return f"arn:{self.partition}:iam::{self.account}:role/{self.role}"

    @property
    def flow_log_role(self) -> str:
        return self._iam("flow-logs", _ROLE_LIMIT)

    def access_policy(self, role: str, right: str) -> str:
        """The policy that gives ``right`` (``web``, ``rest``) in an Airflow role, or ``cli``."""
        return self._iam(f"{role.lower()}-{right}" if role else right, _POLICY_LIMIT)

    def airflow_role_arn(self, role: str) -> str:
        """The ARN that CreateWebLoginToken and InvokeRestApi check for an Airflow role."""
        return self.arn("airflow", f"role/{self.environment}/{role}")

    def _iam(self, purpose: str, limit: int) -> str:
        tail = f"-{purpose}"
        return bounded(f"mwaa-{self.environment}-{self.region}", limit - len(tail)) + tail

    # The environment, its queue and its logs

    @property
    def environment_arn(self) -> str:
        return self.arn("airflow", f"environment/{self.environment}")

    @property
    def queue_arn_pattern(self) -> str:
        """The Celery queue lives in an account of AWS, so its account is a wildcard."""
        return f"arn:{self.partition}:sqs:{self.region}:*:airflow-celery-*"

    def log_group(self, log_type: str) -> str:
        """The log group of a logging module: one of the keys of ``LOG_TYPES``."""
        return f"airflow-{self.environment}-{LOG_TYPES[log_type]}"

    def log_group_arn(self, log_type: str) -> str:
        return self.arn("logs", f"log-group:{self.log_group(log_type)}")

    @property
    def log_groups(self) -> dict[str, str]:
        return {log_type: self.log_group(log_type) for log_type in LOG_TYPES}

    @property
    def log_group_arn_pattern(self) -> str:
        """All five groups. The dash matters: ``airflow-<name>:*`` would match none of them."""
        return self.arn("logs", f"log-group:airflow-{self.environment}-*")

    # Network and monitoring

    @property
    def vpc(self) -> str:
        return f"mwaa-{self.environment}"

    @property
    def security_group(self) -> str:
        return f"mwaa-{self.environment}"

    @property
    def endpoint_security_group(self) -> str:
        return f"mwaa-{self.environment}-endpoints"

    @property
    def customer_endpoint_security_group(self) -> str:
        return f"mwaa-{self.environment}-customer-endpoints"

    @property
    def flow_log_group(self) -> str:
        return f"mwaa-{self.environment}-flow-logs"

    @property
    def flow_log_group_arn(self) -> str:
        return self.arn("logs", f"log-group:{self.flow_log_group}")

    @property
    def alarm_topic(self) -> str:
        return f"mwaa-{self.environment}-alarms"

    @property
    def alarm_topic_arn(self) -> str:
        return self.arn("sns", self.alarm_topic)

    def alarm(self, watched: str) -> str:
        return bounded(f"mwaa-{self.environment}-{watched}", _ALARM_LIMIT)

    @property
    def alarm_arn_pattern(self) -> str:
        return self.arn("cloudwatch", f"alarm:mwaa-{self.environment}-*")

    @property
    def dashboard(self) -> str:
        """Dashboards are global to an account."""
        return f"mwaa-{self.environment}-{self.region}"
