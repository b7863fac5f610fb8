"""``mwaa doctor``: is the running environment healthy, by the plan's rules?

Reads only. What may not be read is reported as skipped with the missing permission, never as a
pass. Configuration option values, tokens and secrets are never printed. A stack whose environment
does not exist yet is judged by what can be known before a create.
"""

import json
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import Annotated, Any, Final

import typer

from mwaa.model.platform import Platform
from mwaa.settings.load import Settings
from mwaa.words import counted
from ops import options
from ops.aws import AwsSession
from ops.commands.doctor import planned
from ops.commands.doctor.drifted import GONE, Drift, drifts
from ops.commands.doctor.fleet import Fleet, all_of
from ops.commands.doctor.result import Diagnosis
from ops.commands.doctor.selection import DRIFT, applicable, named, narrowed, settled
from ops.commands.doctor.selection import waivers as of_project
from ops.errors import RefusedError
from ops.live import platform as live
from ops.live.calls import PERMISSIONS as READS
from ops.live.reader import AwsReader
from ops.live.rights import rights_to_create
from ops.stack import file_of, of_file
from ops.target import (
    ANY_STATUS,
    NoStackError,
    Target,
    access_of,
    describe,
    find,
    find_of_stack,
    name_of,
    provider_settings,
    pulumi,
    require_account,
    resolve,
    session_of,
)
from ops.terminal import duration, painted, say
from policy.profiles import ADVISORY
from policy.rules.catalog import judge
from policy.rules.rule import Stage
from policy.waivers import Waivers

PERMISSIONS = READS
STATUSES = ANY_STATUS
EXAMPLES = (
    "mwaa doctor --stack prod",
    "mwaa doctor --environment prod --format sarif > doctor.sarif",
    "mwaa doctor --all --format json",
    "mwaa doctor --environment prod --only mwaa-network-webserver-private",
)


class ReportFormat(StrEnum):
    """``--format`` of the doctor."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"


class Rules(StrEnum):
    """``--rules`` of the doctor: the same names as the policy pack's profiles."""

    PRIVATE = "private"
    NO_INTERNET = "no-internet"
    ADVISORY = ADVISORY


@dataclass(frozen=True)
class Inspected:
    """What is to be judged: a running environment, or the settings of one to be created."""

    aws: AwsSession
    name: str
    described: Mapping[str, Any]
    outputs: Mapping[str, Any] = field(default_factory=dict)
    settings: Settings | None = None

    @property
    def stage(self) -> Stage:
        """A stack's settings are all there is before a create."""
        return Stage.BEFORE if self.settings else Stage.AFTER

    @property
    def is_gone(self) -> bool:
        """Whether the stack made the environment, and the account has it no longer."""
        return self.settings is not None and bool(self.outputs)


def run(
    environments: options.Environments = None,
    stacks: options.Stacks = None,
    every: Annotated[
        bool, typer.Option("--all", help="Every environment of the account and region.")
    ] = False,
    rules: Annotated[
        Rules,
        typer.Option("--rules", metavar="SET", help="private (default), no-internet or advisory."),
    ] = Rules.PRIVATE,
    only: Annotated[
        list[str] | None, typer.Option("--only", help="Judge this rule only; may be repeated.")
    ] = None,
    skip: Annotated[
        list[str] | None, typer.Option("--skip", help="Leave this rule out; may be repeated.")
    ] = None,
    passes: Annotated[bool, typer.Option("--passes", help="Name the rules that passed.")] = False,
    profile: options.Profile = "",
    region: options.Region = "",
    form: Annotated[
        ReportFormat, typer.Option("--format", help="Form of the report.")
    ] = ReportFormat.TEXT,
) -> None:
    """Reads the environment, its network, bucket, key, role, logs, metrics and account, and judges
    them; of a stack that was never brought up, what a create will meet. A stack's outputs are
    compared with the account (mwaa-drift, which --only and --skip know too). Exit 0: healthy; 1: a
    mandatory rule failed, or an output has drifted; 2: the doctor could not run; 3: a mandatory
    rule could not be judged. With --rules advisory 0 or, where it could not run, 2. Works on
    environments that this project did not create. What waivers.yaml accepts fails nothing. Several
    are examined at once: what they share is read once, and the exit code is 1 where one is broken,
    else 2 where one could not be examined, else 3 where one is not known."""
    start = time.monotonic()
    named(only or [], skip or [])
    _profile_of_aws(profile)
    judging = partial(examine, rules=rules, only=only or [], skip=skip or [], waivers=of_project())
    if every or len(environments or []) + len(stacks or []) > 1:
        fleet = _fleet(environments or [], stacks or [], every, profile, region, judging)
        _report(form, fleet, passes)
        say(f"{counted(fleet.calls, 'AWS call')} in {duration(time.monotonic() - start)}")
        raise typer.Exit(fleet.code)
    inspected = _inspected((environments or [""])[0], (stacks or [""])[0], profile, region)
    aws = AwsReader(inspected.aws)
    with _progress(aws, f"reading {inspected.name} and what stands around it"):
        found = judging(inspected, aws)
    _report(form, found, passes)
    say(f"{counted(aws.calls, 'AWS call')} in {duration(time.monotonic() - start)}")
    raise typer.Exit(found.code)


def _report(form: ReportFormat, found: Diagnosis | Fleet, passes: bool) -> None:
    if form is ReportFormat.JSON:
        print(json.dumps(found.document(), indent=2, default=str))
    elif form is ReportFormat.SARIF:
        print(json.dumps(found.sarif(), indent=2))
    else:
        print(painted(found.text(passes=passes)), end="")
    for words in found.unused_waivers if isinstance(found, Diagnosis) else ():
        say(words)


