"""The rules of the tree: which room may import which, how long a file may be, how it is named."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = {"mwaa", "components", "proofs", "checks", "policy", "day2", "local"}

# What each room may import of the other rooms, and the third-party packages it must not see.
MAY_IMPORT: dict[str, set[str]] = {
    "mwaa": set(),
    "components": {"mwaa"},
    "proofs": {"mwaa"},
    "checks": {"mwaa", "proofs"},
    "policy": {"mwaa", "proofs", "checks"},
    "day2": {"mwaa", "proofs", "checks"},
    "local": ROOMS,
}
FORBIDDEN: dict[str, set[str]] = {
    "mwaa": {"pulumi", "pulumi_aws", "pulumi_awsx", "pulumi_policy", "boto3", "botocore"},
    "proofs": {"pulumi", "pulumi_aws", "pulumi_awsx", "pulumi_policy", "boto3", "botocore"},
    "checks": {"pulumi", "pulumi_aws", "pulumi_awsx", "pulumi_policy", "boto3", "botocore"},
    "components": {"boto3", "botocore", "pulumi_policy"},
    "policy": {"boto3", "botocore", "pulumi_aws", "pulumi_awsx"},
    "day2": {"pulumi_aws", "pulumi_awsx", "pulumi_policy"},
    "local": set(),
}
PURE_ROOMS = ("proofs", "checks")
IO_MODULES = {"socket", "subprocess", "urllib", "http", "requests", "shutil", "tempfile"}


def sources(*folders: str) -> Iterator[Path]:
    """Every Python file below the given top-level folders."""
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Line and dotted name of each import in a file, also those inside functions."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.lineno, node.module


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


def test_the_program_imports_only_settings_components_and_hooks() -> None:
    rooms = {name for _, name in imports(ROOT / "__main__.py") if name.split(".")[0] in ROOMS}
    assert rooms and all(
        name.split(".")[0] in {"mwaa", "components"} or name == "day2.hooks" for name in rooms
    ), rooms
    users = [
        str(path.relative_to(ROOT))
        for path in sources("mwaa", "components", "proofs", "checks", "policy")
        if any(name.startswith("day2") for _, name in imports(path))
    ]
    assert not users


@pytest.mark.parametrize("room", PURE_ROOMS)
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
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
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
        tree = ast.parse(path.read_text(encoding="utf-8"))
        name = str(path.relative_to(ROOT))
        if tree.body and not ast.get_docstring(tree):
            bare.append(name)
        bare += [
            f"{name}: {node.name}"
            for node in tree.body
            if isinstance(node, ast.ClassDef)
            and not node.name.startswith("_")
            and not ast.get_docstring(node)
            # A check's contract is its class facts: title, why and remedy.
            and path.relative_to(ROOT).parts[0] != "checks"
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
