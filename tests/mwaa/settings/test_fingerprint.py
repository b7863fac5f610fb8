"""What counts as an update of the environment, and what does not."""

from pathlib import Path
from typing import Any

import pytest

from mwaa.settings.fingerprint import fingerprint
from mwaa.settings.load import Settings
from mwaa.settings.schema import Fields

BASE = {
    "environmentName": "orders",
    "airflowVersion": "2.10.3",
    "availabilityZones": '["eu-west-1a", "eu-west-1b"]',
    "requirementsFile": "requirements.txt",
}


@pytest.fixture
def base(tmp_path: Path) -> Path:
    (tmp_path / "requirements.txt").write_text("boto3==1.0\n")
    return tmp_path


def of(base: Path, **values: str) -> str:
    return fingerprint(Settings.load({**BASE, **values}, region="eu-west-1", base=base))


@pytest.mark.parametrize(
    "change",
    [
        {"airflowVersion": "2.10.1"},
        {"environmentClass": "mw1.medium"},
        {"maxWorkers": "7"},
        {"airflowConfigurationOptions": '{"core.parallelism": "10"}'},
        {"logLevels": '{"task": "WARNING"}'},
        {"weeklyMaintenanceWindowStart": "SUN:03:30"},
        {"secretsBackend": "secrets-manager"},
        {"additionalSecurityGroupIds": '["sg-0123456789abcdef0"]'},
        {"dagS3Path": "flows"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_updates_the_environment_changes_the_fingerprint(
    base: Path, change: dict[str, str]
) -> None:
    assert of(base, **change) != of(base)


@pytest.mark.parametrize(
    "change",
    [
        {"tags": '{"team": "data"}'},
        {"workerReplacementStrategy": "FORCED"},
        {"maxWorkers": "10"},
        {"logRetentionDays": "30"},
        {"alarms": "false"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_does_not_update_it_leaves_the_fingerprint(base: Path, change: dict[str, str]) -> None:
    assert of(base, **change) == of(base)


def test_a_file_counts_by_its_content(base: Path) -> None:
    before = of(base)
    (base / "requirements.txt").touch()
    assert of(base) == before
    (base / "requirements.txt").write_text("boto3==2.0\n")
    assert of(base) != before


# The settings that no UpdateEnvironment follows from, with why.
NEVER_AN_UPDATE = {
    "they can never change, and a change of them is refused": {
        "environment_name",
        "endpoint_management",
        "vpc_cidr",
        "availability_zones",
        "existing_vpc_id",
        "existing_subnet_ids",
        "encryption",
        "existing_key_arn",
    },
    "they say how an update is made, not what it changes": {
        "worker_replacement_strategy",
        "create_timeout_minutes",
        "update_timeout_minutes",
        "delete_timeout_minutes",
        "protect",
        "allow_replacement",
        "allow_public_webserver",
        "force_destroy",
        "last_look",
        "expected_account",
    },
    "tags have a call of their own": {"tags"},
    "other resources than the environment have them": {
        "connected_cidrs",
        "egress",
        "flow_logs",
        "existing_route_table_ids",
        "existing_vpc_cidr",
        "webserver_client_cidrs",
        "webserver_client_security_group_ids",
        "endpoint_profile",
        "endpoint_policies",
        "additional_endpoint_services",
        "endpoint_bucket_names",
        "bucket_write_prefixes",
        "additional_trusted_principal_arns",
        "ssm_prefix",
        "airflow_objects",
        "endpoint_environments",
        "endpoint_owner_role_arn",
        "customer_endpoints",
        "key_deletion_window_days",
        "key_rotation_days",
        "noncurrent_version_days",
        "access_logs_bucket_name",
        "permissions_boundary_arn",
        "additional_managed_policy_arns",
        "additional_role_statements",
        "airflow_roles",
        "create_access_policies",
        "log_retention_days",
        "adopt_log_groups",
        "alarms",
        "dashboard",
        "alarm_emails",
        "existing_alarm_topic_arn",
    },
}


def test_every_setting_counts_or_is_known_to_update_nothing(base: Path) -> None:
    read: set[str] = set()

    class Watched(Settings):
        def __getattribute__(self, name: str) -> Any:
            read.add(name)
            return super().__getattribute__(name)

    values = {**BASE, "secretsBackend": "secrets-manager"}
    settings = Watched.load(values, region="eu-west-1", base=base)
    read.clear()
    fingerprint(settings)
    counted = read & set(Fields.model_fields)
    known = set().union(*NEVER_AN_UPDATE.values())
    assert not counted & known
    forgotten = set(Fields.model_fields) - counted - known
    assert not forgotten, (
        f"{forgotten}: if UpdateEnvironment changes it, add it to _FIELDS in "
        "mwaa/settings/fingerprint.py; if not, to NEVER_AN_UPDATE here"
    )
    assert known <= set(Fields.model_fields)


@pytest.mark.parametrize(
    ("values", "digest"),
    [
        ({}, "7a52feda9c882f14e955c8256977962bc0c1777efc5b7e2bc73a77b780f5b521"),
        (
            {
                "airflowConfigurationOptions": '{"core.parallelism": "10"}',
                "logLevels": '{"task": "WARNING"}',
                "additionalSecurityGroupIds": '["sg-0123456789abcdef0"]',
                "maxWorkers": "7",
                "schedulers": "3",
            },
            "4061d35588bcb8d72aeef8e5c7991426b89a1386ba6fb5f5494e1e11b2a595d2",
        ),
    ],
    ids=["few settings", "many settings"],
)
def test_the_digest_is_the_one_that_stacks_hold(
    base: Path, values: dict[str, str], digest: str
) -> None:
    """Written by 9b712f1: another digest of the same settings would update every stack."""
    assert of(base, **values) == digest
