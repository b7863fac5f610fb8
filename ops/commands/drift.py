"""``mwaa drift``: does the account still hold what the state says?

The state is read from ``pulumi stack export``, the account from GetEnvironment; nothing is written,
unlike by ``pulumi refresh``.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from textwrap import indent
from typing import Annotated, Any

import typer

from mwaa.service.api_names import LOG_PROPERTIES, PROPERTIES
from mwaa.words import counted
from ops import options
from ops.commands.impact.disruption import ENVIRONMENT
from ops.errors import RefusedError
from ops.fleet import several
from ops.target import ANY_STATUS, NoEnvironmentError, Target, pulumi, resolve, stack_outputs
from ops.terminal import Format, emit, say

PERMISSIONS = ("airflow:GetEnvironment", "airflow:ListEnvironments")
STATUSES = ANY_STATUS
EXAMPLES = (
    "mwaa drift --stack prod",
    "mwaa drift --stack dev --stack prod --format json",
    "mwaa drift --all",
)

# Compared as they are; what is absent on both sides agrees.
FIELDS = {name: api for name, api in PROPERTIES.items() if name != "airflowConfigurationOptions"}


@dataclass(frozen=True)
class Difference:
    """One field: what the state says, what the account says. No value of an option is in it."""

    field: str
    state: Any
    account: Any


@dataclass(frozen=True)
class Compared:
    """One stack's environment: where it differs, and who updated it last, and when; nobody where it
    is gone."""

    environment: str
    differences: list[Difference]
    by: str
    when: str

    @property
    def is_gone(self) -> bool:
        """Whether the account has the environment no longer."""
        return not self.by

    def document(self) -> dict[str, Any]:
        """The same as a JSON object."""
        return {
            "environment": self.environment,
            "differences": [asdict(one) for one in self.differences],
            "last_update": {"by": self.by, "when": self.when},
        }


def run(
    stacks: options.Stacks = None,
    every: Annotated[
        bool, typer.Option("--all", help="Every stack of this project that was brought up.")
    ] = False,
    profile: options.Profile = "",
    region: options.Region = "",
    form: options.Form = Format.TEXT,
) -> None:
    """Compares every field of the environment and says whether the service or a user updated it
    last. Exit 0: they agree; 1: they differ. `pulumi up --refresh` brings the account back to the
    program. Several stacks are compared at once, with one exit code: 1 where any differs, else 2
    where one could not be compared."""
    found = several.each(
        several.stacks(every, stacks), lambda one: compare(one, profile, region), PERMISSIONS
    )
    if len(found) == 1 and found[0].result:
        only = found[0].result
        emit(form, only.document(), lambda: _words(only))
    else:
        emit(
            form,
            {"stacks": [_document(one) for one in found]},
            lambda: "\n\n".join(
                [*map(_part, found), several.summary("stack", map(_verdict, found))]
            ),
        )
    ended = several.exit_code(
        2 if one.result is None else int(bool(one.result.differences)) for one in found
    )
    if ended:
        raise typer.Exit(ended)


def compare(stack: str, profile: str = "", region: str = "") -> Compared:
    """The state of ``stack`` and the account."""
    try:
        target = resolve(stack=stack, profile=profile, region=region, statuses=STATUSES)
    except NoEnvironmentError:
        name = str(stack_outputs(stack)["environmentName"])
        return Compared(name, [Difference("environment", name, None)], "", "")
    state = _state(_exported(stack), target.name)
    return Compared(target.name, differences(state, {**target.description}), *_last_update(target))


def _verdict(one: several.Outcome[Compared]) -> str:
    if one.result is None:
        return "not compared"
    return "that differ" if one.result.differences else "as the state says"


def _document(one: several.Outcome[Compared]) -> dict[str, Any]:
    if one.result is None:
        return {"stack": one.name, "not_compared": one.refusal}
    return {"stack": one.name, **one.result.document()}


def _part(one: several.Outcome[Compared]) -> str:
    words = _words(one.result) if one.result else f"NOT COMPARED: {one.refusal}"
    return f"{one.name}:\n{indent(words, '  ')}"


def _exported(stack: str) -> Any:
    """The state; decrypted in memory alone, where the stack's secrets provider lets this caller."""
    try:
        text = pulumi("stack", "export", "--show-secrets", stack=stack)
    except RefusedError:
        text = pulumi("stack", "export", stack=stack)
        say("the state's secrets cannot be decrypted here: configuration options are not compared")
    return json.loads(text)


def _state(exported: Any, name: str) -> Mapping[str, Any]:
    for resource in exported.get("deployment", {}).get("resources", []):
        outputs = resource.get("outputs", {})
        if resource.get("type") == ENVIRONMENT and outputs.get("name") == name:
            return {**outputs}
    raise RefusedError(f"the state holds no environment {name}; is it the right stack?")


