"""The two keys to destroying data: a resource option for everything whose loss cannot be undone."""

from typing import Any

import pulumi


def data_options(
    parent: pulumi.Resource, *, protect: bool, force_destroy: bool, **more: Any
) -> pulumi.ResourceOptions:
    """Options of a resource that holds data, or that data needs to stay readable and private.

    With ``protect`` the engine refuses to delete it. Without, ``force_destroy`` still decides: when
    it is off, the resource leaves the stack and stays in the account.
    """
    return pulumi.ResourceOptions(
        parent=parent, protect=protect, retain_on_delete=not force_destroy, **more
    )
