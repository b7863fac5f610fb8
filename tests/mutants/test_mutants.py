"""Every rule has a mutant in each of its origins, or a reason; ``make mutants`` tries them all."""

from policy.rules.catalog import catalog
from tests.mutants.account import answers
from tests.mutants.related import RELATED
from tests.mutants.trial import LIVE, PLANNED, without_mutant

# What may be altered in an answer instead of broken in the account, because no account is so.
ALTERED = {
    "mwaa-environment-access-mode-explicit",
    "mwaa-environment-class-known",
    "mwaa-environment-image-without-known-defects",
    "mwaa-environment-micro-not-scaling",
    "mwaa-environment-schedulers-in-range",
    "mwaa-environment-version-pinned",
    "mwaa-environment-webservers-in-range",
    "mwaa-environment-workers-in-range",
    "mwaa-network-webserver-url-private",
}
# Rules of both origins that are broken in the plan alone.
PLAN_ALONE = {
    "mwaa-encryption-key-in-account",
    "mwaa-encryption-key-in-region",
    "mwaa-encryption-key-named-by-arn",
    "mwaa-environment-name-valid",
    "mwaa-environment-region-supported",
    "mwaa-network-group-count",
    "mwaa-network-two-subnets",
}


def test_every_rule_has_something_broken_in_each_of_its_origins() -> None:
    assert without_mutant() == [], "add one to tests/mutants/plan/ and account/"


def test_only_what_no_account_can_be_is_altered_and_every_reason_is_given() -> None:
    answered = [mutant for mutant in LIVE if mutant.answered]
    assert {mutant.rule for mutant in answered} == ALTERED
    alone = answers.PLAN_ALONE
    assert {mutant.rule for mutant in alone} == PLAN_ALONE
    assert all(mutant.reason for mutant in (*answered, *alone))
    # Whoever can be broken needs no reason.
    assert not PLAN_ALONE & {mutant.rule for mutant in LIVE}


def test_mutants_and_their_relations_name_rules() -> None:
    known = {rule.id for rule in catalog()}
    named = {m.rule for m in PLANNED} | {m.rule for m in LIVE} | PLAN_ALONE | set(RELATED)
    assert named | {rule for rules in RELATED.values() for rule in rules} <= known


def test_an_origin_has_mutants_of_its_own_rules_only() -> None:
    origins = {rule.id: rule.origins for rule in catalog()}
    assert [m.rule for m in PLANNED if "plan" not in origins[m.rule]] == []
    assert [m.rule for m in LIVE if "live" not in origins[m.rule]] == []
