"""Three-valued verdicts: what is proved, what is refuted, and what cannot be known yet.

All analysis answers in them: whether a path is open, a statement applies, a condition is met.

The logic is Kleene's: an unknown part makes the whole unknown unless the other parts decide it
whatever the unknown turns out to be.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum

from mwaa.model.unknown import Maybe, known


class Verdict(Enum):
    """``PASS`` and ``FAIL`` hold for every value the unknown facts could take."""

    PASS = "pass"  # noqa: S105
    FAIL = "fail"
    UNKNOWN = "unknown"

    def __bool__(self) -> bool:
        raise TypeError("a verdict has three values: compare it with PASS, FAIL or UNKNOWN")

    def __invert__(self) -> "Verdict":
        return {Verdict.PASS: Verdict.FAIL, Verdict.FAIL: Verdict.PASS}.get(self, self)


PASS, FAIL, UNSURE = Verdict.PASS, Verdict.FAIL, Verdict.UNKNOWN
"""Short names for where many are combined; ``UNSURE``, as ``UNKNOWN`` is a fact's."""


def of(truth: Maybe[bool]) -> Verdict:
    """A verdict from a fact that is true, false or not known."""
    if not known(truth):
        return Verdict.UNKNOWN
    return Verdict.PASS if truth else Verdict.FAIL


def between(at_worst: bool, at_best: bool) -> Verdict:
    """The verdict when the worst and the best values of the unknown facts have been tried."""
    if at_worst:
        return Verdict.PASS
    return Verdict.UNKNOWN if at_best else Verdict.FAIL


def every(verdicts: Iterable[Verdict]) -> Verdict:
    """PASS when all pass (also when there is none), FAIL as soon as one fails."""
    whole = Verdict.PASS
    for verdict in verdicts:
        if verdict is Verdict.FAIL:
            return verdict
        if verdict is Verdict.UNKNOWN:
            whole = verdict
    return whole


def some(verdicts: Iterable[Verdict]) -> Verdict:
    """PASS as soon as one passes, FAIL when all fail (also when there is none)."""
    whole = Verdict.FAIL
    for verdict in verdicts:
        if verdict is Verdict.PASS:
            return verdict
        if verdict is Verdict.UNKNOWN:
            whole = verdict
    return whole


@dataclass(frozen=True)
class Proof:
    """A verdict with its grounds.

    ``path`` lists the hops or steps that hold, in order. ``reason`` says why the verdict is what
    it is: for FAIL and UNKNOWN, the first hop that breaks or cannot be seen. ``remedy`` says what
    would fix a FAIL, or what would have to be known; it is empty on PASS.
    """

    verdict: Verdict
    reason: str
    path: tuple[str, ...] = ()
    remedy: str = ""

    @property
    def passed(self) -> bool:
        return self.verdict is Verdict.PASS

    @property
    def failed(self) -> bool:
        return self.verdict is Verdict.FAIL

    def after(self, *hops: str) -> "Proof":
        """The same proof seen from further away: ``hops`` come before its own path."""
        return replace(self, path=(*hops, *self.path))


def chain(*proofs: Proof) -> Proof:
    """All must hold, in this order: the first FAIL decides, else the first UNKNOWN, else PASS.

    A later FAIL outranks an earlier UNKNOWN: whatever the unknown hop is, the path is broken.
    """
    hops: list[str] = []
    undecided: Proof | None = None
    for proof in proofs:
        if proof.failed:
            return proof.after(*hops)
        if proof.verdict is Verdict.UNKNOWN and undecided is None:
            undecided = proof.after(*hops)
        hops += proof.path
    if undecided is not None:
        return undecided
    return Proof(Verdict.PASS, proofs[-1].reason if proofs else "nothing to prove", tuple(hops))


def either(proofs: Iterable[Proof]) -> Proof:
    """One of these applies, and which one is not known: they must agree to give a verdict."""
    found = list(proofs)
    if len({proof.verdict for proof in found}) == 1:
        return found[0]
    best = next((p for p in found if p.verdict is Verdict.UNKNOWN), None)
    worst = best or next(p for p in found if p.failed)
    return replace(worst, verdict=Verdict.UNKNOWN)
