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
from ops.errors import RefusedError
from ops.target import USABLE, resolve
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
    environment: options.Environment = "",
    stack: options.Stack = "",
    dry_run: options.DryRun = False,
    profile: options.Profile = "",
    region: options.Region = "",
    form: options.Form = Format.TEXT,
) -> None:
    """Writes connections, variables, pools, roles, users' roles and which DAGs are paused, for
    `mwaa import`. A value that is a secret by Airflow's rule is not in the file; it is named there.
    No API gives the passwords of connections. Airflow 2 gives secret variables, which --secrets-to
    puts to Secrets Manager as PREFIX/variables/KEY; Airflow 3 masks them. Airflow 3 gives no roles.
    Runs are a record: no API takes them back."""
    prefix = secrets_to.strip("/")
    if secrets_to and not prefix:
        raise RefusedError(f"--secrets-to {secrets_to}: give a name such as airflow/prod")
    if out.is_dir():
        raise RefusedError(f"--out {out} is a folder: give a file, such as {out / 'airflow.json'}")
    target = resolve(
        environment=environment, stack=stack, profile=profile, region=region, statuses=STATUSES
    )
    store = vault.Vault(target.aws)

    def keep(name: str, value: str) -> str:
        place = f"{prefix}/{name}"
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
