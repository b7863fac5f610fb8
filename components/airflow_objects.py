"""Pools, variables, connections and roles of an environment's Airflow, each a resource."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi import dynamic

Objects = Sequence[Mapping[str, Any]]
# Members that are encrypted in the state, whatever the program says of them.
_SECRET = ["value", "password", "extra"]


@dataclass(frozen=True, kw_only=True)
class AirflowObjectsArgs:
    """The objects, with members as Airflow's REST API calls them, values may be outputs.

    ``provider`` is ``ops.airflow.provider.AirflowProvider()``; ``environment_name`` should be an
    output of the environment, so that it exists first.
    """

    provider: dynamic.ResourceProvider
    environment_name: pulumi.Input[str]
    region: str
    pools: Objects = ()
    """``name``, ``slots``, ``description``, ``include_deferred``. Absent: no pool."""
    variables: Objects = ()
    """``key``, ``value``, ``description``. Absent: no variable."""
    connections: Objects = ()
    """``connection_id``, ``conn_type``, ``host``, ``login``, ``password``, ``schema``, ``port``,
    ``extra`` as JSON text, ``description``. Absent: no connection."""
    roles: Objects = ()
    """``name`` and ``actions`` as pairs of action and resource; Airflow 2. Absent: no role."""
    profile: str = ""
    """AWS profile that asks. Absent: the SDK's own search."""
    adopt: bool = False
    """Take over objects that exist. Absent: they are refused."""


class AirflowObject(dynamic.Resource, module="airflow", name="Object"):
    """One object; ``ops/airflow/provider.py`` has what is done with it."""


class AirflowObjects(pulumi.ComponentResource):
    """Every object is a resource of its own: previewed, refreshed and deleted by the engine.

    What the stack does not name is never touched. ``ids`` maps the resources' names to their ids.
    """

    ids: dict[str, pulumi.Output[str]]

    def __init__(
        self, name: str, args: AirflowObjectsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("mwaa:components:AirflowObjects", name, None, opts)
        kinds = (
            ("pools", "pool", "name", args.pools),
            ("variables", "variable", "key", args.variables),
            ("connections", "connection", "connection_id", args.connections),
            ("roles", "role", "name", args.roles),
        )
        made = {}
        for kind, word, key, objects in kinds:
            for one in objects:
                logical = f"{name}-{word}-{one[key]}"
                props = {
                    "kind": kind,
                    "environment": args.environment_name,
                    "region": args.region,
                    "profile": args.profile,
                    "adopt": args.adopt,
                    **one,
                }
                made[logical] = AirflowObject(
                    args.provider,
                    logical,
                    props,
                    pulumi.ResourceOptions(parent=self, additional_secret_outputs=_SECRET),
                )
        self.ids = {logical: one.id for logical, one in made.items()}
        self.register_outputs({"ids": self.ids})
