"""Which environment a verb works on: ``--environment NAME``, ``--stack NAME`` or the chosen stack.

A stack is known by its outputs alone (``pulumi stack output --json``), an environment by what the
MWAA API says about it; so verbs also work on environments this project did not create.
"""

import json
import shutil
import subprocess
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mwaa.words import nearest
from ops import credentials
from ops.aws import AwsSession
from ops.errors import RefusedError, code

if TYPE_CHECKING:
    from mypy_boto3_mwaa import MWAAClient
    from mypy_boto3_mwaa.type_defs import EnvironmentTypeDef

PERMISSIONS = ("airflow:GetEnvironment", "airflow:ListEnvironments")
"""What it takes to find an environment, and to name the nearest where there is none."""

# https://docs.aws.amazon.com/mwaa/latest/API/API_Environment.html
ANY_STATUS = frozenset(
    {"CREATING", "CREATE_FAILED", "AVAILABLE", "UPDATING", "DELETING", "DELETED", "UNAVAILABLE"}
    | {"UPDATE_FAILED", "ROLLING_BACK", "CREATING_SNAPSHOT", "PENDING", "MAINTENANCE"}
)
CHANGING = frozenset(
    {"CREATING", "UPDATING", "DELETING", "ROLLING_BACK", "CREATING_SNAPSHOT", "PENDING"}
    | {"MAINTENANCE"}
)
# An environment in these has a bucket, a web server and, after a failed update, its old set.
USABLE = frozenset({"AVAILABLE", "UPDATE_FAILED", "UPDATING", "CREATING_SNAPSHOT", "MAINTENANCE"})
# What the engine prints in the place of a secret.
MASKED = "[secret]"
SCHEME = "ssm:"
"""``ssm:PREFIX`` names an environment by the SSM parameters that its stack writes below the setting
``ssmPrefix``. No environment's name holds a colon, so this begins none."""


class NoStackError(RefusedError):
    """The backend has no stack of this name."""


class NoEnvironmentError(RefusedError):
    """The account has no environment of this name in the region."""


@dataclass(frozen=True)
class Target:
    """One environment: how AWS is asked, its name, GetEnvironment's answer, the stack's outputs."""

    aws: AwsSession
    name: str
    description: "EnvironmentTypeDef"
    outputs: Mapping[str, Any] = field(default_factory=dict)
    stack: str = ""

    @property
    def status(self) -> str:
        """The environment's status when it was read."""
        return str(self.description.get("Status", "UNAVAILABLE"))

    @property
    def bucket(self) -> str:
        """The name of the source bucket."""
        return self.description["SourceBucketArn"].split(":")[-1]

    @property
    def dag_prefix(self) -> str:
        """The key prefix of the DAG folder, with exactly one slash at its end."""
        return self.description.get("DagS3Path", "dags").strip("/") + "/"


