"""Stacks of one project file: what it shares reaches every stack, as through the engine."""

import shutil
from pathlib import Path

import pytest

from mwaa.settings.load import Settings
from ops.stack import of_file
from tests.architecture.tree import ROOT

SHARED = """config:
  aws:region: us-east-1
  mwaa:tags:
    value:
      team: data
"""
STACKS = {
    "dev": "config:\n  mwaa:environmentName: dev\n",
    "staging": "config:\n  mwaa:environmentName: staging\n  mwaa:maxWorkers: 5\n",
    "prod": (
        "config:\n  mwaa:environmentName: prod\n  mwaa:environmentClass: mw1.large\n"
        "  mwaa:tags:\n    team: data\n    stage: prod\n"
    ),
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three stacks of a few lines each, and what they share."""
    shutil.copy(ROOT / "Pulumi.yaml", tmp_path)
    file = tmp_path / "Pulumi.yaml"
    text = file.read_text("utf-8").replace("config:\n", SHARED, 1)
    text = text.replace(
        '  airflowVersion:\n    default: ""\n',
        '  airflowVersion:\n    default: "2.11.2"  # shared\n',
        1,
    )
    text = text.replace('    default: "mw1.small"', '    default: "mw1.medium"  # shared', 1)
    zones = "  availabilityZones:\n    default: "
    assert zones in text
    head, _, rest = text.partition(zones)
    _, _, rest = rest.partition("\n")
    file.write_text(f'{head}{zones}["us-east-1a", "us-east-1b"]  # shared\n{rest}')
    for name, content in STACKS.items():
        (tmp_path / f"Pulumi.{name}.yaml").write_text(content)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def loaded(stack: str, base: Path) -> Settings:
    values = of_file(stack)
    prefix = "mwaa:"
    mine = {k.removeprefix(prefix): v for k, v in values.items() if k.startswith(prefix)}
    return Settings.load(mine, region=values["aws:region"], base=base)


def test_a_few_lines_make_a_stack_of_shared_settings(project: Path) -> None:
    found = {name: loaded(name, project) for name in STACKS}
    assert {name: one.environment_class for name, one in found.items()} == {
        "dev": "mw1.medium",
        "staging": "mw1.medium",
        "prod": "mw1.large",
    }
    assert {one.airflow_version for one in found.values()} == {"2.11.2"}
    assert found["staging"].max_workers == 5
    assert found["dev"].tags == {"team": "data"}
    # A mapping of the stack stands instead of the shared one; the engine does not merge them.
    assert found["prod"].tags == {"team": "data", "stage": "prod"}


# What a file says, and the text that the engine hands on (seen: 3.274.1).
VALUES = {
    "": "",
    "~": "",
    "3.0": "3",
    "1.5": "1.5",
    "yes": "true",
    "2.10": "2.1",
    "[a]": '["a"]',
    "2026-01-01": "2026-01-01",
    "{since: 2026-01-01}": '{"since": "2026-01-01"}',
}


@pytest.mark.parametrize("written", VALUES)
def test_a_value_is_the_text_that_the_engine_hands_on(project: Path, written: str) -> None:
    (project / "Pulumi.dev.yaml").write_text(f"config:\n  mwaa:tags: {written}\n")
    assert of_file("dev")["mwaa:tags"] == VALUES[written]


def test_secret_settings_are_left_to_the_engine(project: Path) -> None:
    """Judged as what stands in the file, a cipher would be refused as a value of a wrong type."""
    (project / "Pulumi.dev.yaml").write_text(
        "config:\n  mwaa:environmentName: dev\n  mwaa:maxWorkers: {secure: v1:x}\n"
        "  mwaa:alarmEmails:\n  - {secure: v1:x}\n  aws:secretKey: {secure: v1:x}\n"
    )
    found = of_file("dev")
    assert found["aws:secretKey"] == "[secret]"
    assert not any("v1:x" in value for value in found.values())
    assert loaded("dev", project).alarm_emails == ()


def test_without_a_project_file_the_stack_file_alone_counts(project: Path) -> None:
    (project / "Pulumi.yaml").unlink()
    assert of_file("dev") == {"mwaa:environmentName": "dev"}
