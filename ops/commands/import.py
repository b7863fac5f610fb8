"""``mwaa import``: bring what an export holds to an environment's Airflow."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from mwaa.exit_codes import ExitCode
from mwaa.words import counted
from ops import options
from ops.airflow import document, vault
from ops.airflow.api import PERMISSIONS as INVOKE
from ops.airflow.api import Airflow
from ops.airflow.brought import Brought, Steps, name_of
from ops.airflow.secrecy import Secrecy
from ops.target import USABLE, resolve
from ops.terminal import Format, emit

PERMISSIONS = (
    "airflow:GetEnvironment",
    "airflow:ListEnvironments",
    *INVOKE,
    *vault.READ,
)
STATUSES = USABLE
EXAMPLES = (
    "mwaa import prod.json --environment prod-new --dry-run",
    "mwaa import prod.json --environment prod-new",
    "mwaa import prod.json --stack prod --only pools --only dags",
)


class Part(StrEnum):
    """``--only``."""

    VARIABLES = "variables"
    CONNECTIONS = "connections"
    POOLS = "pools"
    ROLES = "roles"
    USERS = "users"
    DAGS = "dags"


# Which DAGs run is another decision than what they find: two environments must not both run them.
USUAL = frozenset(Part) - {Part.DAGS}


def run(
    file: Annotated[Path, typer.Argument(help="File of `mwaa export`.")],
    only: Annotated[
        list[Part] | None,
        typer.Option(
            "--only",
            metavar="PART",
            help="variables, connections, pools, roles, users or dags; may be repeated. Default: "
            "all but dags.",
        ),
    ] = None,
    keep_existing: Annotated[
        bool, typer.Option("--keep-existing", help="Leave alone what is there already.")
    ] = False,
    environment: options.Environment = "",
    stack: options.Stack = "",
    dry_run: options.DryRun = False,
    profile: options.Profile = "",
    region: options.Region = "",
    form: options.Form = Format.TEXT,
) -> None:
    """Creates what is missing and changes what differs; deletes nothing. Secrets that the file
    names in Secrets Manager are read from there; passwords that exist already stay. What cannot be
    brought is named with its reason, and the exit code is then 1. Killed anywhere, the next run
    continues. --only dags pauses and resumes DAGs as the file says."""
    given = document.load(file)
    target = resolve(
        environment=environment, stack=stack, profile=profile, region=region, statuses=STATUSES
    )
    store = vault.Vault(target.aws)
    secrecy = Secrecy.of(target.description.get("AirflowConfigurationOptions", {}))
    brought = Brought(Airflow(target), given, store.get, secrecy)
    steps = brought.plan(frozenset(only or USUAL), keeps=keep_existing)
    if not dry_run:
        brought.apply(steps)
    emit(
        form,
        {"environment": target.name, "from": given.environment, "dry_run": dry_run}
        | {"parts": {part: _document(one) for part, one in steps.items()}}
        | {"to_complete": given.left_out},
        lambda: _words(target.name, steps, given, dry_run),
    )
    if any(one.blocked for one in steps.values()):
        raise typer.Exit(ExitCode.FAILED)


def _document(steps: Steps) -> dict[str, Any]:
    return {
        "created": [name_of(one) for one in steps.new],
        "changed": [name_of(one) for one in steps.changed],
        "unchanged": steps.same,
        "not_brought": steps.blocked,
    }


def _words(name: str, steps: dict[str, Steps], given: document.Document, dry_run: bool) -> str:
    would = "would be " if dry_run else ""
    lines = []
    for part, one in steps.items():
        lines.append(
            f"{name}: {part}: {len(one.new)} {would}created, {len(one.changed)} {would}changed, "
            f"{one.same} unchanged"
        )
        if dry_run:
            lines += [f"  create  {name_of(item)}" for item in one.new]
            lines += [f"  change  {name_of(item)}" for item in one.changed]
        lines += [f"  not brought: {item}: {why}" for item, why in one.blocked.items()]
    passwords = [one for one in given.left_out if one.startswith("connections.")]
    if passwords and "connections" in steps:
        number = counted(len(passwords), "part")
        lines.append(f"{number} of connections are not in the file, to complete by hand:")
        lines += [f"  {one}" for one in passwords]
    return "\n".join(lines)
