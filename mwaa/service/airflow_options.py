"""Airflow configuration options: which the image takes over, which look like secrets.

Sources (read 2026-11): https://github.com/aws/amazon-mwaa-docker-images (images/airflow/*/python/
mwaa/config: the essential set is merged after the user's),
https://docs.aws.amazon.com/mwaa/latest/userguide/connections-secrets-manager.html
"""

import json
import re
from dataclasses import dataclass
from typing import Final

from mwaa.service.credentials import credential, in_json, is_secret_name
from mwaa.service.versions import at_least

_WORKERS: Final = 'use "celery.worker_autoscale" (most,least)'
_LOGS: Final = "use mwaa:logLevels"


@dataclass(frozen=True)
class Forced:
    """An option that the image sets after the user's, in versions from ``since`` to before
    ``until`` (empty: all of this catalog), and what to use ``instead``."""

    since: str = ""
    until: str = ""
    instead: str = ""


_TWO: Final = Forced(until="3.0.0")
_THREE: Final = Forced(since="3.0.0")
_THREE_TWO: Final = Forced(since="3.2.0")

FORCED: Final[dict[str, Forced]] = {
    **dict.fromkeys(
        (
            *("core.executor", "core.fernet_key", "core.load_examples"),
            *("database.sql_alchemy_conn", "celery.broker_url", "celery.result_backend"),
            *("celery.celery_config_options", "celery.worker_enable_remote_control"),
            *("operators.default_queue", "scheduler.standalone_dag_processor"),
        ),
        Forced(),
    ),
    "celery.worker_concurrency": Forced(instead=_WORKERS),
    "logging.logging_config_class": Forced(instead=_LOGS),
    "celery_broker_transport_options.visibility_timeout": Forced(until="3.2.0"),
    **dict.fromkeys(("webserver.config_file", "webserver.secret_key"), _TWO),
    **dict.fromkeys(("webserver.cookie_secure", "api.auth_backends"), _TWO),
    **dict.fromkeys(("core.auth_manager", "core.execution_api_server_url"), _THREE),
    **dict.fromkeys(("api.secret_key", "fab.config_file", "logging.colored_console_log"), _THREE),
    **dict.fromkeys(("api_auth.jwt_secret", "api_auth.jwt_algorithm"), _THREE),
    "execution_api.jwt_expiration_time": _THREE,
    # core.multi_team is forced too, and has a rule of its own.
    "triggerer.queues_enabled": _THREE_TWO,
}
"""Read 2026-11-27 at 9d2bebb: ``get_essential_airflow_config`` of each version."""

# The image sets the whole section to Airflow's defaults, and these go to its sidecar.
_FREE_METRICS: Final = {"statsd_on", "metrics_allow_list", "metrics_block_list"}
_METRICS: Final = (
    "use metrics.statsd_on, metrics.metrics_allow_list or metrics.metrics_block_list; other "
    "sinks of metrics are not reached"
)

CLASS_OPTIONS: Final = frozenset(
    {
        *("core.xcom_backend", "core.hostname_callable", "core.default_task_weight_rule"),
        *("email.email_backend", "lineage.backend", "api.auth_backends"),
        *("openlineage.extractors", "openlineage.custom_run_facets", "secrets.backend"),
        *("workers.secrets_backend", "logging.logging_config_class", "core.auth_manager"),
    }
)
"""Options whose value names classes or functions by their dotted path (read 2026-11-27):
https://airflow.apache.org/docs/apache-airflow/stable/configurations-ref.html"""

KEY: Final = re.compile(r"[a-z]+([a-z0-9._]*[a-z0-9_]+)?")
KEY_LIMIT: Final = 64
VALUE: Final = re.compile(r"[ -~]+")
VALUE_LIMIT: Final = 65536

CONNECTIONS_PATTERN: Final = "^(?!aws_default$).*$"
"""MWAA's own: ``aws_default`` is the execution role and stands in no secret."""

BACKEND: Final = "airflow.providers.amazon.aws.secrets.secrets_manager.SecretsManagerBackend"


def locked(key: str, version: str = "") -> str | None:
    """What to do about an option that the image of Airflow ``version`` overrides; None where it
    does not. Without a version: whether the image of any does."""
    section, _, option = key.partition(".")
    if section == "metrics" and option not in _FREE_METRICS:
        return _METRICS
    forced = FORCED.get(key)
    if forced is None or not _applies(forced, version):
        return None
    return forced.instead or "remove it"


def _applies(forced: Forced, version: str) -> bool:
    if not version:
        return True
    is_since = not forced.since or at_least(version, forced.since)
    return is_since and not (forced.until and at_least(version, forced.until))


def forced_variable(name: str, version: str = "") -> bool:
    """Whether an environment variable is one of these options (``AIRFLOW__CORE__EXECUTOR``)."""
    parts = name.split("__")
    if len(parts) != 3 or parts[0] != "AIRFLOW":
        return False
    return locked(f"{parts[1]}.{parts[2]}".lower(), version) is not None


def looks_secret(key: str, value: str) -> str | None:
    """Why an option seems to hold a credential, or None. The reason never holds the value.

    Values that are JSON, as the keywords of a backend are, are searched inside.
    """
    if value and is_secret_name(key.partition(".")[2]):
        return "its name says so"
    what = credential(value) or in_json(value)
    return f"its value looks like {what}" if what else None


@dataclass(frozen=True, kw_only=True)
class SecretsBackend:
    """Secrets Manager as Airflow's backend of secrets: where it looks, and for which names.

    A pattern is a regular expression that a connection's or variable's name must match from its
    start, so that not every lookup is a call that Secrets Manager bills; empty: all of them.
    https://airflow.apache.org/docs/apache-airflow-providers-amazon/stable/secrets-backends/aws-secrets-manager.html
    """

    prefix: str
    connections_pattern: str = CONNECTIONS_PATTERN
    variables_pattern: str = ""

    def options(self) -> dict[str, str]:
        """The Airflow options that set it.

        Giving any keyword discards MWAA's own pattern for connections; it is given again.
        """
        keywords = {
            "connections_prefix": f"{self.prefix}/connections",
            "connections_lookup_pattern": self.connections_pattern,
            "variables_prefix": f"{self.prefix}/variables",
            "variables_lookup_pattern": self.variables_pattern,
        }
        given = {key: value for key, value in keywords.items() if value}
        return {"secrets.backend": BACKEND, "secrets.backend_kwargs": json.dumps(given)}
