"""Airflow options: what is refused, and why; never with a value in the message."""

from collections.abc import Callable

import pytest

from mwaa.settings.load import Settings
from mwaa.settings.problems import Problem

Load = Callable[..., Settings]
Refused = Callable[..., list[Problem]]

SECRET = "hunter2-hunter2"


@pytest.mark.parametrize(
    "key", ["core.executor", "celery.worker_concurrency", "webserver.secret_key"]
)
def test_an_option_that_the_image_overrides_is_refused(refused: Refused, key: str) -> None:
    problem = refused(airflowConfigurationOptions={key: SECRET})[0]
    assert problem.setting == "airflowConfigurationOptions"
    assert key in problem.got
    assert "silently do nothing" in problem.why


def test_an_option_that_looks_like_a_secret_is_refused(refused: Refused) -> None:
    (problem,) = refused(airflowConfigurationOptions={"smtp.smtp_password": SECRET})
    assert "smtp.smtp_password" in problem.got
    assert "encrypted" in problem.allowed
    assert "in clear" in problem.why
    assert "pulumi config set --secret --path" in problem.do
    assert SECRET not in str(problem)


def test_an_encrypted_option_may_be_a_secret(load: Load) -> None:
    settings = load(
        airflowConfigurationOptions={"smtp.smtp_password": SECRET},
        secrets=["airflowConfigurationOptions"],
    )
    assert settings.secret_options


@pytest.mark.parametrize(
    "key",
    ["parallelism", "Core.parallelism", "core.", ".x", "core.a-b", "a." + "b" * 63, "core.x."],
)
def test_an_option_is_named_section_and_option(refused: Refused, key: str) -> None:
    (problem,) = refused(airflowConfigurationOptions={key: "1"})
    assert problem.got == f'option "{key}"'
    assert "section.option" in problem.allowed


@pytest.mark.parametrize("value", ["", "two\nlines", "caf\u00e9", "x" * 65537])
def test_a_value_is_printable_ascii(refused: Refused, value: str) -> None:
    (problem,) = refused(airflowConfigurationOptions={"core.x": value})
    assert problem.got == 'the value of option "core.x"'
    assert "65536 printable ASCII" in problem.allowed


def test_multi_team_is_refused(refused: Refused, load: Load) -> None:
    (problem,) = refused(airflowConfigurationOptions={"core.multi_team": True})
    assert "multi-team" in problem.why
    assert load(airflowConfigurationOptions={"core.multi_team": False})


@pytest.mark.parametrize("value", ["5", "5,10", "a,b", "5;3"])
def test_autoscale_is_most_and_least(refused: Refused, value: str) -> None:
    (problem,) = refused(airflowConfigurationOptions={"celery.worker_autoscale": value})
    assert "the larger first" in problem.allowed


def test_the_secrets_backend_is_set_in_one_place(refused: Refused) -> None:
    (problem,) = refused(
        secretsBackend="secrets-manager",
        airflowConfigurationOptions={"secrets.backend": "x", "secrets.backend_kwargs": "{}"},
    )
    assert "mwaa:secretsBackend" in problem.do


def test_lazy_plugins_on_airflow_2_warn(load: Load, tmp_path: object) -> None:
    (load().base / "plugins.zip").touch()
    (warning,) = load(pluginsFile="plugins.zip").warnings
    assert "core.lazy_load_plugins" in warning
    eager = {"core.lazy_load_plugins": False}
    assert load(pluginsFile="plugins.zip", airflowConfigurationOptions=eager).warnings == ()
    assert load(pluginsFile="plugins.zip", airflowVersion="3.2.1").warnings == ()


def test_lookup_patterns_reach_the_backend(load: Load) -> None:
    settings = load(
        secretsBackend="secrets-manager",
        secretsConnectionsLookupPattern="^sql_",
        secretsVariablesLookupPattern="^aws_",
    )
    keywords = settings.airflow_options["secrets.backend_kwargs"]
    assert '"connections_lookup_pattern": "^sql_"' in keywords
    assert '"variables_lookup_pattern": "^aws_"' in keywords


@pytest.mark.parametrize(
    "setting", ["secretsConnectionsLookupPattern", "secretsVariablesLookupPattern"]
)
def test_a_lookup_pattern_needs_the_backend_and_is_an_expression(
    refused: Refused, setting: str
) -> None:
    (alone,) = refused(**{setting: "^aws_"})
    assert alone.setting == setting and "secretsBackend" in alone.do
    (broken,) = refused(**{setting: "("}, secretsBackend="secrets-manager")
    assert "regular expression" in broken.allowed


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("celery.worker_autoscale", "40,5", "made for 5"),
        ("scheduler.parsing_processes", "4", "AWS allows 1"),
        ("dag_processor.parsing_processes", "2", "AWS allows 1"),
        ("core.parallelism", "8", "never used"),
        ("core.parallelism", "1000", "waits in the queue"),
        ("core.default_pool_task_slot_count", "500", "waits in the queue"),
    ],
)
def test_a_value_beyond_the_class_is_advice(
    load: Load, option: str, value: str, words: str
) -> None:
    settings = load(environmentClass="mw1.small", airflowConfigurationOptions={option: value})
    assert [words in one for one in settings.warnings if option in one] == [True]


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("celery.worker_autoscale", "20,20"),
        ("scheduler.parsing_processes", "7"),
        ("core.parallelism", "150"),
        ("core.default_pool_task_slot_count", "256"),
    ],
)
def test_a_value_within_the_class_is_no_advice(load: Load, option: str, value: str) -> None:
    settings = load(environmentClass="mw1.large", airflowConfigurationOptions={option: value})
    assert not [one for one in settings.warnings if option in one]
