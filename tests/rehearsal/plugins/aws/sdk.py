"""The installed SDK's properties of a resource type, read from its source without importing it."""

from __future__ import annotations

import ast
import importlib.util
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True)
class Properties:
    """camelCase names; `required` is a part of `inputs`."""

    inputs: frozenset[str]
    required: frozenset[str]
    outputs: frozenset[str]


@cache
def _root() -> Path:
    spec = importlib.util.find_spec("pulumi_aws")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent


def snake(text: str) -> str:
    """``dagS3Path`` -> ``dag_s3_path``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", text).lower()


def properties(type_: str) -> Properties:
    """The properties of `aws:<module>/<file>:<Class>`."""
    _, module, name = type_.split(":")
    folder, stem = module.split("/")
    tree = ast.parse((_root() / folder / f"{snake(stem)}.py").read_text())
    classes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
    # Where `<Class>Args` would clash with another type the SDK says `<Class>InitArgs`.
    inputs = _getters(classes.get(f"{name}InitArgs") or classes[f"{name}Args"])
    return Properties(
        frozenset(inputs),
        frozenset(key for key, optional in inputs.items() if not optional),
        frozenset(_getters(classes[name])),
    )


def _getters(node: ast.ClassDef) -> dict[str, bool]:
    """Property -> whether it is optional."""
    found: dict[str, bool] = {}
    for item in node.body:
        if not isinstance(item, ast.FunctionDef) or item.returns is None:
            continue
        getter = next((d for d in item.decorator_list if "getter" in ast.unparse(d)), None)
        if getter is None:
            continue
        name = item.name
        if isinstance(getter, ast.Call):
            name = ast.literal_eval(getter.keywords[0].value)
        found[name] = "Optional" in ast.unparse(item.returns)
    return found
