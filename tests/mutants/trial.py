"""The trial of all mutants: each must break its own rule, and no unrelated one."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from policy.plan.platform import read
from policy.rules.catalog import catalog, in_profile, judge
from policy.rules.rule import Verdict
from tests.mutants import files, policies
from tests.mutants.account import answers, before
from tests.mutants.account import environment as living_environment
from tests.mutants.account import network as living_network
from tests.mutants.account import parts as living_parts
from tests.mutants.account.emulated import LiveAccount, profile_of
from tests.mutants.plan import environment, network, parts
from tests.mutants.recorded import Recorded
from tests.mutants.related import RELATED

PLANNED = (
    *network.MUTANTS,
    *parts.MUTANTS,
    *environment.MUTANTS,
    *policies.PLANNED,
    *files.PLANNED,
)
LIVE = (
    *living_network.MUTANTS,
    *living_parts.MUTANTS,
    *living_environment.MUTANTS,
    *policies.LIVE,
    *files.LIVE,
    *before.MUTANTS,
    *answers.MUTANTS,
)


@dataclass(frozen=True)
class Outcome:
    """What became of one mutant.

    ``related`` rules fell with it, as ``RELATED`` says; ``unrelated`` ones though nothing of theirs
    was broken. In origin ``reason`` it is tried whether an account really resists.
    """

    rule: str
    origin: str
    killed: bool
    related: frozenset[str] = frozenset()
    unrelated: frozenset[str] = frozenset()


def _outcome(rule: str, origin: str, found: frozenset[str]) -> Outcome:
    others, related = found - {rule}, RELATED.get(rule, frozenset())
    return Outcome(rule, origin, not rule or rule in found, others & related, others - related)


def trial(recorded: Recorded) -> Iterator[Outcome]:
    """The compliant platforms first (rule ``""``), then every mutant."""
    yield _outcome("", "plan", _planned(recorded.plan))
    for mutant in PLANNED:
        yield _outcome(mutant.rule, "plan", _planned(mutant.change(recorded.plan), mutant.rule))
    origin = LiveAccount(recorded)
    try:
        for is_before in (False, True):
            yield _outcome("", "live", origin.diagnose(is_before=is_before))
            origin.restore()
        for broken in LIVE:
            try:
                yield _outcome(broken.rule, "live", origin.diagnose(broken))
            finally:
                origin.restore()
        for answered in (*answers.MUTANTS, *answers.PLAN_ALONE):
            if answered.answered:
                yield Outcome(answered.rule, "reason", origin.resists(answered))
                origin.restore()
    finally:
        origin.close()


def _planned(plan: tuple[object, ...], rule: str = "") -> frozenset[str]:
    """The rules that the plan breaks, under the profile of the rule."""
    (reading,) = read(plan, now=time.time())  # type: ignore[arg-type]
    judged = judge(reading.platform, in_profile(profile_of(rule)))
    return frozenset(j.rule.id for j in judged if j.verdict is Verdict.FAIL)


def needless(found: Iterable[Outcome]) -> list[str]:
    """Relations that no mutant needs."""
    seen: dict[str, set[str]] = {}
    for one in found:
        seen.setdefault(one.rule, set()).update(one.related)
    return [
        f"{rule} and {other}"
        for rule, others in RELATED.items()
        for other in sorted(others - seen.get(rule, set()))
    ]


def without_mutant() -> list[str]:
    """Rule and origin for which nobody broke anything, and no reason is given."""
    planned, live = {m.rule for m in PLANNED}, {m.rule for m in LIVE}
    missing = [f"{c.id} (plan)" for c in catalog() if "plan" in c.origins and c.id not in planned]
    reasons = live | {m.rule for m in answers.PLAN_ALONE}
    missing += [f"{c.id} (live)" for c in catalog() if "live" in c.origins and c.id not in reasons]
    return missing
