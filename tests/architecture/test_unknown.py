"""An unknown value is asked for in one way."""

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.tree import ROOMS, ROOT, parsed, sources

# Where the two idioms are defined.
HOME = ROOT / "mwaa" / "model" / "unknown.py"


def _second_idioms(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id="isinstance"), args=[_, kinds]):
                if any(isinstance(k, ast.Name) and k.id == "Unknown" for k in ast.walk(kinds)):
                    yield node.lineno, "isinstance(..., Unknown): write known(...)"
            case ast.IfExp(
                test=ast.Compare(left=left, ops=[ast.Is()], comparators=[ast.Constant(value=None)]),
                body=ast.Name(id="UNKNOWN"),
                orelse=orelse,
            ) if ast.dump(left) == ast.dump(orelse):
                yield node.lineno, "UNKNOWN if x is None else x: write or_unknown(x)"


@pytest.mark.parametrize("room", sorted(ROOMS))
def test_unknown_values_are_asked_for_in_one_way(room: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{line} {what}"
        for path in sources(room)
        if path != HOME
        for line, what in _second_idioms(parsed(path))
    ]
    assert not wrong, "\n".join(wrong)


# What is JSON from outside until somebody gives it a type, and why it is kept so.
JSON = {
    "ops/live/reader.py:client": "a client of boto3, by a name that its overloads do not know",
    "ops/live/reader.py:member": "a member of an answer of AWS",
    "ops/live/environment.py:_value": "an input of the provider",
    "policy/plan/resources.py:get": "a property of a resource as the engine sends it",
    "policy/plan/storage.py:_single": "a nested block, which the provider may wrap in a list",
}


@pytest.mark.parametrize("part", ["ops/live", "policy/plan"])
def test_readers_return_the_types_of_the_model(part: str) -> None:
    untyped = {
        f"{path.relative_to(ROOT)}:{node.name}"
        for path in sources(part)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and isinstance(node.returns, ast.Name)
        and node.returns.id == "Any"
    }
    assert untyped == {name for name in JSON if name.startswith(part)}
