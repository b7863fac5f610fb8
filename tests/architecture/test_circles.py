"""No two files import each other, not even by way of others, inside functions or for types."""

import ast
from collections.abc import Mapping, Set
from pathlib import Path

import pytest

from tests.architecture.tree import ROOMS, ROOT, parsed, sources


def module(path: Path) -> str:
    """The dotted name under which a file of the tree is imported."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imported(tree: ast.AST, names: Set[str]) -> set[str]:
    """Which modules of ``names`` a file imports, wherever in it the import stands.

    ``from a import b`` is an import of the module ``a.b`` where there is one, otherwise of ``a``.
    """
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                found.add(inner if inner in names else node.module)
    return found & names


def circle(graph: Mapping[str, Set[str]]) -> list[str]:
    """The modules of one circle in the order in which they import each other, [] without any."""
    done: set[str] = set()

    def walk(name: str, trail: list[str]) -> list[str]:
        if name in trail:
            return trail[trail.index(name) :]
        if name in done:
            return []
        for other in sorted(graph[name]):
            if found := walk(other, [*trail, name]):
                return found
        done.add(name)
        return []

    return next((found for name in sorted(graph) if (found := walk(name, []))), [])


def test_no_file_imports_itself_by_way_of_others() -> None:
    paths = {module(path): path for path in sources(*ROOMS, "benchmarks", "docs", "tests")}
    graph = {name: imported(parsed(path), paths.keys()) - {name} for name, path in paths.items()}
    assert sum(map(len, graph.values())) > len(graph)
    assert not (found := circle(graph)), " -> ".join([*found, found[0]])


@pytest.mark.parametrize(
    ("graph", "found"),
    [
        ({"a": {"b", "c"}, "b": {"c"}, "c": set()}, []),
        ({"a": {"b"}, "b": {"c"}, "c": {"b"}}, ["b", "c"]),
        ({"a": {"c"}, "b": {"a"}, "c": {"b"}}, ["a", "c", "b"]),
    ],
)
def test_a_circle_is_found(graph: dict[str, set[str]], found: list[str]) -> None:
    assert circle(graph) == found


def test_an_import_for_types_or_inside_a_function_counts() -> None:
    text = """
if TYPE_CHECKING:
    from a.b import C

def f():
    from a import d
    from h import i
    import e
"""
    assert imported(ast.parse(text), {"a", "a.b", "e", "g", "h", "h.i"}) == {"a", "a.b", "e", "h.i"}
