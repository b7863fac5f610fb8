"""``mwaa resume``: start the DAGs again that `mwaa pause` paused."""

from typing import Annotated

import typer

from mwaa.words import counted
from ops import options
from ops.airflow.api import PERMISSIONS as INVOKE
from ops.airflow.api import Airflow
from ops.airflow.dags import BUCKET_PERMISSIONS, Memory, chosen, set_paused, states
from ops.target import USABLE, Target, resolve
from ops.terminal import Format, emit

PERMISSIONS = (
    "airflow:GetEnvironment",
    "airflow:ListEnvironments",
    *INVOKE,
    *BUCKET_PERMISSIONS,
)
STATUSES = USABLE
EXAMPLES = (
    "mwaa resume --stack prod",
    "mwaa resume 'ingest_*' --environment prod",
    "mwaa resume --stack prod --dry-run --format json",
)


def run(
    dags: Annotated[
        list[str] | None,
        typer.Argument(help="DAGs; * stands for any characters. Without any: all paused ones."),
    ] = None,
    environment: options.Environment = "",
    stack: options.Stack = "",
    dry_run: options.DryRun = False,
    profile: options.Profile = "",
    region: options.Region = "",
    form: options.Form = Format.TEXT,
) -> None:
    """Starts the DAGs that `mwaa pause` paused and remembers, all or those named. A DAG that
    somebody paused otherwise stays paused; one that was deleted meanwhile is named and forgotten.
    Killed anywhere, the next run continues."""
    target = resolve(
        environment=environment, stack=stack, profile=profile, region=region, statuses=STATUSES
    )
    resumed, gone = resume(target, dags or [], writes=not dry_run)
    document = {"environment": target.name, "dry_run": dry_run, "resumed": resumed, "gone": gone}
    emit(form, document, lambda: _words(target.name, resumed, gone, dry_run))


def resume(target: Target, names: list[str], *, writes: bool = True) -> tuple[list[str], list[str]]:
    """Start the remembered DAGs that ``names`` mean; returns those, and those that are gone."""
    airflow, memory = Airflow(target), Memory(target)
    before = memory.read()
    wanted = chosen(before.dags, names, f"that `mwaa pause` paused in {target.name}")
    # One whose file cannot be imported at the moment would stay paused when it can.
    known = states(airflow, all_known=True)
    gone = [name for name in wanted if name not in known]
    present = [name for name in wanted if name in known]
    if writes and wanted:
        paused = [name for name in present if known[name]]
        set_paused(airflow, paused, known, paused=False)
        # Last: until all are started, a rerun must know them.
        memory.write(before.dags - set(wanted), before)
    return present, gone


def _words(name: str, resumed: list[str], gone: list[str], dry_run: bool) -> str:
    if not resumed and not gone:
        return f"{name}: `mwaa pause` paused no DAG that is still to be resumed"
    did = "would be resumed" if dry_run else "resumed"
    lines = [f"{name}: {counted(len(resumed), 'DAG')} {did}", *(f"  {one}" for one in resumed)]
    if gone:
        lines.append(f"not there any more: {', '.join(gone)}")
    return "\n".join(lines)
