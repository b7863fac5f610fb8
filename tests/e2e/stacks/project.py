"""The project as a folder of a test's own, where waivers may be written."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from rehearsal.cli.workspace import ROOT
from tests.e2e.stacks.rehearsal import Rehearsal

# An entry that the refusal of a mandatory rule prints, for a person to complete.
LINE = re.compile(
    r'^ *(- \{rule: (\S+), resource: "(.+)", reason: "\.\.\.", expires: YYYY-MM-DD\})'
)


def own_project(rehearsal: Rehearsal, folder: Path) -> Rehearsal:
    """The same rehearsal, with ``folder`` as its checkout: links to all that the real one holds."""
    for part in ROOT.iterdir():
        if not part.name.startswith("."):
            (folder / part.name).symlink_to(part)
    return replace(rehearsal, workspace=replace(rehearsal.workspace, root=folder))


def offered(refusal: str) -> list[str]:
    """The entries for ``waivers.yaml`` in the text of a refusal, each once."""
    found = (LINE.match(line) for line in refusal.splitlines())
    return sorted({match[1] for match in found if match})


def accept(folder: Path, entries: list[str], day: str = "2999-12-31") -> None:
    """Write what a refusal offers, completed as a person would."""
    written = [x.replace('"..."', '"for the test"').replace("YYYY-MM-DD", day) for x in entries]
    text = "waivers:\n" + "".join(f"  {one}\n" for one in written)
    (folder / "waivers.yaml").write_text(text, encoding="utf-8")
