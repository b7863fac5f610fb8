"""``mwaa export``: write what Airflow holds to a file, without secrets."""

from pathlib import Path
from typing import Annotated

import typer

from mwaa.words import counted
from ops import options
from ops.airflow import vault
from ops.airflow.api import PERMISSIONS as INVOKE
from ops.airflow.api import Airflow
from ops.airflow.document import Document
from ops.airflow.secrecy import Secrecy
from ops.airflow.taken import Taken
from ops.commands.export.for_pulumi import ImportFile, of_plan
from ops.commands.impact.preview import parse
from ops.errors import RefusedError
from ops.stack import StackFile
from ops.target import USABLE, Target, resolve
from ops.terminal import Format, emit

PERMISSIONS = (
    "airflow:GetEnvironment",
    "airflow:ListEnvironments",
    *INVOKE,
    *vault.READ,
    *vault.WRITE,
)
STATUSES = USABLE
EXAMPLES = (
    "mwaa export --stack prod --out prod.json",
    "mwaa export --environment prod --out prod.json --secrets-to airflow/prod",
    "mwaa export --stack prod --out prod.json --runs 30 --format json",
    "mwaa export --stack prod --for-pulumi --out objects.json",
)


def run(
    out: Annotated[Path, typer.Option("--out", help="File to write; an old one is replaced.")],
    secrets_to: Annotated[
        str,
        typer.Option(
            metavar="PREFIX", help="Put secrets that can be read to Secrets Manager, under PREFIX."
        ),
    ] = "",
    runs: Annotated[
        int, typer.Option(min=0, help="Also record the runs of this many days.", metavar="DAYS")
    ] = 0,
    for_pulumi: Annotated[
        bool,
        typer.Option(
            "--for-pulumi",
            help="Write a file for `pulumi import --file` instead: objects the stack names.",
        ),
    ] = False,
    environment: options.Environment = "",
    stack: options.Stack = "",
    config_file: options.ConfigFile = "",
    dry_run: options.DryRun = False,
    profile: options.Profile = "",
    region: options.Region = "",
    form: options.Form = Format.TEXT,
) -> None:
    """Writes connections, variables, pools, roles, users' roles and which DAGs are paused, for
    `mwaa import`. A value that is a secret by Airflow's rule is not in the file; it is named there.
    No API gives the passwords of connections. Airflow 2 gives secret variables, which --secrets-to
    puts to Secrets Manager as PREFIX/variables/KEY; Airflow 3 masks them. Airflow 3 gives no roles.
    Runs are a record: no API takes them back. With --for-pulumi the file has the objects that the
    setting airflowObjects names, that Airflow has and the stack does not own yet: `pulumi import
    --file` takes them over, and `pulumi preview --diff --refresh` shows what would change."""
    prefix = secrets_to.strip("/")
    if secrets_to and not vault.holds(prefix, "any"):
        raise RefusedError(
            f"--secrets-to {secrets_to}: give a name of letters, digits and /_+=.@- such as "
            "airflow/prod"
        )
    if out.is_dir():
        raise RefusedError(f"--out {out} is a folder: give a file, such as {out / 'airflow.json'}")
    if for_pulumi and (environment or secrets_to or runs):
        raise RefusedError(
            "--for-pulumi is about what a stack names: give it with --stack, and without "
            "--environment, --secrets-to and --runs"
        )
    target = resolve(
        environment=environment, stack=stack, profile=profile, region=region, statuses=STATUSES
    )
    if for_pulumi:
        _for_pulumi(target, StackFile(stack, config_file), out, form, dry_run=dry_run)
        return
    store = vault.Vault(target.aws)

    def keep(name: str, value: str) -> str:
        place = f"{prefix}/{name}"
        if not vault.holds(place, value):
            return ""
        if not dry_run:
            store.put(place, value)
        return place

    secrecy = Secrecy.of(target.description.get("AirflowConfigurationOptions", {}))
    taken = Taken(Airflow(target), secrecy, keep if prefix else None)
    document = taken.document(runs)
    if not dry_run:
        document.write(out)
    emit(
        form,
        {"environment": target.name, "dry_run": dry_run, "file": str(out)}
        | {"counts": document.counts(), "left_out": document.left_out}
        | {"not_exported": document.not_exported},
        lambda: words(document, out, dry_run),
    )


def _for_pulumi(
    target: Target, settings: StackFile, out: Path, form: Format, *, dry_run: bool
) -> None:
    found = of_plan(parse(settings.preview()).steps, Airflow(target))
    if found.names and not dry_run:
        found.write(out)
    emit(
        form,
        {"environment": target.name, "dry_run": dry_run, "file": str(out) if found.names else None}
        | {"objects": found.names},
        lambda: _imported(target.name, found, out, dry_run),
    )


def _imported(name: str, found: ImportFile, out: Path, dry_run: bool) -> str:
    if not found.names:
        return (
            f"{name}: no object that the stack names and does not own is there, and no file was "
            "written. Name objects in airflowObjects first"
        )
    number = counted(len(found.names), "object")
    lines = [f"{name}: {number} {'would go' if dry_run else 'written'} to {out}"]
    lines += [f"  {one}" for one in found.names]
    lines.append(
        f"next: pulumi import --file {out} --generate-code=false, then pulumi preview --diff "
        "--refresh"
    )
    return "\n".join(lines)


def words(document: Document, out: Path, dry_run: bool) -> str:
    """What was exported, and what was not, for people."""
    parts = ", ".join(f"{number} {part}" for part, number in document.counts().items() if number)
    lines = [f"{document.environment}: {parts} {'would go' if dry_run else 'written'} to {out}"]
    lines += [f"not exported: {part}: {why}" for part, why in document.not_exported.items()]
    if document.left_out:
        number = counted(len(document.left_out), "value")
        lines.append(f"left out as secret, or not given by Airflow ({number}):")
        lines += [f"  {one}" for one in document.left_out]
    return "\n".join(lines)
