"""``make mutants``: prints rules, mutants, killed; exits 1 when one lives or a law has none."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from checks.catalogue import catalogue
from tests.mutants.recorded import record
from tests.mutants.trial import trial, without_mutant


def main() -> int:
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        print("bringing up the compliant platform with the engine ...", file=sys.stderr)
        recorded = record(Path(folder), lambda line: print(line, file=sys.stderr))
        found = list(trial(recorded))
    wrong = 0
    for one in found:
        if not one.killed:
            print(f"alive: {one.rule} ({one.court})")
        if one.unrelated:
            print(f"unrelated: {one.rule or 'compliant'} ({one.court}): {sorted(one.unrelated)}")
        wrong += not one.killed or bool(one.unrelated)
    for rule in without_mutant():
        print(f"no mutant: {rule}")
    mutants = [one for one in found if one.rule]
    killed = sum(one.killed for one in mutants)
    print(
        f"rules {len(catalogue())}, mutants {len(mutants)}, killed {killed} "
        f"(plan {sum(one.court == 'plan' for one in mutants)}, "
        f"live {sum(one.court == 'live' for one in mutants)}; {time.monotonic() - started:.0f} s)"
    )
    return 1 if wrong or without_mutant() else 0


if __name__ == "__main__":
    sys.exit(main())
