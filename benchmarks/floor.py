"""The floor that the program is measured against: the same resources, written down flat.

``program`` turns a preview of a stack into a Python program that registers every AWS resource of
the plan with the published SDK classes and literal inputs, and nothing else: no components, no
settings, no proofs, no calls. What a value that is unknown in the preview would be does not matter
to a preview, so a word stands for it.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from policy.plan.signatures import UNKNOWN_TEXT
from tests.rehearsal.plugins.aws.sdk import snake

PROJECT = """name: {name}
runtime:
  name: python
  options:
    virtualenv: {virtualenv}
"""


def write(folder: Path, name: str, virtualenv: Path, plan: Mapping[str, Any]) -> int:
    """Writes the flat program of ``plan`` into ``folder``; returns how many resources it has."""
    resources = [
        step["newState"] for step in plan["steps"] if step.get("newState", {}).get("custom")
    ]
    resources = [each for each in resources if each["type"].startswith("aws:")]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "Pulumi.yaml").write_text(PROJECT.format(name=name, virtualenv=virtualenv))
    modules = sorted({_module(each["type"]) for each in resources})
    lines = ['"""A flat program."""', "", f"from pulumi_aws import {', '.join(modules)}", ""]
    lines += [_statement(each) for each in resources]
    (folder / "__main__.py").write_text("\n".join(lines) + "\n")
    return len(resources)


def _module(token: str) -> str:
    return token.split(":")[1].split("/")[0]


def _statement(resource: Mapping[str, Any]) -> str:
    kind = f"{_module(resource['type'])}.{resource['type'].rsplit(':', 1)[1]}"
    inputs = {
        snake(key): value
        for key, value in resource["inputs"].items()
        if not key.startswith("__") and key not in ("source", "tagsAll")
    }
    arguments = "".join(f", {key}={_literal(value)}" for key, value in inputs.items())
    return f"{kind}({resource['urn'].rsplit('::', 1)[1]!r}{arguments})"


def _literal(value: Any) -> str:
    text = repr(value)
    return text.replace(UNKNOWN_TEXT, "arn:aws:iam::123456789012:role/placeholder")


def read_plan(text: str) -> dict[str, Any]:
    """The document in the output of ``preview --json``, which warnings may precede."""
    document: dict[str, Any] = json.loads(text[text.index("{") :])
    return document