def differences(state: Mapping[str, Any], account: Mapping[str, Any]) -> list[Difference]:
    """Every field in which state and account differ, in the order of their names."""
    found = [
        Difference(field, state.get(field), account.get(member))
        for field, member in FIELDS.items()
        if (state.get(field) or None) != (account.get(member) or None)
        and not (field == "dagS3Path" and _folder(state, field) == _folder(account, member))
    ]
    found += _network(state, account)
    found += _logging(state, account)
    found += _options(state, account)
    tags = {**(state.get("tagsAll") or state.get("tags") or {})}
    actual = {
        key: value
        for key, value in (account.get("Tags") or {}).items()
        if not key.startswith("aws:")  # put there by AWS, invisible to the provider
    }
    found += [
        Difference(f"tags.{key}", tags.get(key), actual.get(key))
        for key in sorted(tags.keys() | actual.keys())
        if tags.get(key) != actual.get(key)
    ]
    return sorted(found, key=lambda one: one.field)


def _folder(values: Mapping[str, Any], name: str) -> str:
    return str(values.get(name) or "").strip("/")


def _network(state: Mapping[str, Any], account: Mapping[str, Any]) -> list[Difference]:
    mine = state.get("networkConfiguration") or {}
    actual = account.get("NetworkConfiguration") or {}
    pairs = (("subnetIds", "SubnetIds"), ("securityGroupIds", "SecurityGroupIds"))
    return [
        Difference(f"networkConfiguration.{one}", sorted(mine.get(one) or ()), sorted(other))
        for one, member in pairs
        if sorted(mine.get(one) or ()) != sorted(other := actual.get(member) or ())
    ]


def _logging(state: Mapping[str, Any], account: Mapping[str, Any]) -> list[Difference]:
    mine = state.get("loggingConfiguration") or {}
    actual = account.get("LoggingConfiguration") or {}
    found: list[Difference] = []
    for module, member in LOG_PROPERTIES.items():
        here, there = mine.get(module) or {}, actual.get(member) or {}
        pair = (
            here.get("logLevel") if here.get("enabled") else "OFF",
            there.get("LogLevel") if there.get("Enabled") else "OFF",
        )
        if pair[0] != pair[1]:
            found.append(Difference(f"loggingConfiguration.{module}", *pair))
    return found


def _options(state: Mapping[str, Any], account: Mapping[str, Any]) -> list[Difference]:
    mine = _plain(state.get("airflowConfigurationOptions") or {})
    if "ciphertext" in mine:
        return []  # encrypted as a whole: neither names nor values can be compared
    actual = account.get("AirflowConfigurationOptions") or {}
    found: list[Difference] = []
    for name in sorted(mine.keys() | actual.keys()):
        value = _plain(mine.get(name))
        if isinstance(value, Mapping) and "ciphertext" in value and name in actual:
            continue
        if value != actual.get(name):
            here, there = ("set" if name in one else "not set" for one in (mine, actual))
            if here == there:
                there = "set to another value"
            found.append(Difference(f"airflowConfigurationOptions.{name}", here, there))
    return found


def _plain(value: Any) -> Any:
    """What a decrypted secret of the state holds; anything else as it is."""
    if isinstance(value, Mapping) and "plaintext" in value:
        return json.loads(value["plaintext"])
    return value


def _last_update(target: Target) -> tuple[str, str]:
    """Who updated the environment last, in words, and when."""
    last = target.description.get("LastUpdate", {})
    source = str(last.get("Source", ""))
    who = "nobody yet" if not last else "a user or program through the API"
    # The service names itself where maintenance or a repair changed the environment.
    if any(word in source.lower() for word in ("maintenance", "amazonaws.com", "service", "mwaa")):
        who = f"the service ({source})"
    elif source:
        who = f"{who} ({source})"
    when = last.get("CreatedAt")
    return who, when.isoformat() if when else ""


def _words(found: Compared) -> str:
    if found.is_gone:
        return (
            f"{found.environment} is gone from the account, and its metadata database with it: "
            "`pulumi up --refresh` makes a new one"
        )
    lines = [
        f"{one.field}: state {one.state!r}, account {one.account!r}" for one in found.differences
    ]
    verdict = (
        f"{counted(len(lines), 'difference')}: `pulumi up --refresh` goes back to the program, "
        "`pulumi refresh` accepts the account"
        if lines
        else f"{found.environment} is as the state says"
    )
    return "\n".join([*lines, verdict, f"last update: {found.by} {found.when}".rstrip()])
