"""Secrets Manager: a secret is made once, changed where it differs, and absent is no error."""

import uuid

import boto3
import pytest

from ops.airflow.vault import Vault
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
