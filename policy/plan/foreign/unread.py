"""Finds environments that a plan declares in ways that nothing here reads: they are named.

A program may make an environment by a CloudFormation template, a bridged Terraform provider, Cloud
Control or a command. Silence about one would look like a pass.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mwaa.model.platform import UNKNOWN, Maybe, known
from policy.plan.environment import ENVIRONMENT
from policy.plan.resources import Plan, Resource

# Of any provider: `aws:index/mwaaEnvironment:MwaaEnvironment`, `pkg:tf:aws_mwaa_environment`,
# `kubernetes:mwaa.aws.upbound.io/v1beta1:Environment`.
_TOKEN = re.compile(r"(?i)mwaa[^:]*:environment$|(aws_?)?mwaa_?environment$")
_CLOUDFORMATION = "AWS::MWAA::Environment"
_TEMPLATE = re.compile(r"(?i):cloudformation[/:]")
# The properties in which any of these hold a template or the state that is wanted.
_TEMPLATES = ("templateBody", "template", "typeName", "type")
_COMMANDS = ("create", "update", "command")
_COMMAND = re.compile(r"\bmwaa\s+(create|update)-environment\b")
_NAME = re.compile(r"(?i)mwaa|airflow")


@dataclass(frozen=True, kw_only=True)
class Declaration:
    """A resource that declares an environment; ``words`` say how, ``UNKNOWN`` where it may."""

    urn: str
    words: Maybe[str]


def environments(plan: Plan) -> Iterator[Declaration]:
    """Every resource that declares an environment which is not read, in the order of the plan."""
    components = set(_ancestors(plan))
    for item in plan.resources:
        if item.type == ENVIRONMENT or item.urn in components or item.whole:
            continue
        words = _words(item)
        if words is not None:
            yield Declaration(urn=item.urn, words=words)


def _ancestors(plan: Plan) -> Iterator[str]:
    """The components around the environments that are read."""
    for item in plan.of(ENVIRONMENT):
        parent = item.parent
        while parent:
            yield parent
            parent = plan.by_urn[parent].parent if parent in plan.by_urn else ""


def _words(item: Resource) -> Maybe[str | None]:
    if _TOKEN.search(item.type):
        return f"{item.type} {item.name}"
    for key in _TEMPLATES:
        text = item.get(key)
        if known(text) and (count := _text(text).count(_CLOUDFORMATION)):
            several = "" if count == 1 else f"{count} times "
            return f"{several}{_CLOUDFORMATION} in {key} of {item.type} {item.name}"
    for key in _COMMANDS:
        text = item.get(key)
        if known(text) and (found := _COMMAND.search(_text(text))):
            return f"`aws {found[0]}` in {key} of {item.type} {item.name}"
    if _TEMPLATE.search(item.type) and _is_elsewhere(item):
        return UNKNOWN
    return None


def _text(value: Any) -> str:
    """A template as text, whether the program gave text or an object."""
    if isinstance(value, (Mapping, list)):
        return json.dumps(value, default=str)
    return value if isinstance(value, str) else ""


def _is_elsewhere(item: Resource) -> bool:
    """Whether a template cannot be seen, of a stack whose name says Airflow.

    Any other stack is left alone: each one that lies elsewhere would be a doubt.
    """
    names = [item.name, *(item.get(key) for key in ("name", "stackName", "templateUrl"))]
    hidden = item.get("templateBody") in (None, UNKNOWN) and (
        item.declares("templateUrl") or item.declares("templateBody")
    )
    return hidden and any(isinstance(name, str) and _NAME.search(name) for name in names)
