"""Which Airflow options the image takes over, and which look like secrets."""

import json

import pytest

from mwaa.service.airflow_options import (
    BACKEND,
    SecretsBackend,
    forced_variable,
    locked,
    looks_secret,
)


@pytest.mark.parametrize(
    "key", ["core.executor", "webserver.secret_key", "api_auth.jwt_secret", "api.auth_backends"]
)
def test_options_of_the_image_are_locked(key: str) -> None:
    assert locked(key) == "remove it"


@pytest.mark.parametrize(
    ("key", "other"),
    [
        ("celery.worker_concurrency", "worker_autoscale"),
        ("logging.logging_config_class", "logLevels"),
        ("metrics.statsd_port", "metrics.statsd_on"),
        ("metrics.otel_on", "metrics.metrics_allow_list"),
        ("metrics.statsd_datadog_enabled", "metrics.metrics_block_list"),
    ],
)
def test_a_locked_option_names_what_to_use_instead(key: str, other: str) -> None:
    assert other in (locked(key) or "")


@pytest.mark.parametrize(
    "key",
    [
        *("core.parallelism", "celery.worker_autoscale", "smtp.smtp_host"),
        *("metrics.statsd_on", "api_auth.jwt_leeway"),
    ],
)
def test_other_options_are_free(key: str) -> None:
    assert locked(key) is None


@pytest.mark.parametrize(
    ("key", "forced", "free"),
    [
        ("celery_broker_transport_options.visibility_timeout", "3.0.6", "3.2.1"),
        ("triggerer.queues_enabled", "3.2.1", "3.0.6"),
        ("webserver.cookie_secure", "2.11.2", "3.0.6"),
        ("logging.colored_console_log", "3.0.6", "2.10.3"),
        ("core.auth_manager", "3.3.1", "2.11.0"),
    ],
)
def test_what_an_image_forces_depends_on_its_version(key: str, forced: str, free: str) -> None:
    assert locked(key, forced) == "remove it"
    assert locked(key, free) is None


def test_a_variable_of_a_forced_option_is_recognized() -> None:
    assert forced_variable("AIRFLOW__CORE__FERNET_KEY", "3.2.1")
    assert not forced_variable("AIRFLOW__CORE__PARALLELISM", "3.2.1")
    assert not forced_variable("AIRFLOW_HOME", "3.2.1")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("smtp.smtp_password", "hunter2"),
        ("sentry.api_key", "x"),
        ("custom.token", "x"),
        ("custom.note", "AKIAABCDEFGHIJKLMNOP"),
        ("custom.url", "postgresql://user:pa55@db/orders"),
        ("custom.redis", "redis://:pa55@cache:6379/0"),
        ("custom.key", "-----BEGIN RSA PRIVATE KEY-----"),
        ("secrets.backend_kwargs", '{"role": {"client_secret": "hunter2hunter2"}}'),
        ("custom.hosts", '[{"url": "https://me:hunter2hunter2@db"}]'),
        ("custom.uri", "snowflake://me@account/db?warehouse=w&password=hunter2hunter2"),
        ("custom.deep", '{"a": [{"b": {"api_key": "hunter2hunter2"}}]}'),
    ],
)
def test_credentials_are_recognized_and_never_repeated(key: str, value: str) -> None:
    reason = looks_secret(key, value)
    assert reason
    assert value not in reason


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("secrets.backend", BACKEND),
        ("secrets.backend_kwargs", '{"connections_prefix": "airflow/connections"}'),
        ("core.sensitive_var_conn_names", "password,token"),
        ("webserver.base_url", "https://airflow.example.com:8443/home"),
        ("core.default_timezone", "utc"),
        ("custom.uri", "https://example.org/list?page_token=abcdefgh&password=$PASSWORD"),
    ],
)
def test_harmless_options_are_not_taken_for_secrets(key: str, value: str) -> None:
    assert looks_secret(key, value) is None


def test_the_secrets_backend_keeps_the_default_that_any_keyword_discards() -> None:
    options = SecretsBackend(prefix="team/airflow").options()
    assert options["secrets.backend"] == BACKEND
    assert json.loads(options["secrets.backend_kwargs"]) == {
        "connections_prefix": "team/airflow/connections",
        "connections_lookup_pattern": "^(?!aws_default$).*$",
        "variables_prefix": "team/airflow/variables",
    }


def test_lookup_patterns_are_keywords_of_the_backend() -> None:
    backend = SecretsBackend(prefix="x", connections_pattern="^sql_", variables_pattern="^aws_")
    keywords = json.loads(backend.options()["secrets.backend_kwargs"])
    assert keywords["connections_lookup_pattern"] == "^sql_"
    assert keywords["variables_lookup_pattern"] == "^aws_"
