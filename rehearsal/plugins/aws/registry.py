"""Every resource type and function of the stand-in: ``TYPES`` and ``FUNCTIONS`` of ``services``."""

from __future__ import annotations

from importlib import import_module
from pkgutil import walk_packages
from typing import Any

from mwaa.words import nearest
from rehearsal.plugins.aws import services
from rehearsal.plugins.aws.context import PluginError
from rehearsal.plugins.aws.resource import Function, ResourceType

_TABLES: list[Any] = [
    import_module(table.name)
    for table in walk_packages(services.__path__, f"{services.__name__}.")
    if not table.ispkg
]

RESOURCES: dict[str, ResourceType] = {
    kind.name: kind for table in _TABLES for kind in getattr(table, "TYPES", ())
}
FUNCTIONS: dict[str, Function] = {
    found.name: found for table in _TABLES for found in getattr(table, "FUNCTIONS", ())
}


def find_resource(token: str) -> ResourceType:
    """The type's table entry. Raises PluginError for a type no table names."""
    if token not in RESOURCES:
        raise PluginError(_unknown("resource type", token, RESOURCES))
    return RESOURCES[token]


def find_function(token: str) -> Function:
    """The function's table entry. Raises PluginError for one no table names."""
    if token not in FUNCTIONS:
        raise PluginError(_unknown("function", token, FUNCTIONS))
    return FUNCTIONS[token]


def _unknown(what: str, token: str, known: dict[str, ResourceType] | dict[str, Function]) -> str:
    near = nearest(token, known)
    hint = f" Did you mean {near}?" if near else ""
    return (
        f"The stand-in for rehearsal does not know the {what} {token}.{hint} It has those this "
        "program uses; add another as a table entry in rehearsal/plugins/aws/services."
    )
