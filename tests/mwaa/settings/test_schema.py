"""The fields: Pulumi.yaml declares the same ones, and the three stack files are valid."""

import ast
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import yaml

from mwaa.settings.decode import kind_of
from mwaa.settings.load import Settings
from mwaa.settings.schema import Fields
from tests.architecture.tree import parsed, sources

ROOT = Path(__file__).parents[3]
PROJECT: dict[str, Any] = yaml.safe_load((ROOT / "Pulumi.yaml").read_text("utf-8"))
DECLARED: dict[str, Any] = PROJECT["config"]

# Mappings are shared between stacks as `mwaa:tags`; docs/project_file.py says why.
SCALARS_AND_ARRAYS = {
    name: field for name, field in Settings.declared().items() if kind_of(field) != "object"
}


def test_the_project_declares_every_scalar_and_array_in_order() -> None:
    assert list(DECLARED) == list(SCALARS_AND_ARRAYS), "run `make generate`"


# They shape what is refused or asked, and nothing that is built.
NOT_BUILT = {"allow_public_webserver", "connected_cidrs", "last_look"}


def test_every_setting_is_used() -> None:
    """A field that the program does not ask for would be a setting without effect."""
    program = [path for room in ("mwaa/settings", "components") for path in sources(room)]
    built = asked(
        path
        for path in [*program, ROOT / "__main__.py"]
        if path.name not in ("schema.py", "fingerprint.py") and path.parent.name != "rules"
    )
    unused = set(Fields.model_fields) - built - NOT_BUILT
    assert unused == set(), "give it to a component: components/platform.py"
    judged = asked([*sources("mwaa/settings/rules"), ROOT / "ops" / "hooks.py"])
    assert not NOT_BUILT - judged


def asked(paths: Iterable[Path]) -> set[str]:
    return {
        node.attr
        for path in paths
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Attribute)
    }


@pytest.mark.parametrize("name", SCALARS_AND_ARRAYS)
def test_the_engine_reads_default_and_description_of_the_schema(name: str) -> None:
    field, declared = SCALARS_AND_ARRAYS[name], DECLARED[name]
    # A type would be judged by the engine, before the program can say what is allowed and why.
    assert set(declared) == {"default", "description"}
    assert declared["description"] == field.description
    if field.is_required():
        # The program says what is missing; without a default the engine would, in its own words.
        assert declared["default"] == ""
    else:
        default = field.default
        assert declared["default"] == (list(default) if isinstance(default, tuple) else default)


def test_the_project_is_named_as_the_settings_are() -> None:
    assert PROJECT["name"] == "mwaa"
    assert PROJECT["runtime"]["options"]["virtualenv"] == ".venv"


@pytest.mark.parametrize("stack", ["local", "dev", "prod"])
def test_a_stack_file_is_valid_and_needs_no_advice(stack: str) -> None:
    settings = _stack(stack)
    assert settings.warnings == ()
    assert settings.environment_name == stack
    assert settings.webserver_access_mode == "PRIVATE_ONLY"


def test_dev_is_small_and_prod_is_closed_and_protected() -> None:
    dev, prod = _stack("dev"), _stack("prod")
    assert dev.environment_class == "mw1.micro"
    assert (prod.egress, prod.protect, prod.force_destroy) == ("none", True, False)
    assert prod.encryption == "customer-managed"
    assert None not in prod.log_group_levels.values()


@pytest.mark.parametrize("stack", ["local", "dev", "prod"])
def test_versions_are_quoted_in_stack_files(stack: str) -> None:
    text = (ROOT / f"Pulumi.{stack}.yaml").read_text("utf-8")
    assert 'mwaa:airflowVersion: "' in text
    assert "encryptionsalt" not in text


def _stack(name: str) -> Settings:
    config = yaml.safe_load((ROOT / f"Pulumi.{name}.yaml").read_text("utf-8"))["config"]
    values = {
        key.removeprefix("mwaa:"): value if isinstance(value, str) else json.dumps(value)
        for key, value in config.items()
        if key.startswith("mwaa:")
    }
    return Settings.load(values, region=config["aws:region"], base=ROOT)
