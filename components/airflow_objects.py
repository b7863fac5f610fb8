"""Pools, variables, connections and roles of an environment's Airflow, each a resource."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi import dynamic

from components.environment import AirflowEnvironment
from mwaa.service.airflow_objects import KINDS
from mwaa.settings.load import Settings

Objects = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, kw_only=True)
class AirflowObjectsArgs:
    """The objects, with members as Airflow's REST API calls them, values may be outputs.

    ``provider`` is ``ops.airflow.provider.AirflowProvider()``; ``environment_name`` should be an
    output of the environment, so that it exists first. An object with ``adopt`` may exist already.
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
    """AWS profile that asks. Absent: the credentials of the stack's AWS provider."""
    adopt: bool = False
    """Take over objects that exist. Absent: they are refused, unless they say ``adopt``."""
    environment: pulumi.Resource | None = None
    """The environment, with which the objects go and are made again. Absent: they are deleted one
    by one, also where their environment is deleted in the same run."""


def objects_of(
    settings: Settings, provider: dynamic.ResourceProvider | None, environment: AirflowEnvironment
) -> AirflowObjectsArgs:
    """What the setting ``airflowObjects`` means for the environment of the same stack."""
    if provider is None:
        raise pulumi.RunError(
            "mwaa:airflowObjects: got objects, and no airflow_provider. Allowed: both or none. "
            "Why: components do not speak to Airflow. Do: give PlatformArgs "
            "airflow_provider=AirflowProvider() of ops.airflow.provider."
        )
    lists: dict[str, list[dict[str, Any]]] = {kind: [] for kind in KINDS}
    for one in settings.objects:
        members = {
            name: pulumi.Output.secret(value) if name in one.encrypted else value
            for name, value in one.members.items()
        }
        lists[one.kind].append({**members, "adopt": one.adopt})
    return AirflowObjectsArgs(
        provider=provider,
        environment_name=environment.environment_name,
        region=settings.region,
        environment=environment.resource,
        pools=lists["pools"],
        variables=lists["variables"],
        connections=lists["connections"],
        roles=lists["roles"],
    )


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
        place = {
            "environment": args.environment_name,
            "region": args.region,
            "profile": args.profile,
            "adopt": args.adopt,
        }
        made = {}
        for kind, of in KINDS.items():
            for one in getattr(args, kind):
                logical = f"{name}-{of.word}-{one[of.key]}"
                # Inputs stand in the state, too: a secret is one before the engine sees it.
                members = {
                    member: pulumi.Output.secret(value) if member in of.secret else value
                    for member, value in one.items()
                }
                made[logical] = AirflowObject(
                    args.provider,
                    logical,
                    {"kind": kind, **place, **members},
                    pulumi.ResourceOptions(
                        parent=self,
                        additional_secret_outputs=sorted(of.secret),
                        deleted_with=args.environment,
                        replace_with=[args.environment] if args.environment else None,
                    ),
                )
        self.ids = {logical: one.id for logical, one in made.items()}
        self.register_outputs({"ids": self.ids})
