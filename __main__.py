"""The program: the settings of a stack become the platform, the platform's outputs the stack's."""

import pulumi

from components import stack
from components.platform import Platform, PlatformArgs, refuse_early
from ops.hooks import LastLook


async def program() -> pulumi.Inputs:
    """Reads the stack, builds the platform, returns what ``mwaa.settings.outputs`` documents."""
    settings = stack.settings()
    loaded = stack.loading()
    previous = await stack.previous()
    refuse_early(settings, previous.guards)
    account = stack.account(expected=settings.expected_account)
    await loaded
    hooks = LastLook.of(settings, account=account, provider=stack.provider_settings())
    running = (
        await hooks.running_version(previous.guards, settings.airflow_version) if hooks else None
    )
    outputs = Platform(
        "mwaa",
        PlatformArgs(
            settings=settings,
            account=account,
            previous=previous.guards,
            deployed=previous.fingerprint,
            deployed_artifacts=previous.deployed_artifacts,
            running_version=running,
            hooks=hooks.for_environment() if hooks else None,
            endpoint_hooks=hooks.for_last_endpoint() if hooks else None,
        ),
    ).outputs
    if hooks is None:
        return outputs
    return hooks.settled(outputs, before=previous.status, address=previous.address)


pulumi.run(program)
