"""``mwaa permissions``: print the IAM policy that a verb or user needs."""

import importlib
import json
from pathlib import Path
from typing import Annotated, Any

import typer

from mwaa.words import suggestion
from ops import options
from ops.commands.permissions import deployed, deployer
from ops.commands.permissions.documents import MOST_CHARACTERS, documents, size
from ops.errors import RefusedError
from ops.target import ANY_STATUS, pulumi, region_of, resolve
from ops.terminal import say

PERMISSIONS = ("airflow:GetEnvironment", "airflow:ListEnvironments", "sts:GetCallerIdentity")
STATUSES = ANY_STATUS
EXAMPLES = (
    "mwaa permissions doctor > doctor-policy.json",
    "mwaa permissions deployer --stack prod --out policies",
    "mwaa permissions user --environment prod --role Op",
)
ROLES = ("Admin", "Op", "User", "Viewer", "Public")


def run(
    platform: Annotated[
        str, typer.Argument(help="doctor, deployer, user, or another verb.", metavar="WHOSE")
    ],
    role: Annotated[str, typer.Option(help="Airflow role of the user.")] = "Viewer",
    environment: options.Environment = "",
    stack: options.Stack = "",
    profile: options.Profile = "",
    region: options.Region = "",
    out: Annotated[
        Path | None, typer.Option(help="Folder to write each document to, instead of printing it.")
    ] = None,
) -> None:
    """Prints a policy that allows exactly what is called. For `user` it lets its holder into the
    web server and the REST API with one Airflow role of one environment. For `deployer` it is
    derived from the resources of the stack, or of its preview when it was never brought up, and is
    a list of documents, each within the 6,144 characters of a managed policy: attach all of them.
    Print it again after a change of the stack's tags, of its key or of its parts."""
    if platform == "user":
        if role not in ROLES:
            raise RefusedError(
                f"--role {role}: Airflow has {', '.join(ROLES)}{suggestion(role, ROLES)}"
            )
        target = resolve(environment=environment, stack=stack, profile=profile, region=region)
        arn = target.description["Arn"]
        resource = arn.replace(":environment/", ":role/") + f"/{role}"
        statements = [_allow(["airflow:CreateWebLoginToken", "airflow:InvokeRestApi"], resource)]
    elif platform == "deployer":
        if environment:
            raise RefusedError("the deployer's policy follows from a stack: give --stack NAME")
        resources = _resources(stack)
        if region:
            region_of(stack, deployed.read(resources).names.region, region)
        statements = deployer_statements(resources)
    else:
        statements = [_allow(list(verb_permissions(platform)), "*")]
    made = documents(statements)
    for number, one in enumerate(made, 1):
        say(f"document {number} of {len(made)}: {size(one)} of {MOST_CHARACTERS} characters")
    if out:
        _write(out, platform, made)
    else:
        print(json.dumps(made if platform == "deployer" else made[0], indent=2))


def _write(out: Path, platform: str, made: list[dict[str, Any]]) -> None:
    """One file for each document; a file that another stack's longer policy left is taken away."""
    out.mkdir(parents=True, exist_ok=True)
    paths = [out / f"{platform}-{number}.json" for number in range(1, len(made) + 1)]
    for stale in set(out.glob(f"{platform}-[0-9]*.json")) - set(paths):
        stale.unlink()
    for path, one in zip(paths, made, strict=True):
        path.write_text(json.dumps(one, indent=2) + "\n", encoding="utf-8")
        print(path)
    say(f"attach: aws iam create-policy --policy-name NAME --policy-document file://{paths[0]} ...")


def verb_permissions(name: str) -> tuple[str, ...]:
    """The IAM actions of a verb. Raises ``RefusedError`` for an unknown or a local one."""
    from ops.cli import VERBS

    if name not in VERBS:
        raise RefusedError(
            f"{name} is no verb{suggestion(name, VERBS)}; give deployer, user or one of "
            f"{', '.join(VERBS)}"
        )
    found: tuple[str, ...] = importlib.import_module(VERBS[name].module).PERMISSIONS
    if not found:
        raise RefusedError(f"mwaa {name} calls no AWS service, so it needs no permission")
    return found


def deployer_statements(resources: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The statements for the resources of an exported stack or of a preview.

    Raises ``RefusedError`` when no environment is among them.
    """
    stack = deployed.read(resources)
    for unknown in deployer.unnamed_types(stack.types):
        say(f"mwaa: {unknown} is no type of this program: add its actions")
    if not stack.tags:
        say(
            "mwaa: the stack gives its EC2 resources no tags in common (mwaa:tags), so changes of "
            "the network are bound by region and account alone"
        )
    return deployer.statements(stack)


def _resources(stack: str) -> list[dict[str, Any]]:
    """The resources of the stack's state; of its preview where it has no environment yet."""
    exported: Any = json.loads(pulumi("stack", "export", stack=stack) or "{}")
    state: list[dict[str, Any]] = exported.get("deployment", {}).get("resources") or []
    if any(one["type"] == deployed.ENVIRONMENT for one in state):
        return state
    plan: Any = json.loads(pulumi("preview", "--json", "--show-sames", stack=stack))
    return [step["newState"] for step in plan.get("steps", []) if step.get("newState")]


def _allow(actions: list[str], resource: str) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": sorted(actions), "Resource": resource}
