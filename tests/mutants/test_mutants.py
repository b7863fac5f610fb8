"""Every rule has a mutant; ``make mutants`` tries them all."""

from checks.catalogue import catalogue
from tests.mutants.related import RELATED
from tests.mutants.trial import LIVING, PLANNED, without_mutant


def test_every_rule_has_something_broken() -> None:
    assert without_mutant() == []


def test_mutants_and_their_relations_name_rules() -> None:
    known = {check.id for check in catalogue()}
    named = {m.rule for m in PLANNED} | {m.rule for m in LIVING} | set(RELATED)
    assert named | {rule for rules in RELATED.values() for rule in rules} <= known
