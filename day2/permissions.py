"""``mwaa permissions``: least-privilege IAM policies as JSON to attach: of the doctor, of who
deploys a stack, of who uses Airflow, and of every other verb."""

import importlib
import json
import sys
from typing import Annotated, Any

import typer

from day2 import options
from day2.failure import RefusedError
from day2.privileges import deployer
from day2.target import ANY_STATUS, pulumi, resolve
from mwaa.naming import Names

PERMISSIONS = ("airflow:GetEnvironment", "airflow:ListEnvironments", "sts:GetCallerIdentity")
STATUSES = ANY_STATUS
EXAMPLES = (
    "mwaa permissions doctor > doctor-policy.json",
    "mwaa permissions deployer --stack prod",
    "mwaa permissions user --environment prod --role Op",
)
ROLES = ("Admin", "Op", "User", "Viewer", "Public")


def run(
    subject: Annotated[
        str, typer.Argument(help="doctor, deployer, user, or another verb.", metavar="WHOSE")
    ],
    role: Annotated[str, typer.Option(help="Airflow role of the user.")] = "Viewer",
    environment: options.Environment = "",
    stack: options.Stack = "",
    profile: options.Profile = "",
    region: options.Region = "",
) -> None:
    """Prints a policy that allows exactly what is called. For `user` it lets its holder into the
    web server and the REST API with one Airflow role of one environment. For `deployer` it is
    derived from the resources of the stack, or of its preview when it was never brought up."""
    if subject == "user":
        if role not in ROLES:
            raise RefusedError(f"--role {role}: Airflow has {', '.join(ROLES)}")
        target = resolve(environment=environment, stack=stack, profile=profile, region=region)
        arn = target.description["Arn"]
        resource = arn.replace(":environment/", ":role/") + f"/{role}"
        statements = [_allow(["airflow:CreateWebLoginToken", "airflow:InvokeRestApi"], resource)]
    elif subject == "deployer":
        if environment:
            raise RefusedError("the deployer's policy follows from a stack: give --stack NAME")
        statements = deployer_statements(_resources(stack))
    else:
        statements = [_allow(list(verb_permissions(subject)), "*")]
    print(json.dumps({"Version": "2012-10-17", "Statement": statements}, indent=2))


def verb_permissions(name: str) -> tuple[str, ...]:
    """The IAM actions of a verb. Raises ``RefusedError`` for an unknown or a local one."""
    from day2.cli import VERBS

    if name not in VERBS:
        raise RefusedError(f"{name} is no verb; give deployer, user or one of {', '.join(VERBS)}")
    found: tuple[str, ...] = importlib.import_module(VERBS[name].module).PERMISSIONS
    if not found:
        raise RefusedError(f"mwaa {name} calls no AWS service, so it needs no permission")
    return found


def deployer_statements(resources: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The statements for the resources of an exported stack or of a preview.

    Raises ``RefusedError`` when no environment is among them.
    """
    found = [one for one in resources if one["type"] == deployer.ENVIRONMENT]
    if not found:
        raise RefusedError("the stack has no MWAA environment, and plans none: is it another one?")
    facts = {**found[0].get("inputs", {}), **found[0].get("outputs", {})}
    role = str(facts.get("executionRoleArn", ""))
    key = str(facts.get("kmsKey") or "")
    name, region = str(facts["name"]), str(facts.get("region") or _region(resources))
    account = role.split(":")[4] if role.count(":") > 4 else "*"
    bucket = str(facts.get("sourceBucketArn", "")).rpartition(":")[2]
    types = [one["type"] for one in resources]
    for unknown in deployer.unnamed_types(types):
        print(f"mwaa: {unknown} is no type of this program: add its actions", file=sys.stderr)
    return deployer.statements(
        types,
        Names(name, region, account, bucket),
        key_arn=key if key.startswith("arn:") else "",
        role_arn=role if role.startswith("arn:") else "",
    )


def _region(resources: list[dict[str, Any]]) -> str:
    for one in resources:
        if one["type"] == "pulumi:providers:aws":
            return str(one.get("inputs", {}).get("region", ""))
    return ""


def _resources(stack: str) -> list[dict[str, Any]]:
    """The resources of the stack's state; of its preview where it has no environment yet."""
    exported: Any = json.loads(pulumi("stack", "export", stack=stack) or "{}")
    state: list[dict[str, Any]] = exported.get("deployment", {}).get("resources") or []
    if any(one["type"] == deployer.ENVIRONMENT for one in state):
        return state
    plan: Any = json.loads(pulumi("preview", "--json", "--show-sames", stack=stack))
    return [step["newState"] for step in plan.get("steps", []) if step.get("newState")]


def _allow(actions: list[str], resource: str) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": sorted(actions), "Resource": resource}
