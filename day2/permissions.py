"""``mwaa permissions``: the least-privilege IAM policy of each verb, as JSON to attach."""

import importlib
import json
from typing import Annotated, Any

import typer

from day2 import options
from day2.failure import RefusedError
from day2.target import ANY_STATUS, resolve

PERMISSIONS = ("airflow:GetEnvironment", "airflow:ListEnvironments")
STATUSES = ANY_STATUS
EXAMPLES = (
    "mwaa permissions doctor > doctor-policy.json",
    "mwaa permissions sync",
    "mwaa permissions user --environment prod --role Op",
)
ROLES = ("Admin", "Op", "User", "Viewer", "Public")


def run(
    subject: Annotated[str, typer.Argument(help="A verb, or `user` for a user of Airflow.")],
    role: Annotated[str, typer.Option(help="Airflow role of the user.")] = "Viewer",
    environment: options.Environment = "",
    stack: options.Stack = "",
    profile: options.Profile = "",
    region: options.Region = "",
) -> None:
    """Prints a policy that allows exactly what the verb calls. For `user` the policy lets its
    holder into the web server and the REST API with one Airflow role of one environment."""
    if subject == "user":
        if role not in ROLES:
            raise RefusedError(f"--role {role}: Airflow has {', '.join(ROLES)}")
        target = resolve(environment=environment, stack=stack, profile=profile, region=region)
        arn = target.description["Arn"]
        resource = arn.replace(":environment/", ":role/") + f"/{role}"
        statements = [_allow(["airflow:CreateWebLoginToken", "airflow:InvokeRestApi"], resource)]
    else:
        statements = [_allow(list(verb_permissions(subject)), "*")]
    print(json.dumps({"Version": "2012-10-17", "Statement": statements}, indent=2))


def verb_permissions(name: str) -> tuple[str, ...]:
    """The IAM actions of a verb. Raises ``RefusedError`` for an unknown or a local one."""
    from day2.cli import VERBS

    if name not in VERBS:
        raise RefusedError(f"{name} is no verb; give user or one of {', '.join(VERBS)}")
    found: tuple[str, ...] = importlib.import_module(VERBS[name].module).PERMISSIONS
    if not found:
        raise RefusedError(f"mwaa {name} calls no AWS service, so it needs no permission")
    return found


def _allow(actions: list[str], resource: str) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": sorted(actions), "Resource": resource}
