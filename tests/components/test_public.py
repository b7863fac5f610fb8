"""What other programs may import from `components`."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import components
from tests.architecture.test_components import COMPONENTS

ROOT = Path(__file__).resolve().parents[2]


def test_every_component_and_its_arguments_are_public() -> None:
    classes = {node.name for _, node, _ in COMPONENTS}
    assert classes | {f"{name}Args" for name in classes} <= set(components.__all__)


def test_every_public_name_is_a_documented_thing_of_the_rooms() -> None:
    for name in components.__all__:
        found = getattr(components, name)
        if name == "CLASSES":  # the one constant
            assert "mw1.small" in found
            continue
        assert found.__name__ == name and found.__doc__
        assert found.__module__.split(".")[0] in {"components", "mwaa"}


def test_an_unknown_name_is_an_error_of_its_own() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Vpc'"):
        components.Vpc  # noqa: B018
    with pytest.raises(ImportError, match="Vpc"):
        exec("from components import Vpc")  # noqa: S102


def loaded_by(*modules: str) -> set[str]:
    """All modules that a Python has which has imported these."""
    done = subprocess.run(
        [sys.executable, "-c", f"import sys, {', '.join(modules)}; print(*sys.modules)"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.split())


def test_a_name_loads_what_it_needs_and_no_more() -> None:
    assert not {"pulumi", "pydantic", "components.platform"} & loaded_by("components")


def test_what_the_program_imports_loads_no_service_of_the_sdk() -> None:
    """`stack.loading` does, while the provider starts: that takes as long as all the rest."""
    found = loaded_by("components.platform", "components.stack", "ops.hooks")
    # A service that was only named is there, too; with modules of its own it is loaded.
    assert "pulumi_aws.ec2" in found
    assert [name for name in found if re.match(r"pulumi_aws\.\w+\.\w+", name)] == []


def test_the_guide_lists_exactly_the_public_names() -> None:
    guide = (ROOT / "docs" / "guides" / "components.md").read_text(encoding="utf-8")
    table = guide.partition("| name |")[2].partition("\n\n")[0]
    listed = [
        name.strip("` ")
        for row in table.splitlines()
        if row.startswith("| `")
        for name in row.split("|")[1].split(",")
    ]
    assert sorted(listed) == sorted(components.__all__)
