"""The profiles: generated enforcement files for ``--policy-pack-config``.

``private`` enforces the catalogue as it is; ``no-internet`` adds the rules of a platform that must
have no way out; ``advisory`` reports everything and stops nothing. Each file names every rule,
because the engine ignores names it does not know in silence, and a test must not.
``python -m policy.profiles`` writes them, ``--check`` only says which are stale and exits 1.
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from policy.rules.catalogue import catalogue

FOLDER: Final = Path(__file__).parent / "profiles"
PROFILES: Final = ("private", "no-internet", "advisory")


def profile(name: str) -> dict[str, str]:
    """Enforcement by rule id: ``mandatory``, ``advisory`` or ``disabled``."""
    levels = {}
    for rule in catalogue():
        if "plan" not in rule.origins:
            continue
        if rule.profile and rule.profile != name:
            levels[rule.id] = "disabled"
        else:
            levels[rule.id] = "advisory" if name == "advisory" else rule.enforcement
    return levels


def content(name: str) -> str:
    """The file of a profile."""
    return json.dumps(profile(name), indent=2) + "\n"


def stale() -> list[str]:
    """The profiles whose file is not what the catalogue says."""
    return [
        name
        for name in PROFILES
        if not (path := FOLDER / f"{name}.json").is_file()
        or path.read_text(encoding="utf-8") != content(name)
    ]


def main(arguments: Sequence[str]) -> int:
    """Write the profiles, or with ``--check`` say which are stale."""
    outdated = stale()
    if "--check" in arguments:
        for name in outdated:
            print(f"policy/profiles/{name}.json is stale: run `python -m policy.profiles`")
        return 1 if outdated else 0
    FOLDER.mkdir(exist_ok=True)
    for name in PROFILES:
        (FOLDER / f"{name}.json").write_text(content(name), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
