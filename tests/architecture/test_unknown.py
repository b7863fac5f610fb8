"""An unknown value is asked for in one way."""

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.test_rooms import ROOMS, ROOT, sources

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
        for line, what in _second_idioms(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert not wrong, "\n".join(wrong)
