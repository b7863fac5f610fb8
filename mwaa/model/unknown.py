"""Values that may be unknown: the third state beside known and known to be absent."""

from collections.abc import Mapping
from enum import Enum
from typing import Any, TypeAlias, TypeVar

from typing_extensions import TypeIs


class Unknown(Enum):
    """The type of ``UNKNOWN``; an enum so that type checkers narrow ``value is UNKNOWN``."""

    UNKNOWN = "unknown"

    def __bool__(self) -> bool:
        raise TypeError("an unknown value is neither true nor false: compare it with UNKNOWN first")


UNKNOWN = Unknown.UNKNOWN

T = TypeVar("T")
Maybe: TypeAlias = T | Unknown
Document: TypeAlias = Mapping[str, Any]


def known(value: Maybe[T]) -> TypeIs[T]:
    """Whether ``value`` can be judged; a type checker narrows both branches."""
    return value is not UNKNOWN


def or_unknown(value: Maybe[T | None]) -> Maybe[T]:
    """A value that must exist: where it is absent, it is only not known yet."""
    return UNKNOWN if value is None else value
