"""Airflow configuration options: which the image takes over, which look like secrets.

Sources (read 2026-11): https://github.com/aws/amazon-mwaa-docker-images (images/airflow/*/python/
mwaa/config: the essential set is merged after the user's),
https://docs.aws.amazon.com/mwaa/latest/userguide/connections-secrets-manager.html
"""

import json
import re
from collections.abc import Mapping
from typing import Final

_WORKERS: Final = 'use "celery.worker_autoscale" (most,least)'
_LOGS: Final = "use mwaa:logLevels"

LOCKED: Final[dict[str, str]] = {
    "core.executor": "",
    "core.fernet_key": "",
    "core.load_examples": "",
    "core.auth_manager": "",
    "core.execution_api_server_url": "",
    "database.sql_alchemy_conn": "",
    "celery.broker_url": "",
    "celery.result_backend": "",
    "celery.celery_config_options": "",
    "celery.worker_enable_remote_control": "",
    "celery.worker_concurrency": _WORKERS,
    "operators.default_queue": "",
    "logging.logging_config_class": _LOGS,
    "scheduler.standalone_dag_processor": "",
    "webserver.config_file": "",
    "webserver.secret_key": "",
    "fab.config_file": "",
    "api.secret_key": "",
    "execution_api.jwt_expiration_time": "",
    "metrics.statsd_host": "",
    "metrics.statsd_port": "",
    "metrics.statsd_prefix": "",
}
"""Options that the image sets after the user's, and what to use instead."""

_LOCKED_SECTIONS: Final = ("api_auth.",)

KEY: Final = re.compile(r"[a-z]+([a-z0-9._]*[a-z0-9_]+)?")
KEY_LIMIT: Final = 64
VALUE: Final = re.compile(r"[ -~]+")
VALUE_LIMIT: Final = 65536

_SECRET_KEY: Final = re.compile(
    r"(^|_)(password|passwd|secret|secret_key|api_key|access_key|private_key|token|credentials?)$"
)
_SECRET_VALUES: Final = {
    "an AWS access key": re.compile(r"\b(AKIA|ASIA)[A-Z0-9]{16}\b"),
    "a password in a URL": re.compile(r"://[^/\s:@]*:[^/\s@]+@"),
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
}

BACKEND: Final = "airflow.providers.amazon.aws.secrets.secrets_manager.SecretsManagerBackend"


def locked(key: str) -> str | None:
    """What to do about an option that the image overrides; None where it does not."""
    if key in LOCKED:
        return LOCKED[key] or "remove it"
    return "remove it" if key.startswith(_LOCKED_SECTIONS) else None


def looks_secret(key: str, value: str) -> str | None:
    """Why an option seems to hold a credential, or None. The reason never holds the value."""
    option = key.partition(".")[2]
    if value and _SECRET_KEY.search(option):
        return "its name says so"
    for what, pattern in _SECRET_VALUES.items():
        if pattern.search(value):
            return f"its value looks like {what}"
    return None


def with_secrets_backend(options: Mapping[str, str], prefix: str) -> dict[str, str]:
    """The options, and with a prefix those that make Secrets Manager the backend.

    Giving any keyword discards MWAA's own default for ``connections_lookup_pattern``, which keeps
    ``aws_default`` out of the search; it is given again.
    """
    if not prefix:
        return dict(options)
    keywords = {
        "connections_prefix": f"{prefix}/connections",
        "connections_lookup_pattern": "^(?!aws_default$).*$",
        "variables_prefix": f"{prefix}/variables",
    }
    backend = {"secrets.backend": BACKEND, "secrets.backend_kwargs": json.dumps(keywords)}
    return dict(options) | backend
