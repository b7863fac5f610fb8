"""Makes a folder that holds the policy pack and all it needs, to be published or copied alone.

``python -m policy.bundle DEST`` writes ``PulumiPolicy.yaml``, ``__main__.py``, the two rooms the
pack imports, the profiles, a ``requirements.txt`` of its own, and the project's ``waivers.yaml``
where it has one: it is read where the judged project has none. ``pulumi policy publish`` or
``pulumi preview --policy-pack DEST`` take it from there.
"""

import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from policy.waivers import FILE, Waivers, WaiversError

ROOT: Final = Path(__file__).resolve().parents[1]
ROOMS: Final = ("mwaa", "policy")
# The pack reads a few of ``mwaa``'s facts and none of the settings, so it needs no more than these.
PACKAGES: Final = (
    *("pulumi==", "pulumi-policy==", "typing_extensions=="),
    *("packaging==", "PyYAML==", "tree-sitter==", "tree-sitter-bash=="),
)


def make(destination: Path) -> None:
    """Write the bundle. Raises FileExistsError where something else is in the way."""
    if destination.exists() and any(destination.iterdir()):
        raise FileExistsError(f"{destination} exists and is not empty; name a new folder")
    destination.mkdir(parents=True, exist_ok=True)
    for room in ROOMS:
        ignore = shutil.ignore_patterns("__pycache__", "profiles", "PulumiPolicy.yaml")
        shutil.copytree(ROOT / room, destination / room, ignore=ignore)
    (destination / "policy" / "__main__.py").unlink()
    shutil.copytree(ROOT / "policy" / "profiles", destination / "profiles")
    shutil.copy(ROOT / "policy" / "__main__.py", destination / "__main__.py")
    if (ROOT / FILE).is_file():
        # A bundle that no project could use is not made.
        Waivers.load(ROOT / FILE)
        shutil.copy(ROOT / FILE, destination / FILE)
    project = (ROOT / "policy" / "PulumiPolicy.yaml").read_text(encoding="utf-8")
    # Published, a pack is installed into an environment of its own.
    (destination / "PulumiPolicy.yaml").write_text(
        project.replace("    # The project's own: the pack imports its rooms.\n", "").replace(
            "virtualenv: ../.venv", "virtualenv: venv"
        ),
        encoding="utf-8",
    )
    wanted = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    needed = [line.split("#")[0].strip() for line in wanted if line.startswith(PACKAGES)]
    (destination / "requirements.txt").write_text("\n".join(needed) + "\n", encoding="utf-8")


def main(arguments: Sequence[str]) -> int:
    """Make the bundle at the one path given."""
    if len(arguments) != 1:
        print("usage: python -m policy.bundle DEST", file=sys.stderr)
        return 2
    try:
        make(Path(arguments[0]))
    except (OSError, WaiversError) as problem:
        print(f"error: {problem}", file=sys.stderr)
        return 1
    print(f"policy pack written to {arguments[0]}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
