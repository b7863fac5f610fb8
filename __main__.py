"""The program: the settings of a stack become the platform, the platform's outputs the stack's."""

import pulumi

from components import stack
from components.platform import Platform, PlatformArgs
from ops.hooks import LastLook, airflow_provider


async def program() -> pulumi.Inputs:
    """Reads the stack, builds the platform, returns what ``mwaa.settings.outputs`` documents."""
    settings = stack.settings()
    loaded = stack.loading()
    previous = await stack.previous()
    stack.refuse_early(settings, previous.guards)
    account = stack.account(expected=settings.expected_account)
    await loaded
    hooks = LastLook.of(settings, account=account, provider=stack.provider_settings())
    wanted = settings.airflow_version
    running = await hooks.running_version(previous.guards, wanted) if hooks else None
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
            airflow_provider=airflow_provider(settings),
        ),
    ).outputs
    if hooks is None:
        return outputs
    return hooks.settled(outputs, before=previous.status, address=previous.address)


pulumi.run(program)
