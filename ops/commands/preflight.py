"""``mwaa preflight``: would these files work on MWAA? Asked before an update.

An update with bad requirements takes twenty minutes to fail and rolls back; here the same answer
takes seconds. The rules are those of the policy pack and the doctor, judged by the files alone;
uv resolves the requirements and the real Airflow of the environment's version imports the DAGs.
"""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from mwaa.model.platform import UNKNOWN, Maybe, Platform, known
from ops import options
from ops.artifacts import platform as files
from ops.artifacts.image import Image, image
from ops.artifacts.source import require_folder
from ops.artifacts.trial import tried
from ops.artifacts.wheels import Sources
from ops.commands.doctor.selection import waivers as of_project
from ops.errors import RefusedError
from ops.stack import of_file
from ops.target import ANY_STATUS, region_of
from ops.target import resolve as target
from ops.terminal import duration, painted, say
from policy.formats import as_sarif, counts, data, exit_code, text
from policy.rules.catalog import Judgment, judge

PERMISSIONS = ("airflow:GetEnvironment", "airflow:ListEnvironments")
STATUSES = ANY_STATUS
EXAMPLES = (
    "mwaa preflight examples --stack dev",
    "mwaa preflight examples --airflow-version 2.10.3 --no-import",
    "mwaa preflight . --environment prod --format json",
)


class ReportFormat(StrEnum):
    """``--format`` of preflight."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"


@dataclass(frozen=True)
class Place:
    """Where the files shall run: the Airflow version, and whether the internet is out of reach: for
    the web server or the subnets (``is_private``), for the subnets (``is_closed``)."""

    version: str
    is_private: bool
    is_closed: Maybe[bool] = UNKNOWN
    region: str = ""
    installed_at: float | None = None


def run(
    source: Annotated[
        Path,
        typer.Argument(help="Folder with dags/, plugins/ or plugins.zip, requirements.txt, ..."),
    ],
    stack: options.Stack = "",
    environment: options.Environment = "",
    airflow_version: Annotated[
        str, typer.Option(help="Airflow version; default: that of the stack or environment.")
    ] = "",
    public: Annotated[
        bool, typer.Option("--public", help="The environment reaches the internet.")
    ] = False,
    imports: options.Imports = True,
    find_links: Annotated[
        list[Path] | None, typer.Option(help="Folder of own wheels; may be repeated.")
    ] = None,
    passes: Annotated[bool, typer.Option("--passes", help="Name the rules that passed.")] = False,
    profile: options.Profile = "",
    region: options.Region = "",
    form: Annotated[
        ReportFormat, typer.Option("--format", help="Form of the report.")
    ] = ReportFormat.TEXT,
) -> None:
    """Judges the files by the rules of the policy pack and the doctor, resolves the requirements
    with what the image pins, installs them once into a cached virtual environment and imports
    every DAG there. Exit 0: every mandatory rule passed; 1: one failed; 2: preflight could not run;
    3: one could not be judged on this machine, which is said and not passed over. What waivers.yaml
    accepts fails nothing."""
    start = time.monotonic()
    waivers = of_project()
    require_folder(source)
    place = _place(stack, environment, profile, region)
    version = airflow_version or place.version
    if not version:
        raise RefusedError("which Airflow? Give --airflow-version, --stack or --environment")
    there = replace(place, is_private=place.is_private and not public)
    sources = Sources(tuple(find_links or ()))
    found, platform, of = examine(source, version, there, sources, imports=imports)
    judged = waivers.apply(found, platform)
    unused = waivers.unused(judged)
    for words in unused:
        say(words)
    _report(form, judged, platform, of, unused, passes=passes, seconds=time.monotonic() - start)
    raise typer.Exit(exit_code(judged))


def examine(
    source: Path, version: str, place: Place, sources: Sources | None = None, *, imports: bool
) -> tuple[tuple[Judgment, ...], Platform, Image]:
    """What the rules say of the files in ``source`` with an Airflow version."""
    of = image(version)
    platform = files.read(
        source,
        version=version,
        is_private=place.is_private,
        is_closed=place.is_closed,
        region=place.region,
        installed_at=place.installed_at,
        trial=tried(source, of, sources or Sources(()), imports=imports),
    )
    return judge(platform), platform, of


def _place(stack: str, environment: str, profile: str, region: str) -> Place:
    """What the environment or the stack file says; private where nothing says otherwise."""
    if environment and stack:
        raise RefusedError("--environment and --stack exclude each other: give one of them")
    if environment:
        found = target(environment=environment, profile=profile, region=region)
        is_private = found.description.get("WebserverAccessMode") != "PUBLIC_ONLY"
        version = str(found.description.get("AirflowVersion", ""))
        updated = found.description.get("LastUpdate") or {}
        succeeded = updated.get("Status") == "SUCCESS" and updated.get("CreatedAt")
        taken = succeeded or found.description.get("CreatedAt")
        seconds = taken.timestamp() if taken else None
        return Place(version, is_private, region=found.aws.region_name, installed_at=seconds)
    if stack:
        settings = of_file(stack)
        mode = settings.get("mwaa:webserverAccessMode")
        version = str(settings.get("mwaa:airflowVersion", ""))
        has_egress = settings.get("mwaa:egress", "none") != "none"
        is_closed = UNKNOWN if settings.get("mwaa:existingVpcId") else not has_egress
        is_private = mode != "PUBLIC_ONLY" or not has_egress
        there = region_of(stack, settings.get("aws:region", ""), region)
        return Place(version, is_private, is_closed, there)
    return Place("", True, region=region)


def _report(
    form: ReportFormat,
    judged: tuple[Judgment, ...],
    platform: Platform,
    of: Image,
    unused: Sequence[str],
    *,
    passes: bool,
    seconds: float,
) -> None:
    trial = platform.trial
    is_proven = known(trial.import_faults) and "import_faults" not in trial.untried
    if form is ReportFormat.SARIF:
        print(as_sarif(judged, location=platform.environment.id), end="")
        return
    if form is ReportFormat.JSON:
        document = {
            **data(judged),
            "airflow_version": of.version,
            "python": of.python,
            "errors": counts(judged)["mandatory"],
            "dags_imported": trial.dags,
            "unused_waivers": list(unused),
            "proven": is_proven,
            "seconds": round(seconds, 1),
        }
        print(json.dumps(document, indent=2, sort_keys=True))
        return
    print(painted(text(judged, passes=passes)), end="")
    proof = (
        f"{trial.dags} DAGs imported by Airflow {of.version}"
        if is_proven
        else "the DAGs were not proved by an import"
    )
    print(f"{proof} (Python {of.python})")
    say(f"judged in {duration(seconds)}")
