"""The program: the settings of a stack become the platform, the platform's outputs the stack's."""

import pulumi

from components import stack
from components.platform import Platform, PlatformArgs
from day2.hooks import LastLook


async def program() -> pulumi.Inputs:
    """Reads the stack, builds the platform, returns what ``mwaa.outputs`` documents."""
    settings = stack.settings()
    previous = await stack.previous_guards()
    if not settings.last_look:
        return Platform("mwaa", PlatformArgs(settings=settings, previous=previous)).outputs
    look = LastLook(
        environment=settings.environment_name,
        region=settings.region,
        customer_endpoints=settings.endpoint_management == "CUSTOMER",
        profile=pulumi.Config("aws").get("profile") or "",
    )
    outputs = Platform(
        "mwaa",
        PlatformArgs(
            settings=settings,
            previous=previous,
            hooks=look.for_environment(),
            endpoint_hooks=look.for_last_endpoint(),
        ),
    ).outputs
    awaited = {name: outputs[name] for name in ("status", "environmentArn", "endpointIds")}
    return outputs | {"status": look.settled(awaited)}


pulumi.run(program)
