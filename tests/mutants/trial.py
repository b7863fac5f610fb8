"""The trial of all mutants: each must break its own law, and no unrelated one."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

from checks.catalogue import catalogue, judge
from checks.check import Verdict
from mwaa.subject import Subject
from policy.plan import read
from tests.mutants import (
    account_life,
    account_parts,
    plan_environment,
    plan_network,
    plan_parts,
)
from tests.mutants.account import Court
from tests.mutants.recorded import Recorded
from tests.mutants.related import RELATED

PLANNED = (*plan_network.MUTANTS, *plan_parts.MUTANTS, *plan_environment.MUTANTS)
LIVING = (*account_life.MUTANTS, *account_parts.MUTANTS)


@dataclass(frozen=True)
class Sentence:
    """What became of one mutant. ``unrelated`` laws fell though nothing of theirs was broken."""

    rule: str
    court: str
    killed: bool
    unrelated: frozenset[str]


def broken(subject: Subject) -> frozenset[str]:
    """The laws of all profiles that the subject breaks."""
    judged = judge(subject, catalogue())
    return frozenset(j.check.id for j in judged if j.verdict is Verdict.FAIL)


def _sentence(rule: str, court: str, found: frozenset[str]) -> Sentence:
    unrelated = found - {rule} - RELATED.get(rule, frozenset())
    return Sentence(rule, court, rule in found, unrelated)


def trial(recorded: Recorded) -> Iterator[Sentence]:
    """The two compliant platforms first (rule ``""``), then every mutant."""

    def planned(plan: tuple[object, ...]) -> frozenset[str]:
        (reading,) = read(plan, now=time.time())  # type: ignore[arg-type]
        return broken(reading.subject)

    yield Sentence("", "plan", True, planned(recorded.plan))
    for mutant in PLANNED:
        yield _sentence(mutant.rule, "plan", planned(mutant.change(recorded.plan)))
    court = Court(recorded)
    try:
        yield Sentence("", "live", True, broken(court.read()))
        for living in LIVING:
            try:
                yield _sentence(living.rule, "live", broken(court.read(living)))
            finally:
                court.restore()
    finally:
        court.close()


def without_mutant() -> list[str]:
    """Rules for which nobody broke anything, in the court where they must be broken at least."""
    planned, living = {m.rule for m in PLANNED}, {m.rule for m in LIVING}
    return [
        check.id
        for check in catalogue()
        if check.id not in (planned if "plan" in check.courts else living)
    ]
