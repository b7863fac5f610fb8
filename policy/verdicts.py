"""Judges a plan once and lets every policy of the pack take its own part of the verdict."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from policy.formats import fixes
from policy.plan.platform import read
from policy.plan.resources import Resource
from policy.rules.catalog import Judgment, catalog, judge
from policy.rules.causes import broken_causes
from policy.rules.rule import Finding, Rule, Verdict
from policy.waivers import FILE, Waivers, line, name_of


class Located(NamedTuple):
    """A finding, the URN of the resource at fault, and its name in a waiver."""

    finding: Finding
    urn: str
    name: str


# Enough to act on; a plan in which much is not known yet would fill the screen otherwise.
SHOWN = 2


class Verdicts:
    """The findings of one preview by rule, each with the URN of the resource at fault."""

    def __init__(
        self, clock: Callable[[], float] = time.time, waivers: Waivers | None = None
    ) -> None:
        self._clock = clock
        self._waivers = waivers or Waivers()
        self._found: Mapping[str, list[Located]] = {}
        self._unused: Sequence[str] = ()
        self._taken: set[str] = set()
        self._judged = False

    def judge(self, resources: Iterable[Resource]) -> None:
        """Read the plan and judge every environment in it by every rule a plan can answer."""
        found: dict[str, list[Located]] = {}
        judged: list[Judgment] = []
        for reading in read(resources, now=self._clock()):
            for judgment in self._waivers.apply(
                judge(reading.platform, catalog()), reading.platform, reading.urns
            ):
                judged.append(judgment)
                found.setdefault(judgment.rule.id, []).extend(
                    Located(
                        finding,
                        reading.urns.get(finding.resource or "", reading.urn),
                        name_of(finding, reading.platform),
                    )
                    for finding in judgment.findings
                )
        self._found, self._taken, self._judged = found, set(), True
        self._unused = self._waivers.unused(judged)

    def causes(self, rule: Rule) -> tuple[str, ...]:
        """The other rules that the plan breaks and that can explain why it breaks this one."""
        broken = (rule for rule, located in self._found.items() if failures(located))
        return broken_causes(broken).get(rule.id, ())

    def take(self, rule: Rule, resources: Callable[[], Iterable[Resource]]) -> list[Located]:
        """The findings of one rule; ``resources`` is called only where nothing was judged yet."""
        self._asked_by(rule.id, resources)
        return self._found.get(rule.id, [])

    def waived(self, resources: Callable[[], Iterable[Resource]]) -> list[tuple[str, str | None]]:
        """What is accepted and why, each with its URN, and the waivers that met nothing."""
        self._asked_by("", resources)
        shown: list[tuple[str, str | None]] = [
            (f"found: {rule}: {one.finding.found}\nwaived: {one.finding.waiver}", one.urn)
            for rule, located in self._found.items()
            for one in located
            if one.finding.is_waived
        ]
        return shown + [(f"found: {words}", None) for words in self._unused]

    def _asked_by(self, policy: str, resources: Callable[[], Iterable[Resource]]) -> None:
        """A policy that asks a second time has begun the next preview: the plan is judged anew."""
        if not self._judged or policy in self._taken:
            self.judge(resources())
        self._taken.add(policy)


def failures(located: Iterable[Located]) -> list[Located]:
    """The failures that nobody accepts."""
    return [
        one for one in located if one.finding.verdict is Verdict.FAIL and not one.finding.is_waived
    ]


def message(rule: Rule, failed: Sequence[Located], causes: Iterable[str] = ()) -> str:
    """What a person reads below the title of a violated policy; ``causes`` are to be repaired
    first, because they may explain it."""
    found = "; ".join(dict.fromkeys(_said(one.finding) for one in failed))
    first = [f"after: {', '.join(causes)}"] if causes else []
    to_do = [f"fix: {fix}" for fix in fixes(rule, (one.finding for one in failed))]
    lines = [f"found: {found}", *first, *to_do, f"see: {rule.source}"]
    if rule.enforcement == "mandatory":
        lines.append(f"or accept it until a day you choose, in {FILE}:\nwaivers:")
        lines += dict.fromkeys(line(rule.id, one.name) for one in failed)
    return "\n".join(lines)


def _said(finding: Finding) -> str:
    """A failure in one line, with its expired waiver."""
    return f"{finding.found} ({finding.waiver})" if finding.waiver else finding.found


def undecided(located: Iterable[Located]) -> str:
    """The unknowns among the findings in one line; empty without any."""
    reasons = dict.fromkeys(
        one.finding.found for one in located if one.finding.verdict is Verdict.UNKNOWN
    )
    more = f"; and {len(reasons) - SHOWN} more" if len(reasons) > SHOWN else ""
    return "; ".join(list(reasons)[:SHOWN]) + more
