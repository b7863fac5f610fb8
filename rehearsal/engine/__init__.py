"""The Pulumi engine for rehearsal: found, installed or built, and kept in the user's cache.

In this order: a suitable `pulumi` on PATH; one cached earlier; the official installer; a build
from the Go module. Only the last needs minutes, and it happens once per user and version.
"""

from rehearsal.engine.engine import Engine, EngineError, find

__all__ = ["Engine", "EngineError", "find"]
