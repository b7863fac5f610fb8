"""The profiles: generated enforcement files for ``--policy-pack-config``.

``private`` enforces the catalog as it is; ``no-internet`` adds the rules of a platform that must
have no way out; ``advisory`` reports everything and stops nothing. Each file names every rule, so
that a person sees in it what may be changed. ``make generate`` writes them.
"""

import json
from typing import Final

from policy.rules.catalog import catalog

ADVISORY: Final = "advisory"
PROFILES: Final = ("private", "no-internet", ADVISORY)


def profile(name: str) -> dict[str, str]:
    """Enforcement by rule id: ``mandatory``, ``advisory`` or ``disabled``."""
    levels = {}
    for rule in catalog():
        if "plan" not in rule.origins:
            continue
        if rule.profile and rule.profile != name:
            levels[rule.id] = "disabled"
        else:
            levels[rule.id] = "advisory" if name == ADVISORY else rule.enforcement
    return levels


def content(name: str) -> str:
    """The file of a profile."""
    return json.dumps(profile(name), indent=2) + "\n"
