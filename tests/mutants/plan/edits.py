"""How a planned platform is broken: edits of the resources that an engine recorded."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from policy.plan.resources import Resource

Plan = tuple[Resource, ...]
Change = Callable[[Plan], Plan]
ENVIRONMENT = "mwaa-airflow-environment"
STACK = "urn:pulumi:mutant::mwaa::"


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """One broken thing in a plan, and the rule that it breaks."""

    rule: str
    change: Change


def mutant(rule: str, change: Change) -> Mutant:
    return Mutant(rule=rule, change=change)


def _known(plan: Plan, kind: str, name: str) -> list[Resource]:
    found = [
        r
        for r in plan
        if r.type.endswith(f":{kind}") and r.name == name and r.type.startswith("aws:")
    ]
    if not found:
        raise KeyError(f"no {kind} {name}: {sorted(r.name for r in plan if kind in r.type)}")
    return found


def edit(kind: str, name: str, /, **props: Any) -> Change:
    """Properties of one resource changed; None takes one away."""

    def change(plan: Plan) -> Plan:
        (one,) = _known(plan, kind, name)
        merged = {k: v for k, v in {**one.props, **props}.items() if v is not None}
        gone = {k for k, v in props.items() if v is None}
        kept = {k: v for k, v in one.property_dependencies.items() if k not in gone}
        changed = replace(one, props=merged, property_dependencies=kept)
        return tuple(changed if r is one else r for r in plan)

    return change


def environment(**props: Any) -> Change:
    return edit("Environment", ENVIRONMENT, **props)


def network(**inside: Any) -> Change:
    """The environment's network configuration changed; a value may be made of the old one."""

    def change(plan: Plan) -> Plan:
        (one,) = _known(plan, "Environment", ENVIRONMENT)
        before = one.props["networkConfiguration"]
        made = {k: v(before[k]) if callable(v) else v for k, v in inside.items()}
        return environment(networkConfiguration={**before, **made})(plan)

    return change


def logging(**modules: Mapping[str, Any]) -> Change:
    def change(plan: Plan) -> Plan:
        (one,) = _known(plan, "Environment", ENVIRONMENT)
        before = one.props["loggingConfiguration"]
        made = {k: {**before[k], **v} for k, v in modules.items()}
        return environment(loggingConfiguration={**before, **made})(plan)

    return change


def drop(kind: str, name: str) -> Change:
    def change(plan: Plan) -> Plan:
        gone = _known(plan, kind, name)
        return tuple(r for r in plan if r not in gone)

    return change


def fact(kind: str, name: str, /, **facts: Any) -> Change:
    """What the engine says of a resource: protection, dependencies, timeouts."""

    def change(plan: Plan) -> Plan:
        (one,) = _known(plan, kind, name)
        return tuple(replace(r, **facts) if r is one else r for r in plan)

    return change


def add(kind: str, name: str, make: Callable[[Plan], Mapping[str, Any]]) -> Change:
    """One more resource, with an id of its own."""

    def change(plan: Plan) -> Plan:
        props = {"id": f"{name}-id", **make(plan)}
        declared: dict[str, tuple[str, ...]] = dict.fromkeys(props, ())
        urn = f"{STACK}{kind}::{name}"
        more = Resource(type=kind, name=name, urn=urn, props=props, property_dependencies=declared)
        return (*plan, more)

    return change


def identity(plan: Plan, kind: str, name: str) -> str:
    (one,) = _known(plan, kind, name)
    return str(one.props["id"])


def together(*changes: Change) -> Change:
    def change(plan: Plan) -> Plan:
        for one in changes:
            plan = one(plan)
        return plan

    return change


def statements(
    kind: str, name: str, key: str, alter: Callable[[list[dict[str, Any]]], list[dict[str, Any]]]
) -> Change:
    """The statements of a policy document changed."""

    def change(plan: Plan) -> Plan:
        (one,) = _known(plan, kind, name)
        document = json.loads(one.props[key])
        made = json.dumps({**document, "Statement": alter(document["Statement"])})
        return edit(kind, name, **{key: made})(plan)

    return change


def nat(*tables: str) -> Change:
    """A NAT gateway in the first subnet, and the routes of ``tables`` through it."""
    changes = [
        add(
            "aws:ec2/natGateway:NatGateway",
            "nat",
            lambda plan: {"subnetId": identity(plan, "Subnet", "mwaa-network-vpc-private-1")},
        )
    ]
    for table in tables:
        changes.append(route(table, natGatewayId="nat-id"))
    return together(*changes)


def route(table: str, **target: Any) -> Change:
    def make(plan: Plan) -> Mapping[str, Any]:
        props = {k: v(plan) if callable(v) else v for k, v in target.items()}
        where = identity(plan, "RouteTable", f"mwaa-network-vpc-private-{table}")
        return {"routeTableId": where, "destinationCidrBlock": "0.0.0.0/0", **props}

    return add("aws:ec2/route:Route", f"route-{table}", make)


# The state masks the options; here they are the ones that the program sets.
SECRETS = environment(
    airflowConfigurationOptions={
        "secrets.backend": "airflow.providers.amazon.aws.secrets.secrets_manager"
        ".SecretsManagerBackend",
        "secrets.backend_kwargs": json.dumps(
            {
                "connections_prefix": "airflow/connections",
                "variables_prefix": "airflow/variables",
                "connections_lookup_pattern": "^(?!aws_default$).*$",
            }
        ),
    }
)
