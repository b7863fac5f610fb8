"""``mwaa impact``: what would this change do to the running environment?

Reads the engine's own preview, so it says what the plan holds and nothing else.
"""

import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from textwrap import indent
from typing import Annotated

import typer

from mwaa.exit_codes import ExitCode
from mwaa.words import counted
from ops import options
from ops.aws import AwsSession
from ops.commands.impact.assessment import assess
from ops.commands.impact.delivery import PERMISSIONS as DELIVERY
from ops.commands.impact.delivery import STATUSES, delivery
from ops.commands.impact.disruption import WORDS, Disruption
from ops.commands.impact.environment import Foundations, Impact
from ops.commands.impact.preview import Preview, parse
from ops.errors import RefusedError
from ops.fleet import several
from ops.target import find_of_stack, region_of, require_account, resolve, session_of
from ops.terminal import Format, emit

PERMISSIONS = ("airflow:InvokeRestApi", "sts:GetCallerIdentity", *DELIVERY)
EXAMPLES = (
    "mwaa impact --stack prod",
    "mwaa impact --stack dev --stack prod --no-tasks",
    "pulumi preview --json | mwaa impact --preview -",
    "mwaa impact --preview plan.json --format json",
    "mwaa impact --dags dags --environment ssm:/mwaa/prod",
)
VIOLATES = (
    "the preview failed because the plan breaks a mandatory rule of a policy pack, so nothing of "
    "this would come about: `pulumi preview` names the rule"
)
RUNNING_PATH = "/dags/~/dagRuns/~/taskInstances"
GONE = (
    "is gone from the account, and its metadata database with it. The plan does not know that, and "
    "is not what would happen: `pulumi up --refresh` makes a new one"
)
# Past tense where the engine's word is a verb: what it will have done.
COUNTED = {"same": "unchanged"}


@dataclass(frozen=True)
class Foreseen:
    """One preview: its plan, what the changes do, and to which environment."""

    plan: Preview
    impacts: list[Impact]
    name: str
    running: int | str | None
    is_gone: bool = False
    """The account has no such environment, which a preview does not look at."""

    @property
    def code(self) -> ExitCode:
        """Whether data would be lost."""
        if self.plan.violates:
            return ExitCode.REFUSED
        if self.is_gone:
            return ExitCode.UNSURE
        if any(one.disruption is Disruption.LOSS for one in self.impacts):
            return ExitCode.FAILED
        if any(one.possible is Disruption.LOSS for one in self.impacts):
            return ExitCode.UNSURE
        return ExitCode.DONE

    def document(self) -> dict[str, object]:
        """The same as a JSON object."""
        return {
            "environment": self.name,
            "gone": self.is_gone,
            "running_tasks": self.running,
            "counts": dict(self.plan.counts),
            "violates_policy": self.plan.violates,
            "changes": [one.document() for one in self.impacts],
        }

    def words(self) -> str:
        """The same for people."""
        words = _words(self.plan, self.impacts, self.name, self.running)
        return f"{self.name} {GONE}\n{words}" if self.is_gone else words