def pulumi(*arguments: str, stack: str = "") -> str:
    """What ``pulumi <arguments>`` prints; a ``RefusedError`` with its own words when it fails."""
    program = shutil.which("pulumi")
    if program is None:
        raise RefusedError(
            "the pulumi command is not on PATH, and a stack is known through it: run this in the "
            "project's shell (`make env` prints it), or give --environment NAME"
        )
    chosen = ("--stack", stack) if stack else ()
    done = subprocess.run(
        [program, *arguments, *chosen, "--non-interactive"],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        words = (done.stderr.strip() or done.stdout.strip()).removeprefix("error: ")
        if "no stack named" in words or "no stack selected" in words:
            raise NoStackError(_no_stack(program, stack))
        raise RefusedError(f"pulumi {' '.join(arguments)}: {words}")
    return done.stdout


def _no_stack(program: str, stack: str) -> str:
    listed = subprocess.run(
        [program, "stack", "ls", "--json", "--non-interactive"],
        capture_output=True,
        text=True,
        check=False,
    )
    names = [str(one["name"]) for one in json.loads(listed.stdout or "[]")]
    what = f"there is no stack {stack}" if stack else "no stack is selected"
    near = nearest(stack, names)
    meant = f"; did you mean {near}?" if near else "."
    return (
        f"{what}{meant} Stacks of this project: {', '.join(names) or 'none'}. Give one with "
        "--stack, or an environment of the account with --environment"
    )


def stack_outputs(stack: str) -> Mapping[str, Any]:
    """The outputs of ``stack`` (empty: the selected one); no secret is shown."""
    outputs: Any = json.loads(pulumi("stack", "output", "--json", stack=stack) or "{}")
    if not isinstance(outputs, dict) or "environmentName" not in outputs:
        raise RefusedError(
            f"the stack {stack or '(selected)'} has no output environmentName: it has not been "
            "brought up yet, or it is not a stack of this program. Run `pulumi up` first, or give "
            "--environment NAME"
        )
    return outputs


def resolve(
    *,
    environment: str = "",
    stack: str = "",
    profile: str = "",
    region: str = "",
    statuses: Collection[str] = ANY_STATUS,
) -> Target:
    """The environment that was asked for, in a status the verb is valid in.

    Raises ``RefusedError``: both or an unknown name given (the message has the nearest), another
    account than the stack's, or a status outside ``statuses`` (the message has them).
    """
    if environment and stack:
        raise RefusedError("--environment and --stack exclude each other: give one of them")
    outputs: Mapping[str, Any] = {}
    name = environment
    if not environment:
        outputs = stack_outputs(stack)
        name = str(outputs["environmentName"])
        aws = access_of(stack, place=str(outputs.get("region", "")), profile=profile, region=region)
    else:
        aws = AwsSession(profile=profile, region=region)
    name = name_of(aws, name)
    description = describe(aws, name, outputs, stack)
    target = Target(aws, name, description, outputs, stack)
    if target.status not in statuses:
        advice = (
            f"`mwaa wait --environment {name}` follows it to the end"
            if target.status in CHANGING
            else f"see `mwaa doctor --environment {name}` for the cause"
        )
        raise RefusedError(
            f"environment {name} is {target.status}; this verb needs "
            f"{' or '.join(sorted(statuses))}: {advice}"
        )
    return target


def region_of(stack: str, region: str, asked: str) -> str:
    """The region of ``stack``; ``RefusedError`` where ``--region`` asks for another."""
    if asked and region and asked != region:
        raise RefusedError(
            f"--region {asked}: the stack {stack or '(selected)'} is in {region}. Leave --region "
            "out, or give --environment NAME for an environment of another region"
        )
    return asked or region


def access_of(stack: str, *, place: str, profile: str = "", region: str = "") -> AwsSession:
    """How ``stack``, whose environment lives in region ``place``, is asked: with ``profile``, else
    with the credentials of the stack's own provider (``aws:profile``, ``aws:assumeRoles`` ...)."""
    region_of(stack, place, region)  # refused before the engine is asked
    settings = {} if profile else provider_settings(stack)
    return session_of(settings, stack=stack, place=place, profile=profile, region=region)


def provider_settings(stack: str) -> dict[str, Any]:
    """The settings of the provider (``aws:``) as the engine keeps them; secrets stay in memory."""
    chosen: dict[str, Any] = json.loads(pulumi("config", "--json", stack=stack) or "{}")
    if any(item.get("secret") for key, item in chosen.items() if key.startswith("aws:")):
        chosen = json.loads(pulumi("config", "--json", "--show-secrets", stack=stack))
    return {key: item.get("objectValue", item.get("value")) for key, item in chosen.items()}


def session_of(
    settings: Mapping[str, Any], *, stack: str, place: str, profile: str = "", region: str = ""
) -> AwsSession:
    """As ``access_of``, where the settings of the stack are read already."""
    region = region_of(stack, place, region)
    if profile:
        return AwsSession(profile=profile, region=region)
    prefix = "aws:"
    own = {key.removeprefix(prefix): one for key, one in settings.items() if key.startswith(prefix)}
    if masked := [f"aws:{name}" for name, value in own.items() if value == MASKED]:
        raise RefusedError(
            f"{', '.join(masked)} is secret here, so AWS cannot be asked as the provider does. "
            "Give --profile with access to the stack's account"
        )
    provider = credentials.read(own)
    if provider.not_followed:
        names = ", ".join(f"aws:{name}" for name in provider.not_followed)
        raise RefusedError(
            f"the stack {stack or '(selected)'} sets {names}, which only the provider understands, "
            "so AWS cannot be asked as it does. Give --profile with access to the stack's account"
        )
    return AwsSession(region=region, provider=provider)


def name_of(aws: AwsSession, environment: str) -> str:
    """The environment's name, read below the prefix where ``environment`` is ``ssm:PREFIX``.

    Raises ``RefusedError`` where nothing stands there.
    """
    if not environment.startswith(SCHEME):
        return environment
    from botocore.exceptions import ClientError

    prefix = environment.removeprefix(SCHEME).rstrip("/")
    name = f"{prefix}/environmentName"
    if not prefix.startswith("/"):
        raise RefusedError(
            f"--environment {environment}: allowed is {SCHEME} and a path, as {SCHEME}/mwaa/prod"
        )
    try:
        answer = aws.client("ssm").get_parameter(Name=name)
    except ClientError as error:
        if code(error) != "ParameterNotFound":
            raise
        raise RefusedError(
            f"there is no parameter {name} in {aws.region_name}: set ssmPrefix to {prefix} in the "
            "environment's stack and run `pulumi up`, choose another --region, or give the "
            "environment's name"
        ) from None
    return str(answer["Parameter"]["Value"])


def find(client: "MWAAClient", name: str) -> "EnvironmentTypeDef | None":
    """GetEnvironment's answer for ``name``, or None when there is no such environment.

    The API answers an absent one with ResourceNotFoundException:
    https://docs.aws.amazon.com/mwaa/latest/API/API_GetEnvironment.html
    """
    from botocore.exceptions import ClientError

    try:
        return client.get_environment(Name=name)["Environment"]
    except ClientError as error:
        if code(error) == "ResourceNotFoundException":
            return None
        raise


def find_of_stack(
    aws: AwsSession, name: str, outputs: Mapping[str, Any], stack: str
) -> "EnvironmentTypeDef | None":
    """The same for the environment of a stack with these outputs. ``RefusedError`` where the
    credentials are those of another account, which may have an environment of the same name."""
    found = find(aws.mwaa, name)
    wanted = str(outputs.get("accountId") or "")
    if not wanted:
        return found
    arn = found.get("Arn") if found else None
    asked = arn.split(":")[4] if arn else str(aws.client("sts").get_caller_identity()["Account"])
    if asked != wanted:
        raise _wrong_account(stack, wanted, asked)
    return found


def require_account(aws: AwsSession, stack: str, settings: Mapping[str, Any]) -> None:
    """Raises ``RefusedError`` where the settings of a stack keep it out of the account that the
    credentials belong to: ``mwaa:expectedAccount``, and the provider's own."""
    expected = str(settings.get("mwaa:expectedAccount") or "")
    allowed, forbidden = (
        credentials.accounts(settings.get(f"aws:{name}AccountIds"))
        for name in ("allowed", "forbidden")
    )
    if not (expected or allowed or forbidden):
        return
    asked = str(aws.client("sts").get_caller_identity()["Account"])
    if expected not in ("", asked):
        raise _wrong_account(stack, expected, asked)
    if (allowed and asked not in allowed) or asked in forbidden:
        raise _wrong_account(stack, " or ".join(sorted(allowed)) or "another", asked)


def _wrong_account(stack: str, wanted: str, asked: str) -> RefusedError:
    return RefusedError(
        f"the stack {stack or '(selected)'} belongs to account {wanted}, and the credentials to "
        f"account {asked}. Sign in to the stack's, or give --profile with access to it"
    )


def describe(
    aws: AwsSession, name: str, outputs: Mapping[str, Any] | None = None, stack: str = ""
) -> "EnvironmentTypeDef":
    """GetEnvironment's answer for ``name``; if there is none, a refusal with the nearest names.
    ``outputs`` are those of the environment's ``stack``."""
    found = find_of_stack(aws, name, outputs or {}, stack)
    if found is None:
        raise NoEnvironmentError(_nearest(aws, name))
    return found


def environments(aws: AwsSession) -> list[str]:
    """The names of all environments of the account and region."""
    pages = aws.mwaa.get_paginator("list_environments").paginate()
    return sorted(name for page in pages for name in page["Environments"])


def _nearest(aws: AwsSession, name: str) -> str:
    names = environments(aws)
    where = aws.region_name
    if not names:
        return f"no environment {name} in {where}: there is none at all; is it another region?"
    near = nearest(name, names, most=3) or " or ".join(names[:10])
    return f"no environment {name} in {where}; did you mean {near}?"
