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


def test_a_name_loads_what_it_needs_and_no_more() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import sys, components; print(*sys.modules)"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert not {"pulumi", "pydantic", "components.platform"} & set(done.stdout.split())


def test_what_the_program_imports_loads_no_service_of_the_sdk() -> None:
    """`stack.loading` does, while the provider starts: that takes as long as all the rest."""
    rooms = "components.platform, components.stack, ops.hooks"
    done = subprocess.run(
        [sys.executable, "-c", f"import sys, {rooms}; print(*sys.modules)"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    # A service that was only named is there, too; with modules of its own it is loaded.
    assert "pulumi_aws.ec2" in done.stdout
    assert re.findall(r"pulumi_aws\.\w+\.\w+", done.stdout) == []


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
