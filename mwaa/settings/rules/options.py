"""Rules on Airflow configuration options. No message ever shows a value."""

import re
from collections.abc import Iterator

from mwaa.service.airflow_options import (
    CONNECTIONS_PATTERN,
    KEY,
    KEY_LIMIT,
    VALUE,
    VALUE_LIMIT,
    locked,
    looks_secret,
)
from mwaa.service.classes import CLASSES, beyond
from mwaa.settings.problems import Advice, Problem
from mwaa.settings.values import Choices

_SETTING = "airflowConfigurationOptions"


def judge(settings: Choices) -> Iterator[Problem | Advice]:
    for key, value in settings.airflow_configuration_options.items():
        yield from _syntax(key, value)
        yield from _meaning(key, value)
        remedy = locked(key, settings.airflow_version)
        if remedy:
            yield Problem(
                _SETTING,
                f'option "{key}"',
                "options that the image of MWAA leaves to its users",
                "MWAA sets this option after yours, so yours would silently do nothing",
                remedy,
            )
        reason = None if settings.secret_options else looks_secret(key, value)
        if reason:
            yield Problem(
                _SETTING,
                f'option "{key}" (value not shown)',
                "options without credentials, or the whole setting encrypted",
                f"{reason}, and it would stand in clear in the stack file",
                "keep it in Secrets Manager (mwaa:secretsBackend). Encrypted it is out of the file "
                f"(pulumi config set --secret --path 'mwaa:{_SETTING}[\"{key}\"]'), but not out of "
                "reach of airflow:GetEnvironment, and the policy pack still asks",
            )
    yield from _backend(settings)
    yield from _patterns(settings)
    yield from _capacity(settings)
    yield from _lazy_plugins(settings)


def _syntax(key: str, value: str) -> Iterator[Problem]:
    section, dot, option = key.partition(".")
    shaped = bool(KEY.fullmatch(key)) and len(key) <= KEY_LIMIT
    if not shaped or not (section and dot and option):
        yield Problem(
            _SETTING,
            f'option "{key}"',
            f"section.option in lower-case letters, digits and _, at most {KEY_LIMIT} long",
            "MWAA refuses other names, and Airflow would not find them",
            "write section and option as Airflow's configuration reference names them",
        )
    if not VALUE.fullmatch(value) or len(value) > VALUE_LIMIT:
        yield Problem(
            _SETTING,
            f'the value of option "{key}"',
            f"1 to {VALUE_LIMIT} printable ASCII characters",
            "MWAA refuses empty values, line breaks and other letters",
            "change the value, or remove the option to get Airflow's default",
        )


def _meaning(key: str, value: str) -> Iterator[Problem]:
    if key == "core.multi_team" and value.lower() not in ("false", "f", "0"):
        yield Problem(
            _SETTING,
            'option "core.multi_team"',
            "False",
            "MWAA does not support Airflow's multi-team mode with its sign-in and its executor",
            "remove it",
        )
    if key == "celery.worker_autoscale":
        ends = [int(n) for n in value.split(",")] if re.fullmatch(r"\d+,\d+", value) else []
        if not ends or ends[0] < ends[1]:
            yield Problem(
                _SETTING,
                'option "celery.worker_autoscale"',
                'two numbers, the larger first, for example "10,5"',
                "Celery reads it as most,least tasks per worker",
                "correct the value",
            )


def _backend(s: Choices) -> Iterator[Problem]:
    chosen = [k for k in s.airflow_configuration_options if k.startswith("secrets.backend")]
    if s.secrets_backend == "secrets-manager" and chosen:
        yield Problem(
            _SETTING,
            f'option "{chosen[0]}"',
            "no secrets.backend options together with mwaa:secretsBackend",
            "mwaa:secretsBackend sets them, with the role's rights to match",
            "remove the option, or set mwaa:secretsBackend to none",
        )


def _patterns(s: Choices) -> Iterator[Problem]:
    for setting, pattern, default in (
        (
            "secretsConnectionsLookupPattern",
            s.secrets_connections_lookup_pattern,
            CONNECTIONS_PATTERN,
        ),
        ("secretsVariablesLookupPattern", s.secrets_variables_lookup_pattern, ""),
    ):
        if pattern != default and s.secrets_backend == "none":
            yield Problem(
                setting,
                f"{setting} with mwaa:secretsBackend none",
                "a pattern together with mwaa:secretsBackend secrets-manager",
                "nothing is looked up in Secrets Manager, so the pattern would do nothing",
                "set mwaa:secretsBackend, or remove the pattern",
            )
        try:
            re.compile(pattern)
        except re.error as problem:
            yield Problem(
                setting,
                f'"{pattern}"',
                "a regular expression of Python",
                f"Airflow compiles it at every lookup, which would fail: {problem}",
                'correct it, for example "^(sql|api)_"',
            )


def _capacity(s: Choices) -> Iterator[Advice]:
    if s.environment_class not in CLASSES:
        return
    sizing = s.sizing
    for key, reason in beyond(
        s.airflow_configuration_options,
        CLASSES[s.environment_class],
        workers=sizing.max_workers,
        schedulers=sizing.schedulers,
    ):
        yield Advice(_SETTING, f"{key}: {reason}")


def _lazy_plugins(s: Choices) -> Iterator[Advice]:
    lazy = s.airflow_configuration_options.get("core.lazy_load_plugins", "")
    if s.plugins_file and s.airflow_version.startswith("2.") and lazy.lower() != "false":
        yield Advice(
            _SETTING,
            "with plugins on Airflow 2, set core.lazy_load_plugins to False, else plugins that act "
            "at start-up are not loaded",
        )
