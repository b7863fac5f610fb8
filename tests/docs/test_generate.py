"""What is generated says what the code says; a stale file fails."""

import shutil
from pathlib import Path

import pytest
import yaml

from docs import generate, project_file
from mwaa.settings.load import Settings
from mwaa.settings.outputs import NAMES


def test_no_generated_file_is_stale() -> None:
    assert not (old := list(generate.stale())), f"run `make generate`: {old}"


def test_the_reference_names_every_setting_and_output() -> None:
    settings, outputs = generate.settings(), generate.outputs()
    assert all(f"| `{name}` |" in settings for name in Settings.declared())
    assert all(f"| `{name}` |" in outputs for name in NAMES)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A tree that has the project file and nothing generated."""
    shutil.copy(generate.ROOT / project_file.NAME, tmp_path)
    return tmp_path


def test_a_stale_file_is_named_and_then_written(
    copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert generate.main(["--check"], copy) == 1
    errors = capsys.readouterr().err
    for name in ("docs/reference/settings.md", "policy/profiles/private.json"):
        assert f"{name} is stale: run `make generate`" in errors
    assert generate.main([], copy) == 0
    assert generate.main(["--check"], copy) == 0
    (copy / "docs/reference/outputs.md").write_text("old")
    assert list(generate.stale(copy)) == ["docs/reference/outputs.md"]


def test_only_the_settings_of_the_project_file_are_written(copy: Path) -> None:
    file = copy / project_file.NAME
    text = file.read_text("utf-8")
    head, _, _ = text.partition("config:\n")
    file.write_text(f"{head}config:\n  old:\n    type: string\n\n  older:\n# Kept.\noptions: 1\n")
    written = project_file.text(file)
    assert written == f"{text}# Kept.\noptions: 1\n"
    assert "old" not in yaml.safe_load(written)["config"]
    file.write_text(head)
    with pytest.raises(ValueError, match="config:"):
        project_file.text(file)


def test_what_a_team_shares_between_its_stacks_stays(copy: Path) -> None:
    file = copy / project_file.NAME
    text = file.read_text("utf-8")
    own = text.replace(
        "config:\n",
        "config:\n  aws:region: eu-west-1\n  mwaa:tags:\n    value:\n      team: data\n",
        1,
    )
    own = own.replace('default: "mw1.small"', 'default: "mw1.medium"  # shared', 1)
    own = own.replace(
        '  airflowVersion:\n    default: ""\n',
        '  airflowVersion:\n    default: "2.11.2"  # shared\n',
        1,
    )
    file.write_text(own)
    assert project_file.text(file) == own
    file.write_text(own.replace("  # shared", ""))
    assert 'default: "mw1.small"' in project_file.text(file)


def test_other_arguments_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert generate.main(["--chek"]) == 2
    assert "usage" in capsys.readouterr().err
