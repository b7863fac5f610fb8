"""What the real tools made of delivered files: uv resolved them, Airflow imported them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mwaa.model.unknown import UNKNOWN, Maybe


@dataclass(frozen=True, kw_only=True)
class Fault:
    """Something wrong in a file, ``line`` 0 where it is about all of it."""

    file: str
    line: int
    what: str


@dataclass(frozen=True, kw_only=True)
class Trial:
    """What the tools said (files only). Unknown values stand for what was not tried; ``untried``
    says why, by the name of the value.

    ``conflict`` is the resolver's explanation, None where all fits. ``packages`` are what is
    installed beside the image's own, by name. ``import_faults`` are what Airflow could not import
    or serialize, ``old_uses`` what its newer major took away, ``dags`` the number it found.
    """

    conflict: Maybe[str | None] = UNKNOWN
    packages: Maybe[Mapping[str, str]] = UNKNOWN
    import_faults: Maybe[tuple[Fault, ...]] = UNKNOWN
    old_uses: Maybe[tuple[Fault, ...]] = UNKNOWN
    dags: int = 0
    untried: Mapping[str, str] = field(default_factory=dict)
