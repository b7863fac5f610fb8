"""What the program reads of its own stack: the settings, what it was last deployed with, and which
change of that it refuses."""

import asyncio
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pulumi
import pulumi_aws as aws
from pulumi.runtime.config import get_config_env, get_config_secret_keys_env

from mwaa.imports import quick_imports
from mwaa.service.artifacts import KEYS
from mwaa.settings.load import Settings
from mwaa.settings.problems import SettingsError
from mwaa.settings.replacement import ReplacementError, guards_of, refuse, refuse_ended, rises


def settings() -> Settings:
    """The stack's settings, judged. Prints advice; ends the program with all problems at once.

    The whole configuration is read, not single keys, so that an unknown key is refused too.
    """
    prefix = f"{pulumi.get_project()}:"
    configuration = get_config_env()
    try:
        found = Settings.load(
            {k.removeprefix(prefix): v for k, v in configuration.items() if k.startswith(prefix)},
            region=configuration.get("aws:region", ""),
            base=Path(pulumi.get_root_directory()),
            secrets=[
                k.removeprefix(prefix) for k in get_config_secret_keys_env() if k.startswith(prefix)
            ],
        )
    except SettingsError as error:
        # A RunError ends the program with its message alone, without a traceback.
        raise pulumi.RunError(str(error)) from None
    for advice in found.warnings:
        pulumi.log.warn(advice)
    return found


def provider_settings() -> dict[str, str]:
    """The settings of the AWS provider by their names without ``aws:``; some are secret."""
    prefix = "aws:"
    return {
        key.removeprefix(prefix): value
        for key, value in get_config_env().items()
        if key.startswith(prefix)
    }


# The provider's settings that say who asks AWS and by which way: texts, and those that the engine
# hands on as JSON. Not among them: where it works, in which accounts it may, and its tags.
_TEXTS: Final = frozenset(
    {"profile", "accessKey", "secretKey", "token", "stsRegion", "customCaBundle", "httpProxy"}
    | {"httpsProxy", "noProxy", "ec2MetadataServiceEndpoint", "ec2MetadataServiceEndpointMode"}
)
_JSON: Final = frozenset(
    {"sharedConfigFiles", "sharedCredentialsFiles", "assumeRoleWithWebIdentity", "endpoints"}
    | {"insecure", "useDualstackEndpoint", "useFipsEndpoint", "skipCredentialsValidation"}
    | {"skipMetadataApiCheck", "skipRequestingAccountId"}
)


def provider_as(role: str, *, region: str) -> aws.ProviderArgs:
    """A provider that asks as the stack's own does and then assumes ``role``.

    The engine gives the settings of a stack to its default providers alone.
    https://www.pulumi.com/docs/iac/concepts/resources/providers (read 2026-11-27)
    """
    given = provider_settings()
    secret = {key.removeprefix("aws:") for key in get_config_secret_keys_env()}
    kept: dict[str, Any] = {name: given[name] for name in _TEXTS if given.get(name)}
    kept |= {name: json.loads(given[name]) for name in _JSON if given.get(name)}
    inputs = {
        re.sub("([A-Z])", r"_\1", name).lower(): (
            pulumi.Output.secret(value) if name in secret else value
        )
        for name, value in kept.items()
    }
    own = json.loads(given.get("assumeRoles") or "[]")
    return aws.ProviderArgs(
        region=region, assume_roles=[*own, aws.ProviderAssumeRoleArgs(role_arn=role)], **inputs
    )


def account(opts: pulumi.InvokeOptions | None = None, *, expected: str = "") -> str:
    """The account of the provider's credentials; without an answer the program ends in one line,
    and so it does where the answer is not the ``expected`` one."""
    try:
        found = aws.get_caller_identity(opts=opts).account_id
    except Exception as error:
        # The SDK's invokes fail with bare exceptions, whose traceback shows only this program.
        raise pulumi.RunError(
            f"the AWS provider does not say in which account it works: {error}"
        ) from None
    if expected and found != expected:
        raise pulumi.RunError(
            f'mwaa:expectedAccount: the credentials belong to account "{found}". Allowed: '
            f'"{expected}". Why: another account would get a second platform, or its names. Do: '
            "sign in to the expected account (aws:profile, aws:assumeRoles or AWS_PROFILE), or "
            "correct the setting; nothing else was asked of AWS."
        )
    return found


def loading() -> "asyncio.Future[None]":
    """The SDK's modules that components are made of, loaded in a thread from now on: while the
    provider starts and answers, there is time for what else would follow it."""
    return asyncio.get_running_loop().run_in_executor(None, _load)


def _load() -> None:
    with quick_imports():
        for module in (aws.ec2, aws.s3, aws.cloudwatch, aws.iam, aws.kms, aws.mwaa, aws.vpc):
            # The SDK loads a module at the first look at one of its names.
            hasattr(module, "outputs")


@dataclass(frozen=True, kw_only=True)
class Previous:
    """What this stack's environment was last deployed with; all are None before it exists.

    ``guards`` is the output ``replacementGuards``, ``fingerprint`` ``environmentFingerprint``,
    ``status`` the output of that name and ``address`` ``webserverUrl``. ``deployed_artifacts`` are
    the kinds of artifacts that it has.
    """

    guards: Mapping[str, Any] | None
    fingerprint: str | None
    status: str | None
    address: str | None
    deployed_artifacts: frozenset[str] = frozenset()


async def previous() -> Previous:
    """Reads the stack's own outputs back, which only a StackReference can."""
    name = "/".join((pulumi.get_organization(), pulumi.get_project(), pulumi.get_stack()))
    reference = pulumi.StackReference("previous", stack_name=name)

    async def read(output: str) -> Any:
        details = await reference.get_output_details(output)
        return details.value or details.secret_value

    return Previous(
        guards=await read("replacementGuards"),
        fingerprint=await read("environmentFingerprint"),
        status=await read("status"),
        address=await read("webserverUrl"),
        deployed_artifacts=frozenset([kind for kind in KEYS if await read(f"{kind}Version")]),
    )


def refuse_changes(
    settings: Settings, previous: Mapping[str, Any] | None, running: str | None = None
) -> None:
    """Ends the program where a change would replace the environment that is deployed, or asks for
    a version that MWAA gives to no environment any more.

    ``previous`` are the guards that the stack was last deployed with, ``running`` is the version of
    its environment where that was asked. AWS is not asked here.
    """
    try:
        refuse(previous, guards_of(settings), allowed=settings.allow_replacement, running=running)
        refuse_ended(settings.airflow_version, previous, adopts=settings.adopt_environment)
    except ReplacementError as error:
        raise pulumi.RunError(str(error)) from None


def refuse_early(settings: Settings, previous: Mapping[str, Any] | None) -> None:
    """The same before the first call of AWS, but for a later major version: what becomes of that
    depends on the version that the environment runs now."""
    if not rises(previous, settings.airflow_version):
        refuse_changes(settings, previous)
