"""Which provider plugins a virtual environment's packages ask for.

Every Pulumi SDK carries a `pulumi-plugin.json` in its package directory; reading those files
takes milliseconds where listing packages with pip takes seconds.
"""

from __future__ import annotations

import json
import sysconfig
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Plugin:
    """A provider plugin: name, version without a leading v, and where to download it."""

    name: str
    version: str
    server: str = ""


def site_packages(python: Path | None = None) -> list[Path]:
    """The package directories of `python`'s virtual environment; None means this interpreter."""
    if python is None:
        paths = sysconfig.get_paths()
        return sorted({Path(paths["purelib"]), Path(paths["platlib"])})
    root = python.parent.parent
    return sorted([*root.glob("lib*/python3*/site-packages"), *root.glob("Lib/site-packages")])


def required_plugins(directories: Sequence[Path]) -> Iterator[Plugin]:
    """The resource plugins named by the packages in `directories`, each name once.

    A file that is not a JSON object is a broken installation, not a plugin: it is passed over, and
    the engine then reports the plugin it misses by name.
    """
    seen: set[str] = set()
    for directory in directories:
        for file in sorted(directory.glob("*/pulumi-plugin.json")):
            try:
                facts = json.loads(file.read_text(encoding="utf-8"))
            except (OSError, ValueError):
                continue
            if not isinstance(facts, dict) or not facts.get("resource"):
                continue
            name = str(facts.get("name") or file.parent.name.removeprefix("pulumi_"))
            if name in seen:
                continue
            seen.add(name)
            version = str(facts.get("version") or "").removeprefix("v")
            yield Plugin(name, version, str(facts.get("server") or ""))


def installed(directories: Sequence[Path]) -> list[tuple[str, str]]:
    """Name and version of every distribution in `directories`, sorted, for `pulumi about`."""
    from importlib.metadata import distributions  # slow to import, and only this needs it

    found = distributions(path=[str(directory) for directory in directories])
    return sorted({(dist.name, dist.version) for dist in found if dist.name})