def _fleet(
    environments: list[str],
    stacks: list[str],
    every: bool,
    profile: str,
    region: str,
    judging: Callable[[Inspected, AwsReader], Diagnosis],
) -> Fleet:
    """Several environments, stacks, or all of the account and region."""
    if every and (environments or stacks):
        raise RefusedError(
            "--all means every environment of the account and region: give it without "
            "--environment and --stack"
        )
    account = AwsSession(profile=profile, region=region)
    asked = [name_of(account, one) for one in environments]
    names = all_of(account) if every else list(dict.fromkeys((*asked, *stacks)))
    fleet = Fleet()

    def one(name: str) -> Diagnosis:
        inspected = (
            _inspected("", name, profile, region)
            if name in stacks
            else Inspected(account, name, {**describe(account, name)})
        )
        return judging(inspected, fleet.reader(inspected.aws))

    say(f"reading {counted(len(names), 'environment')} and what stands around them")
    fleet.examine(names, one, PERMISSIONS)
    return fleet


_IN_TURN: Final = threading.Lock()
"""Reading waits for AWS, and several do so at once; judging computes, and several at once would
only take the interpreter from each other."""


def examine(
    inspected: Inspected,
    aws: AwsReader,
    rules: Rules = Rules.PRIVATE,
    only: list[str] | None = None,
    skip: list[str] | None = None,
    waivers: Waivers | None = None,
) -> Diagnosis:
    """Reads what stands around the inspected, and judges it."""
    stage = inspected.stage
    before = stage is Stage.BEFORE
    wanted = rights_to_create if before else None
    platform: Platform = live.read(aws, inspected.described, wanted=wanted, written=not before)
    if inspected.settings:
        platform = planned.with_own_parts(platform, inspected.settings)
    chosen = narrowed(applicable(stage, rules.value), only or [], skip or [])
    compared = inspected.outputs and DRIFT not in (skip or []) and (not only or DRIFT in only)
    known = waivers or Waivers()
    with _IN_TURN:
        marked = known.apply(judge(platform, chosen), platform)
    judged, waiting = settled(marked, stage, blind=bool(aws.denied))
    return Diagnosis(
        name=inspected.name,
        stage=stage,
        status=_status(inspected),
        judgments=judged,
        denied=platform.denied,
        drifts=_drifts(inspected, platform) if compared else (),
        waiting=waiting,
        error=(inspected.described.get("LastUpdate") or {}).get("Error") or {},
        advisory=rules is Rules.ADVISORY,
        unused_waivers=tuple(known.unused(judged)),
    )


def _status(inspected: Inspected) -> str:
    absent = "gone" if inspected.is_gone else "not created yet"
    return str(inspected.described.get("Status") or absent)


def _drifts(inspected: Inspected, platform: Platform) -> tuple[Drift, ...]:
    if inspected.is_gone:
        return (Drift("environmentName", inspected.outputs["environmentName"], GONE),)
    return drifts(inspected.outputs, inspected.described, platform)


def _profile_of_aws(profile: str) -> None:
    """Raises ``RefusedError`` where ``--profile`` names a set of rules and no profile of AWS."""
    if profile in set(Rules) and profile not in AwsSession().core.available_profiles:
        raise RefusedError(
            f"--profile {profile}: this machine has no AWS profile of that name. For the set of "
            f"rules write --rules {profile}"
        )


def _inspected(environment: str, stack: str, profile: str, region: str) -> Inspected:
    """The environment that was asked for; a stack without one is judged by its settings."""
    if environment:
        return _running(
            resolve(environment=environment, stack=stack, profile=profile, region=region)
        )
    initialized = True
    try:
        outputs: Any = json.loads(pulumi("stack", "output", "--json", stack=stack) or "{}")
    except NoStackError:
        if not file_of(stack).is_file():
            raise
        outputs, initialized = {}, False
        say(f"no stack {stack} yet: {file_of(stack)} says what would be created")
    name = outputs.get("environmentName")
    if name:
        place = str(outputs.get("region", ""))
        aws = access_of(stack, place=place, profile=profile, region=region)
        described = find_of_stack(aws, str(name), outputs, stack)
        if described is not None:
            return Inspected(aws, str(name), {**described}, outputs)
    found = planned.settings(stack, initialized=initialized)
    # A stack that the engine does not know yet says in its file how AWS is asked.
    access = provider_settings(stack) if initialized else of_file(stack)
    aws = session_of(access, stack=stack, place=found.region, profile=profile, region=region)
    if not name:
        require_account(aws, stack, access)
    described = find(aws.mwaa, found.environment_name)
    if described is not None and not name:
        # Somebody else's, or the rest of a create that failed: the name is not free.
        say(f"an environment {found.environment_name} exists, which this stack does not know")
    return Inspected(
        aws, found.environment_name, planned.described(found), outputs if name else {}, found
    )


def _running(target: Target) -> Inspected:
    return Inspected(target.aws, target.name, {**target.description}, target.outputs)


@contextmanager
def _progress(aws: AwsReader, words: str) -> Iterator[None]:
    """What is being read: redrawn in a terminal, one line elsewhere."""
    if not sys.stderr.isatty():
        say(words)
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(words) as status:

        def watch(service: str, operation: str) -> None:
            status.update(
                f"{words}: {service} {operation.replace('_', ' ')} ({counted(aws.calls, 'call')})"
            )

        aws.watch = watch
        yield
