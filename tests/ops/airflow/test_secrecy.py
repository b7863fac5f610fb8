"""What is a secret: by Airflow's names, by the environment's own, by what a value looks like."""

import json

import pytest

from ops.airflow.secrecy import Secrecy

SECRECY = Secrecy.of({"core.sensitive_var_conn_names": "Salt, pepper"})


@pytest.mark.parametrize(
    ("name", "value", "is_secret"),
    [
        ("region", "eu-west-1", False),
        ("settings", '{"retries": 3, "hosts": ["a", "b"]}', False),
        ("api_token", "x", True),
        ("DB_PASSWORD", "x", True),
        ("my_salt", "x", True),
        ("settings", '{"db": [{"password": "x"}]}', True),
        ("settings", '{"db": "postgres://me:hunter2@host/db"}', True),
        ("url", "postgres://me:hunter2@host/db", True),
        ("url", "https://host:8080/path", False),
        ("masked", "***", True),
        ("settings", '{"x": "***"}', True),
    ],
)
def test_a_variable_is_a_secret_by_name_or_by_what_it_holds(
    name: str, value: str, is_secret: bool
) -> None:
    assert SECRECY.is_secret(name, value) is is_secret


@pytest.mark.parametrize(
    ("extra", "visible", "hidden"),
    [
        (None, {}, ()),
        ("", {}, ()),
        ({"region": "x"}, {"region": "x"}, ()),
        ({"region": "x", "aws_secret_access_key": "y"}, {"region": "x"}, True),
        ({"a": {"b": 1, "token": "y"}}, {"a": {"b": 1}}, ("extra.a.token",)),
        ({"url": "s3://me:pw@host", "n": [1, "***"]}, {"n": [1]}, ("extra.url", "extra.n[1]")),
        ("no json", {}, ("extra",)),
        ("[1]", {}, ("extra",)),
    ],
)
def test_an_extra_is_parted(extra: object, visible: object, hidden: object) -> None:
    text = extra if extra is None or isinstance(extra, str) else json.dumps(extra)
    expected = ("extra.aws_secret_access_key",) if hidden is True else hidden
    assert SECRECY.parted(text) == (visible, expected)
