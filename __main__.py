"""The program: the settings of a stack become the platform, the platform's outputs the stack's."""

import pulumi

from components import stack
from components.platform import Platform, PlatformArgs


async def program() -> pulumi.Inputs:
    """Reads the stack, builds the platform, returns what ``mwaa.outputs`` documents."""
    settings = stack.settings()
    previous = await stack.previous_guards()
    return Platform("mwaa", PlatformArgs(settings=settings, previous=previous)).outputs


pulumi.run(program)
