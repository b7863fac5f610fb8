"""How patches hold on to moto: by wrapping one named method, and saying so when it is gone."""

import functools
from collections.abc import Callable
from typing import Any

from rehearsal.emulator.registry import SeamError

SEAMS: list[str] = []
"""Every method of moto that a patch wraps, as ``module.Class.method``, in order of wrapping."""


def around(owner: type, name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Decorator: the function replaces ``owner.name`` and gets the original first.

    Raises SeamError when moto no longer has the method; wrapping twice changes nothing.
    """
    seam = f"{owner.__module__}.{owner.__name__}.{name}"

    def replace(function: Callable[..., Any]) -> Callable[..., Any]:
        original = getattr(owner, name, None)
        if original is None:
            raise SeamError(
                f"moto no longer has {seam}, which {function.__module__} patches: look whether "
                "the patch is still needed"
            )
        if getattr(original, "patched_by", None) == function.__module__:
            return function

        @functools.wraps(original)
        def patched(*args: Any, **kwargs: Any) -> Any:
            return function(original, *args, **kwargs)

        patched.patched_by = function.__module__  # type: ignore[attr-defined]
        setattr(owner, name, patched)
        SEAMS.append(seam)
        return function

    return replace
