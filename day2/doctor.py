"""``mwaa doctor``: is the running environment healthy, by the same rules that judged its plan?

Reads only. What may not be read is reported as unknown with the missing permission, never as a
pass. Configuration option values, tokens and secrets are never printed.
"""

import difflib
import time
from enum import StrEnum
from typing import Annotated

import typer

from checks import report
from checks.catalogue import in_profile, judge
from checks.check import Check
from day2 import live, options
from day2.causes import causes
from day2.failure import RefusedError, statement
from day2.living.eyes import Eyes
from day2.target import ANY_STATUS, Target, resolve
from day2.terminal import duration, say
from mwaa.subject import Denied, Subject

PERMISSIONS = live.PERMISSIONS
STATUSES = ANY_STATUS
EXAMPLES = (
    "mwaa doctor --stack prod",
    "mwaa doctor --environment prod --format sarif",
    "mwaa doctor --environment prod --only mwaa-network-webserver-private",
)


# Questions about the future: they are asked where the environment does not exist yet.
BEFORE_CREATE = frozenset(
    {
        "mwaa-encryption-deployer-may-grant",
        "mwaa-environment-name-free",
        "mwaa-environment-within-quota",
        "mwaa-environment-workers-within-quota",
        "mwaa-identity-deployer-rights",
    }
)


class ReportFormat(StrEnum):
    """``--format`` of the doctor."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"


def run(
    environment: options.Environment = "",
    stack: options.Stack = "",
    only: Annotated[
        list[str] | None, typer.Option("--only", help="Judge this check only; may be repeated.")
    ] = None,
    skip: Annotated[
        list[str] | None, typer.Option("--skip", help="Leave this check out; may be repeated.")
    ] = None,
    passes: Annotated[bool, typer.Option("--passes", help="Name the checks that passed.")] = False,
    profile: options.Profile = "",
    region: options.Region = "",
    form: Annotated[
        ReportFormat, typer.Option("--format", help="Form of the report.")
    ] = ReportFormat.TEXT,
) -> None:
    """Reads the environment, its network, bucket, key, role, logs and alarms, and judges them.
    Exit 0: lawful; 1: a mandatory check failed; 2: one could not be judged, or the doctor could
    not run. Works on environments that this project did not create."""
    start = time.monotonic()
    chosen = _chosen(only or [], skip or [])
    target = resolve(
        environment=environment, stack=stack, profile=profile, region=region, statuses=STATUSES
    )
    say(f"reading {target.name} and what stands around it")
    eyes = Eyes(target.account)
    subject = live.read(eyes, {**target.description})
    judgements = judge(subject, chosen)
    if form is ReportFormat.JSON:
        print(report.as_json(judgements))
    elif form is ReportFormat.SARIF:
        print(report.as_sarif(judgements, location=target.description["Arn"]))
    else:
        print(_header(target), end="")
        print(report.text(judgements, passes=passes), end="")
        print(_denied(subject), end="")
    say(f"{eyes.calls} AWS calls in {duration(time.monotonic() - start)}")
    raise typer.Exit(report.exit_code(judgements))


def _chosen(only: list[str], skip: list[str]) -> tuple[Check, ...]:
    known = {check.id for check in in_profile()}
    for name in [*only, *skip]:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=3, cutoff=0.4)
            raise RefusedError(f"no check {name}; did you mean {' or '.join(near) or 'another'}?")
    left_out = {*skip, *(() if only else BEFORE_CREATE)}
    return tuple(
        check
        for check in in_profile()
        if check.id not in left_out and (not only or check.id in only)
    )


def _header(target: Target) -> str:
    """The status first: a person wants to know that before anything else."""
    last = target.description.get("LastUpdate", {})
    error = last.get("Error", {})
    lines = [f"{target.name} is {target.status}"]
    if error:
        message, error_code = error.get("ErrorMessage", ""), error.get("ErrorCode", "")
        lines.append(f"last update {last.get('Status')}: {error_code} {message}")
        lines += [
            f"  likely: {cause.meaning}\n    do: {cause.remedy}"
            for cause in causes(message, error_code)
        ]
    return "\n".join(lines) + "\n"


def _denied(subject: Subject) -> str:
    """What could not be seen, and the statement that would show it."""
    missing: list[Denied] = [one for one in subject.denied if one.reason == "denied"]
    other = [one for one in subject.denied if one.reason != "denied"]
    text = "".join(f"not seen: {one.call} answered {one.reason}\n" for one in other)
    if missing:
        actions = sorted({one.permission for one in missing})
        text += f"not seen for want of a permission; add:\n  {statement(actions)}\n"
    return text