def run(
    stacks: options.Stacks = None,
    every: Annotated[
        bool, typer.Option("--all", help="Every stack of this project that was brought up.")
    ] = False,
    preview: Annotated[
        str, typer.Option(help="File with the output of `pulumi preview --json`; - for stdin.")
    ] = "",
    dags: Annotated[
        Path | None, typer.Option(help="Folder of DAGs: what a delivery of it would do.")
    ] = None,
    environment: options.Environment = "",
    count_tasks: Annotated[
        bool,
        typer.Option(
            "--tasks/--no-tasks", help="Ask AWS and Airflow first: is it there, how many tasks run."
        ),
    ] = True,
    profile: options.Profile = "",
    region: options.Region = "",
    form: options.Form = Format.TEXT,
) -> None:
    """Per change: nothing, in place, rolling restart (GRACEFUL or FORCED), interruption, or loss of
    data, with the cause and the documented duration. Exit 0: no data would be lost; 1: data would
    be lost; 2: the preview failed; 3: whether data would be lost is not known before the update, or
    the environment is gone from the account, which a preview does not look at.
    Several stacks are previewed one after the other, with one exit code: 1, else 2, else 3 where it
    is any stack's. With --dags no plan is asked, but the bucket of one environment: which DAGs
    `mwaa sync` would bring and take away."""
    if dags is not None:
        if preview or every or len(stacks or []) > 1:
            raise RefusedError("--dags is for one environment: give --environment or one --stack")
        where = {"environment": environment, "stack": (stacks or [""])[0]}
        target = resolve(**where, profile=profile, region=region, statuses=STATUSES)
        moved = delivery(dags, target)
        emit(form, moved.document(), moved.text)
        return
    if environment:
        raise RefusedError("--environment goes with --dags: a plan names its environment itself")
    if preview and (stacks or every):
        raise RefusedError("--stack makes a preview and --preview reads one: give one of them")

    def one(stack: str) -> Foreseen:
        return foresee(stack, preview, count_tasks=count_tasks, profile=profile, region=region)

    # One preview uses every processor that there is.
    found = several.each(several.stacks(every, stacks), one, PERMISSIONS, at_once=1)
    if len(found) == 1 and found[0].result:
        only = found[0].result
        emit(form, only.document(), only.words)
        if only.plan.violates:
            raise RefusedError(VIOLATES)
        code: int = only.code
    else:
        emit(
            form,
            {"stacks": [_document(each) for each in found]},
            lambda: "\n\n".join(
                [*map(_part, found), several.summary("stack", map(_verdict, found))]
            ),
        )
        code = several.exit_code(
            each.result.code if each.result else ExitCode.REFUSED for each in found
        )
    if code:
        raise typer.Exit(code)


def foresee(
    stack: str, preview: str = "", *, count_tasks: bool = True, profile: str = "", region: str = ""
) -> Foreseen:
    """What the changes of ``stack``, or in the file ``preview``, would do."""
    plan = parse(_text(stack, preview))
    found = assess(plan.steps)
    existing = Foundations.of(plan.steps)
    place = existing.region if existing else str(plan.config.get("aws:region") or "")
    region_of(stack, place, region)
    if existing is None or not existing.name or not count_tasks:
        return Foreseen(plan, found, existing.name if existing else "", None)

    @cache
    def access() -> AwsSession:
        """The stack's own account, in the region where the environment lives."""
        return session_of(
            plan.config, stack=stack, place=existing.region, profile=profile, region=region
        )

    # A preview that somebody saved may be older than the environment.
    if not preview and _is_gone(access, existing, stack):
        return Foreseen(plan, found, existing.name, None, is_gone=True)
    disturbs = any(one.worst >= Disruption.RESTART for one in found)
    running = _running(access, existing, stack) if disturbs else None
    return Foreseen(plan, found, existing.name, running)


def _verdict(one: several.Outcome[Foreseen]) -> str:
    if one.result is None:
        return "not known"
    if one.result.plan.violates:
        return "against the policy"
    if one.result.is_gone:
        return "gone"
    return WORDS[max((each.worst for each in one.result.impacts), default=Disruption.NOTHING)]


def _document(one: several.Outcome[Foreseen]) -> dict[str, object]:
    if one.result is None:
        return {"stack": one.name, "not_known": one.refusal}
    return {"stack": one.name, **one.result.document()}


def _part(one: several.Outcome[Foreseen]) -> str:
    if one.result is None:
        return f"{one.name}:\n  NOT KNOWN: {one.refusal}"
    lines = [one.result.words(), *([VIOLATES] if one.result.plan.violates else [])]
    return "\n".join([f"{one.name}:", *(indent(line, "  ") for line in lines)])


