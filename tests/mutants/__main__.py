"""``make mutants``: prints rules, mutants, killed, and what is altered instead of broken; exits 1
when a mutant lives or breaks an unrelated rule, when a rule has none, or a reason does not hold."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from policy.rules.catalog import catalog
from tests.mutants.account import answers
from tests.mutants.recorded import record
from tests.mutants.trial import Outcome, needless, trial, without_mutant


def main() -> int:
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        print("bringing up the compliant platform with the engine ...", file=sys.stderr)
        recorded = record(Path(folder), lambda line: print(line, file=sys.stderr))
        found = list(trial(recorded))
    wrong = list(_wrong(found))
    for line in (*wrong, *_reasons()):
        print(line)
    origins = [one.origin for one in found if one.rule and one.origin != "reason"]
    killed = sum(one.killed for one in found if one.rule and one.origin != "reason")
    print(
        f"rules {len(catalog())}, mutants {len(origins)} (plan {origins.count('plan')}, "
        f"live {origins.count('live')}, {len(answers.MUTANTS)} of these altered answers), "
        f"killed {killed}; {time.monotonic() - started:.0f} s"
    )
    return 1 if wrong else 0


def _wrong(found: Sequence[Outcome]) -> Iterator[str]:
    for one in found:
        if not one.killed and one.origin == "reason":
            yield f"no reason: an account can break {one.rule}"
        elif not one.killed:
            yield f"alive: {one.rule} ({one.origin})"
        if one.unrelated:
            yield f"unrelated: {one.rule or 'compliant'} ({one.origin}): {sorted(one.unrelated)}"
    yield from (f"no mutant: {missing}" for missing in without_mutant())
    yield from (f"needless relation: {relation}" for relation in needless(found))


def _reasons() -> Iterator[str]:
    for mutant in answers.MUTANTS:
        yield f"answer altered: {mutant.rule}: {mutant.reason}"
    for mutant in answers.PLAN_ALONE:
        yield f"in the plan alone: {mutant.rule}: {mutant.reason}"


if __name__ == "__main__":
    sys.exit(main())
