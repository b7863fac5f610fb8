"""What counts as an update of the environment, and what does not."""

from pathlib import Path

import pytest

from mwaa.settings.fingerprint import fingerprint
from mwaa.settings.load import Settings

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