def _text(stack: str, preview: str) -> str:
    if preview == "-":
        return sys.stdin.read()
    if preview:
        return Path(preview).read_text(encoding="utf-8")
    program = shutil.which("pulumi")
    if program is None:
        raise RefusedError(
            "the pulumi command is not on PATH: run this in the project's shell, or give "
            "--preview FILE"
        )
    chosen = ["--stack", stack] if stack else []
    done = subprocess.run(
        [program, "preview", "--json", "--non-interactive", *chosen],
        capture_output=True,
        text=True,
        check=False,
    )
    # A policy violation ends the preview with 1 and a complete document.
    if "{" not in done.stdout or (done.returncode and not parse(done.stdout).violates):
        raise RefusedError(
            "pulumi preview failed, so what the change would do is not known:\n"
            f"{done.stderr.strip() or 'it says no reason; run it without --json'}"
        )
    return done.stdout


def _is_gone(access: Callable[[], AwsSession], existing: Foundations, stack: str) -> bool:
    """Whether the account has no such environment; False where it cannot be asked."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        account = {"accountId": existing.account}
        return find_of_stack(access(), existing.name, account, stack) is None
    except (ClientError, BotoCoreError, RefusedError):
        return False


def _running(access: Callable[[], AwsSession], existing: Foundations, stack: str) -> int | str:
    """The number of running task instances, or why it is not known."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        aws = access()
        require_account(aws, stack, {"mwaa:expectedAccount": existing.account})
        answer = aws.mwaa.invoke_rest_api(
            Name=existing.name,
            Path=RUNNING_PATH,
            Method="GET",
            QueryParameters={"state": "running"},
        )
        return int(answer["RestApiResponse"]["total_entries"])
    except (ClientError, BotoCoreError, RefusedError) as error:
        # The plan must be readable without any right in Airflow.
        return f"not counted ({error})"
    except (KeyError, TypeError, ValueError):
        return "not counted (Airflow's answer holds no number of tasks)"


def _words(plan: Preview, found: list[Impact], name: str, running: int | str | None) -> str:
    if not found:
        return "no changes: nothing happens"
    lines: list[str] = []
    if running is not None:
        count = (
            f"{counted(running, 'task')} running now"
            if isinstance(running, int)
            else f"tasks {running}"
        )
        lines.append(f"{name}: {count}")
    # What is said of several resources is said once.
    alike: defaultdict[tuple[Disruption, str], list[Impact]] = defaultdict(list)
    for one in found:
        alike[one.disruption, one.message].append(one)
    for (kind, message), same in alike.items():
        lines += _lines(kind, message, same)
    lines.append(f"in all: {_counts(plan.counts)} (as the engine counts)")
    return "\n".join(lines)


def _lines(kind: Disruption, message: str, same: list[Impact]) -> list[str]:
    first, *others = same
    if not message:
        return [f"{WORDS[kind]}: {counted(len(same), 'other resource')}"]
    if not others:
        time = f" ({_span(first.minutes)})" if first.minutes else ""
        return [f"{WORDS[kind]}: {first.resource}: {first.operation}{time}", f"  {message}"]
    if kind is Disruption.NOTHING:
        return [f"{WORDS[kind]}: {counted(len(same), 'resource')}: {message}"]
    head = f"{WORDS[kind]}: {counted(len(same), 'resource')}"
    return [head, *(f"  {one.resource}: {one.operation}" for one in same), f"  {message}"]


def _counts(counts: Mapping[str, int]) -> str:
    shown = [(op, n) for op, n in counts.items() if n and op != "read"]
    ordered = sorted(shown, key=lambda one: (one[0] == "same", one[0]))
    return ", ".join(f"{n} {COUNTED.get(op, f'to {op}')}" for op, n in ordered)


def _span(minutes: tuple[int, int]) -> str:
    low, high = minutes
    return f"{low} min to {high // 60} h {high % 60} min" if high > 90 else f"{low} to {high} min"
