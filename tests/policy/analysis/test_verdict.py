"""Kleene's logic against all ways to decide the unknown parts."""

from itertools import product

import pytest

from policy.analysis.verdict import (
    Proof,
    Verdict,
    between,
    chain,
    either,
    every,
    of,
    some,
)

VALUES = (Verdict.PASS, Verdict.FAIL, Verdict.UNKNOWN)


def completions(verdicts: tuple[Verdict, ...]) -> list[tuple[bool, ...]]:
    ways = [(True, False) if v is Verdict.UNKNOWN else (v is Verdict.PASS,) for v in verdicts]
    return list(product(*ways))


def expected(outcomes: set[bool]) -> Verdict:
    return Verdict.UNKNOWN if len(outcomes) == 2 else of(outcomes.pop())


@pytest.mark.parametrize("verdicts", [v for n in range(4) for v in product(VALUES, repeat=n)])
def test_every_and_some_hold_for_each_completion(verdicts: tuple[Verdict, ...]) -> None:
    assert every(verdicts) is expected({all(way) for way in completions(verdicts)})
    assert some(verdicts) is expected({any(way) for way in completions(verdicts)})


@pytest.mark.parametrize("verdicts", [v for n in (1, 2, 3) for v in product(VALUES, repeat=n)])
def test_a_chain_has_the_verdict_of_all_its_hops(verdicts: tuple[Verdict, ...]) -> None:
    proofs = [Proof(v, f"hop {n}", (f"hop {n}",)) for n, v in enumerate(verdicts)]
    found = chain(*proofs)
    assert found.verdict is every(verdicts)
    deciding = verdicts.index(found.verdict)
    assert found.reason == (proofs[-1] if found.passed else proofs[deciding]).reason


def test_a_broken_chain_shows_the_path_up_to_the_break() -> None:
    good = Proof(Verdict.PASS, "route", ("route",))
    bad = Proof(Verdict.FAIL, "closed", remedy="open it")
    assert chain(good, bad, good) == Proof(Verdict.FAIL, "closed", ("route",), "open it")


@pytest.mark.parametrize("verdicts", [v for n in (1, 2, 3) for v in product(VALUES, repeat=n)])
def test_either_needs_agreement(verdicts: tuple[Verdict, ...]) -> None:
    found = either(Proof(v, v.value) for v in verdicts)
    assert found.verdict is (verdicts[0] if len(set(verdicts)) == 1 else Verdict.UNKNOWN)


def test_worst_and_best_case_make_a_verdict() -> None:
    assert between(True, True) is Verdict.PASS
    assert between(False, True) is Verdict.UNKNOWN
    assert between(False, False) is Verdict.FAIL


def test_a_verdict_is_not_a_truth_value() -> None:
    with pytest.raises(TypeError, match="three values"):
        bool(Verdict.UNKNOWN)


def test_negation_keeps_the_unknown() -> None:
    assert [~v for v in VALUES] == [Verdict.FAIL, Verdict.PASS, Verdict.UNKNOWN]
