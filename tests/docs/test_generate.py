"""The generated reference says what the code says; stale pages fail."""

from pathlib import Path

import pytest

from docs import generate
from mwaa.settings.load import Settings
from mwaa.settings.outputs import NAMES


def test_no_generated_page_is_stale() -> None:
    assert generate.stale() == [], "run python -m docs.generate"


def test_the_reference_names_every_setting_and_output() -> None:
    settings, outputs = generate.settings(), generate.outputs()
    assert all(f"| `{name}` |" in settings for name in Settings.declared())
    assert all(f"| `{name}` |" in outputs for name in NAMES)


def test_a_stale_page_is_named_and_then_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(generate, "REFERENCE", tmp_path)
    assert generate.main(["--check"]) == 1
    assert "settings.md is stale" in capsys.readouterr().err
    assert generate.main([]) == 0
    assert generate.main(["--check"]) == 0
    (tmp_path / "outputs.md").write_text("old")
    assert generate.stale() == ["outputs.md"]


def test_other_arguments_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert generate.main(["--chek"]) == 2
    assert "usage" in capsys.readouterr().err
