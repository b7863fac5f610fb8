"""The rules of the tree: which room may import which, how long a file may be, how it is named."""

import ast
import re
from pathlib import Path

import pytest

from tests.architecture.tree import ROOMS, ROOT, imports, parsed, sources

# What each room may import of the other rooms, and the third-party packages it must not see.
MAY_IMPORT: dict[str, set[str]] = {
    "mwaa": set(),
    "components": {"mwaa"},
    "policy": {"mwaa"},
    "ops": {"mwaa", "policy"},
    "rehearsal": ROOMS,
}
PULUMI = {"pulumi", "pulumi_aws", "pulumi_awsx", "pulumi_policy"}
BOTO = {"boto3", "botocore"}
FORBIDDEN: dict[str, set[str]] = {
    "mwaa": PULUMI | BOTO,
    "components": BOTO | {"pulumi_policy"},
    "policy": BOTO | {"pulumi_aws", "pulumi_awsx"},
    "ops": PULUMI - {"pulumi"},
    "rehearsal": set(),
}
# Within a room, what its parts may import of each other; a part that is not named imports freely.
INSIDE: dict[str, set[str]] = {
    "mwaa.model": {"mwaa.model"},
    "mwaa.service": {"mwaa.service", "mwaa.names", "mwaa.iam_policies"},
    "policy.analysis": {"policy.analysis"},
    "policy.rules": {"policy.rules", "policy.analysis"},
    "policy.plan": {"policy.plan", "policy.analysis"},
    "ops.live": {"ops.live", "ops.aws", "ops.errors"},
    "ops.artifacts": {"ops.artifacts", "ops.errors", "ops.terminal"},
}
MOST_FILES = 17
# Facts and judgment: nothing here opens a file, a socket or a process.
PURE = ("mwaa/model", "policy/analysis", "policy/rules")
IO_MODULES = {"socket", "subprocess", "urllib", "http", "requests", "shutil", "tempfile"}


@pytest.mark.parametrize("room", sorted(ROOMS))
def test_imports_flow_one_way(room: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for path in sources(room)
        for line, name in imports(path)
        if (top := name.split(".")[0]) in FORBIDDEN[room]
        or (top in ROOMS and top != room and top not in MAY_IMPORT[room])
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("part", sorted(INSIDE))
def test_the_parts_of_a_room_are_layers(part: str) -> None:
    room = part.split(".")[0]
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for path in sources(part.replace(".", "/"))
        for line, name in imports(path)
        if name.split(".")[0] == room
        and not any(name == other or name.startswith(f"{other}.") for other in INSIDE[part])
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("room", ["policy"])
def test_only_the_pack_knows_pulumi(room: str) -> None:
    users = {
        str(path.relative_to(ROOT))
        for path in sources(room)
        for _, name in imports(path)
        if name.split(".")[0] in PULUMI
    }
    assert users == {"policy/pack.py", "policy/wire.py"}


def test_no_folder_holds_a_crowd() -> None:
    """About fifteen files are a room that one looks through; what is more is split."""
    crowds = {
        str(folder.relative_to(ROOT)): count
        for room in (*ROOMS, "tests")
        for folder in {path.parent for path in sources(room)}
        if (count := len([p for p in folder.glob("*.py") if p.stem != "__init__"])) > MOST_FILES
    }
    assert not crowds


def test_the_program_imports_only_settings_components_and_hooks() -> None:
    rooms = {name for _, name in imports(ROOT / "__main__.py") if name.split(".")[0] in ROOMS}
    assert rooms and all(
        name.split(".")[0] in {"mwaa", "components"} or name == "ops.hooks" for name in rooms
    ), rooms
    users = [
        str(path.relative_to(ROOT))
        for path in sources("mwaa", "components", "policy")
        if any(name.startswith("ops") for _, name in imports(path))
    ]
    assert not users


@pytest.mark.parametrize("room", PURE)
def test_pure_rooms_do_no_io(room: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{line} {name}"
        for path in sources(room)
        for line, name in imports(path)
        if name.split(".")[0] in IO_MODULES
    ]
    opened = [
        f"{path.relative_to(ROOT)}:{node.lineno} open()"
        for path in sources(room)
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "open"
    ]
    assert not wrong + opened


def test_no_file_is_longer_than_400_lines() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in sources(*ROOMS, "tests", "docs", "benchmarks", "examples")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert not long


def test_the_program_has_no_logic() -> None:
    lines = (ROOT / "__main__.py").read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 40


def test_every_test_is_collected() -> None:
    stray = [
        str(path.relative_to(ROOT))
        for path in sources("tests")
        if not path.name.startswith("test_")
        and re.search(r"^(async )?def test_", path.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert not stray


def test_no_room_hides_behind_a_nondescript_name() -> None:
    vague = {"utils", "util", "common", "helpers", "helper", "lib", "misc"}
    assert not [str(p.relative_to(ROOT)) for p in sources(*ROOMS) if p.stem in vague]


def test_modules_and_public_classes_have_docstrings() -> None:
    bare: list[str] = []
    for path in sources(*ROOMS):
        tree = parsed(path)
        name = str(path.relative_to(ROOT))
        if tree.body and not ast.get_docstring(tree):
            bare.append(name)
        bare += [
            f"{name}: {node.name}"
            for node in tree.body
            if isinstance(node, ast.ClassDef)
            and not node.name.startswith("_")
            and not ast.get_docstring(node)
            # A rule's contract is its class facts: title, why and remedy.
            and path.relative_to(ROOT).parts[:2] != ("policy", "rules")
        ]
    assert not bare


def test_no_tracked_text_names_a_machine() -> None:
    # Absolute paths of one machine and registry hosts must not travel with the project.
    pattern = re.compile(r"(?<![\w./])/(?:work|root|home|tmp)/[a-z]")
    wrong = [
        f"{path.relative_to(ROOT)}:{number}"
        for folder in (*ROOMS, "docs", "tests", "examples", "benchmarks")
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in {".py", ".md", ".yaml", ".yml", ".toml", ".sh", ".txt", ".json"}
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if pattern.search(line) and path != Path(__file__)
    ]
    assert not wrong
