"""Secrets Manager: a secret is made once, changed where it differs, and absent is no error."""

import uuid

import boto3
import pytest

from ops.airflow.vault import Vault, holds
from ops.aws import AwsSession


@pytest.fixture
def vault(s3_endpoint: str) -> Vault:
    """The emulated Secrets Manager, beside the emulated S3."""
    found = Vault(AwsSession(region="us-east-1"))
    found.__dict__["client"] = boto3.client(
        "secretsmanager",
        endpoint_url=s3_endpoint,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )
    return found


def test_a_secret_is_kept_and_changed(vault: Vault) -> None:
    name = f"airflow/{uuid.uuid4().hex}/variables/token"
    assert vault.get(name) is None
    vault.put(name, "one")
    vault.put(name, "one")
    assert vault.get(name) == "one"
    versions = vault.client.list_secret_version_ids(SecretId=name)["Versions"]
    vault.put(name, "two")
    assert (vault.get(name), len(versions)) == ("two", 1)


@pytest.mark.parametrize(
    ("name", "value", "held"),
    [
        ("airflow/prod/variables/api_key", "x", True),
        ("airflow/prod/variables/a@b+c=d.e-f", "x" * 65_536, True),
        ("airflow/prod/variables/my password", "x", False),
        ("airflow/prod/variables/schl\u00fcssel", "x", False),
        ("n" * 513, "x", False),
        ("name", "", False),
        ("name", "\u00fc" * 32_769, False),
    ],
)
def test_what_secrets_manager_takes(name: str, value: str, held: bool) -> None:
    assert holds(name, value) is held
