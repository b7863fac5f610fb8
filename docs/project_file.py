"""The settings that Pulumi.yaml declares, from the schema; the rest of the file stays as it is."""

import json
import re
import textwrap
from pathlib import Path
from typing import Final

from pydantic.fields import FieldInfo

from mwaa.settings.decode import entries_of, kind_of
from mwaa.settings.load import Settings

NAME: Final = "Pulumi.yaml"

# The key and all that is indented below it.
_BLOCK: Final = re.compile(r"^config:\n(?:[ ].*\n|\n(?=[ ]))*", re.MULTILINE)


def text(file: Path) -> str:
    """The project file with its settings as the schema declares them now.

    Raises ``ValueError`` where it has no ``config`` to write them to.
    """
    declared = file.read_text("utf-8")
    if not _BLOCK.search(declared):
        raise ValueError(f"{file.name} has no line `config:`; add one where the settings belong")
    return _BLOCK.sub(lambda _: config(), declared, count=1)


def config() -> str:
    """The block ``config``. The engine takes no mapping as a project setting (seen: 3.259)."""
    entries = (
        _entry(name, field)
        for name, field in Settings.declared().items()
        if kind_of(field) != "object"
    )
    return "config:\n" + "".join(entries)


def _entry(name: str, field: FieldInfo) -> str:
    kind = kind_of(field)
    lines = [f"  {name}:", f"    type: {kind}"]
    if kind == "array":
        lines += ["    items:", f"      type: {entries_of(field)}"]
    if not field.is_required():
        # JSON is YAML on one line, and quotes what YAML would read as something else.
        lines.append(f"    default: {json.dumps(field.get_default(call_default_factory=True))}")
    words = textwrap.wrap(field.description or "", width=94, break_on_hyphens=False)
    lines += ["    description: >-", *(f"      {line}" for line in words)]
    return "\n".join(lines) + "\n"
