"""The settings that Pulumi.yaml declares, from the schema; the rest of the file stays as it is.

What a team shares between its stacks stays, too: a default whose line ends with ``# shared``, and
settings of other providers (``aws:region``).
"""

import json
import re
import textwrap
from pathlib import Path
from typing import Final

from pydantic.fields import FieldInfo

from mwaa.settings.decode import kind_of
from mwaa.settings.load import Settings

NAME: Final = "Pulumi.yaml"

# The key and all that is indented below it.
_BLOCK: Final = re.compile(r"^config:\n(?:[ ].*\n|\n(?=[ ]))*", re.MULTILINE)
# A default that a team set for all its stacks, in the entry of its setting.
_SHARED: Final = re.compile(
    r"^  (?P<name>\w+):\n(?:    .*\n)*?(?P<line>    default: .*# shared)$", re.MULTILINE
)
_FOREIGN: Final = re.compile(r"^  \w+:\w+:.*\n(?:    .*\n)*", re.MULTILINE)


def text(file: Path) -> str:
    """The project file with its settings as the schema declares them now.

    Raises ``ValueError`` where it has no ``config`` to write them to.
    """
    declared = file.read_text("utf-8")
    if not _BLOCK.search(declared):
        raise ValueError(f"{file.name} has no line `config:`; add one where the settings belong")
    return _BLOCK.sub(lambda found: config(found[0]), declared, count=1)


def config(before: str = "") -> str:
    """The block ``config``.

    No ``type``: the engine would refuse another one in words of its own, before the program starts,
    and the first alone. Without one it hands every value on (3.274.1, pkg/workspace/config.go)
    and ``mwaa.settings`` refuses all at once. No mappings: a team shares them between its stacks as
    ``mwaa:tags``, and the engine would see one key twice.
    """
    shared = {found["name"]: found["line"] for found in _SHARED.finditer(before)}
    entries = (
        _entry(name, field, shared.get(name, ""))
        for name, field in Settings.declared().items()
        if kind_of(field) != "object"
    )
    return "config:\n" + "".join(_FOREIGN.findall(before)) + "".join(entries)


def _entry(name: str, field: FieldInfo, shared: str) -> str:
    lines = [f"  {name}:"]
    if shared:
        lines.append(shared)
    else:
        # A setting without a default would be asked for by the engine, in its own words.
        default = "" if field.is_required() else field.get_default(call_default_factory=True)
        # JSON is YAML on one line, and quotes what YAML would read as something else.
        lines.append(f"    default: {json.dumps(default)}")
    words = textwrap.wrap(field.description or "", width=94, break_on_hyphens=False)
    lines += ["    description: >-", *(f"      {line}" for line in words)]
    return "\n".join(lines) + "\n"
