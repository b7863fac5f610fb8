"""What every component keeps to, read from the code: token, signature, arguments, outputs."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def component_classes() -> list[tuple[Path, ast.ClassDef, ast.Module]]:
    """Every ComponentResource below components/, with its file."""
    found = []
    for path in sorted((ROOT / "components").glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found += [
            (path, node, tree)
            for node in tree.body
            if isinstance(node, ast.ClassDef)
            and any("ComponentResource" in ast.unparse(base) for base in node.bases)
        ]
    return found


COMPONENTS = component_classes()
IDS = [node.name for _, node, _ in COMPONENTS]


def constructor(node: ast.ClassDef) -> ast.FunctionDef:
    """The class's ``__init__``."""
    return next(
        item for item in node.body if isinstance(item, ast.FunctionDef) and item.name == "__init__"
    )


def test_the_ten_components_are_there() -> None:
    assert {
        "Network",
        "PrivateEndpoints",
        "EnvironmentKey",
        "SourceBucket",
        "ExecutionRole",
        "LogGroups",
        "AirflowEnvironment",
        "CustomerEndpoints",
        "AirflowAccess",
        "Monitoring",
    } <= set(IDS)


@pytest.mark.parametrize(("path", "node", "tree"), COMPONENTS, ids=IDS)
def test_component_rule(path: Path, node: ast.ClassDef, tree: ast.Module) -> None:
    init = constructor(node)
    names = [argument.arg for argument in init.args.args]
    assert names == ["self", "name", "args", "opts"], f"{node.name}: signature {names}"

    text = ast.unparse(init)
    assert f"mwaa:components:{node.name}" in text, f"{node.name}: type token"
    assert "self.register_outputs(" in text, f"{node.name}: register_outputs is never called"

    arguments = next(
        (
            item
            for item in tree.body
            if isinstance(item, ast.ClassDef) and item.name == f"{node.name}Args"
        ),
        None,
    )
    assert arguments is not None, f"{node.name}Args is not in {path.name}"
    decorator = ast.unparse(arguments.decorator_list[0])
    assert "frozen=True" in decorator and "kw_only=True" in decorator
    assert ast.get_docstring(arguments), f"{node.name}Args has no docstring"


@pytest.mark.parametrize(("path", "node", "tree"), COMPONENTS, ids=IDS)
def test_optional_inputs_say_what_their_absence_does(
    path: Path, node: ast.ClassDef, tree: ast.Module
) -> None:
    arguments = next(
        item
        for item in tree.body
        if isinstance(item, ast.ClassDef) and item.name == f"{node.name}Args"
    )
    documented = ast.get_docstring(arguments) or ""
    # A string literal after a field is its docstring, as in mwaa/model/platform.py.
    following = {
        before.target.id: after.value.value
        for before, after in zip(arguments.body, arguments.body[1:], strict=False)
        if isinstance(before, ast.AnnAssign)
        and isinstance(before.target, ast.Name)
        and isinstance(after, ast.Expr)
        and isinstance(after.value, ast.Constant)
    }
    silent = [
        field.target.id
        for field in arguments.body
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and field.value is not None
        and field.target.id not in following
        and f"``{field.target.id}``" not in documented
    ]
    assert not silent, f"{node.name}Args: undocumented optional inputs {silent}"
