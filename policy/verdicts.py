"""Judges a plan once and lets every policy of the pack take its own part of the verdict."""

import time
from collections.abc import Callable, Iterable, Mapping

from policy.plan.platform import read
from policy.plan.resources import Resource
from policy.rules.catalog import catalog
from policy.rules.causes import broken_causes
from policy.rules.rule import Finding, Rule, Verdict

# Enough to act on; a plan in which much is not known yet would fill the screen otherwise.
SHOWN = 2


class Verdicts:
    """The findings of one preview by rule, each with the URN of the resource at fault."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._found: Mapping[str, list[tuple[Finding, str]]] = {}
        self._taken: set[str] = set()
        self._judged = False

    def judge(self, resources: Iterable[Resource]) -> None:
        """Read the plan and judge every environment in it by every rule a plan can answer."""
        found: dict[str, list[tuple[Finding, str]]] = {}
        for reading in read(resources, now=self._clock()):
            for rule in catalog():
                if rule.concerns(reading.platform):
                    found.setdefault(rule.id, []).extend(
                        (finding, reading.urns.get(finding.resource or "", reading.urn))
                        for finding in rule.examine(reading.platform)
                    )
        self._found, self._taken, self._judged = found, set(), True

    def causes(self, rule: Rule) -> tuple[str, ...]:
        """The other rules that the plan breaks and that can explain why it breaks this one."""
        broken = (
            one
            for one, found in self._found.items()
            if any(finding.verdict is Verdict.FAIL for finding, _ in found)
        )
        return broken_causes(broken).get(rule.id, ())

    def take(
        self, rule: Rule, resources: Callable[[], Iterable[Resource]]
    ) -> list[tuple[Finding, str]]:
        """The findings of one rule; ``resources`` is called only where nothing was judged yet.

        A rule that asks a second time has begun the next preview: the plan is judged anew.
        """
        if not self._judged or rule.id in self._taken:
            self.judge(resources())
        self._taken.add(rule.id)
        return self._found.get(rule.id, [])


def message(rule: Rule, found: Iterable[str], causes: Iterable[str] = ()) -> str:
    """What a person reads below the title of a violated policy; ``causes`` are to be repaired
    first, because they may explain it."""
    first = f"after: {', '.join(causes)}\n" if causes else ""
    return f"found: {'; '.join(found)}\n{first}fix: {rule.fix}\nsee: {rule.source}"


def undecided(findings: Iterable[tuple[Finding, str]]) -> str:
    """The unknowns among the findings in one line; empty without any."""
    reasons = dict.fromkeys(f.found for f, _ in findings if f.verdict is Verdict.UNKNOWN)
    more = f"; and {len(reasons) - SHOWN} more" if len(reasons) > SHOWN else ""
    return "; ".join(list(reasons)[:SHOWN]) + more
