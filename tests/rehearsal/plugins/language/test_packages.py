"""What the language host tells the engine about installed packages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rehearsal.plugins.language.packages import Plugin, installed, required_plugins, site_packages


def package(site: Path, name: str, text: str) -> None:
    """A package directory with this `pulumi-plugin.json`."""
    (site / name).mkdir()
    (site / name / "pulumi-plugin.json").write_text(text)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (
            {"resource": True, "name": "aws", "version": "7.51.1"},
            [Plugin("aws", "7.51.1")],
        ),
        ({"resource": True, "version": "v2.0.0"}, [Plugin("cloud", "2.0.0")]),
        (
            {"resource": True, "name": "x", "version": "1.0.0", "server": "https://example.com"},
            [Plugin("x", "1.0.0", "https://example.com")],
        ),
        ({"resource": False, "name": "policy"}, []),
        ({}, []),
        ([], []),
    ],
)
def test_a_plugin_is_what_a_package_declares(
    tmp_path: Path, facts: object, expected: list[Plugin]
) -> None:
    package(tmp_path, "pulumi_cloud", json.dumps(facts))
    assert list(required_plugins([tmp_path])) == expected


def test_a_broken_declaration_hides_no_other(tmp_path: Path) -> None:
    package(tmp_path, "a_broken", "{")
    package(tmp_path, "pulumi_b", '{"resource": true, "name": "b", "version": "1.0.0"}')
    assert [plugin.name for plugin in required_plugins([tmp_path, tmp_path])] == ["b"]


def test_this_environment_needs_the_two_providers_of_the_program() -> None:
    plugins = {plugin.name: plugin.version for plugin in required_plugins(site_packages())}
    versions = dict(installed(site_packages()))
    assert plugins["aws"] == versions["pulumi_aws" if "pulumi_aws" in versions else "pulumi-aws"]
    assert "awsx" in plugins


def test_a_virtual_environments_packages_are_found_from_its_interpreter(tmp_path: Path) -> None:
    site = tmp_path / "venv" / "lib" / "python3.11" / "site-packages"
    site.mkdir(parents=True)
    assert site_packages(tmp_path / "venv" / "bin" / "python") == [site]
