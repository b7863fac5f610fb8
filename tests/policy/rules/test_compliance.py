"""Every rule against a compliant platform, and against one with a single fact broken."""

import pytest

from mwaa.model.platform import UNKNOWN
from policy.analysis.verdict import Verdict
from policy.rules.catalog import catalog, judge
from tests.fixtures.changes import live, with_environment
from tests.fixtures.platforms import SHAPES
from tests.policy.rules import (
    cases_delivery,
    cases_encryption,
    cases_environment,
    cases_identity,
    cases_identity_opened,
    cases_logs,
    cases_network,
    cases_network_rules,
    cases_requirements,
    cases_storage,
)
from tests.policy.rules.cases import Case

CASES: list[Case] = [
    *cases_network.CASES,
    *cases_network_rules.CASES,
    *cases_storage.CASES,
    *cases_identity.CASES,
    *cases_identity_opened.CASES,
    *cases_encryption.CASES,
    *cases_logs.CASES,
    *cases_environment.CASES,
    *cases_delivery.CASES,
    *cases_requirements.CASES,
]
RULES = {rule.id: rule for rule in catalog()}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("origin", ["plan", "live"])
def test_a_compliant_platform_has_no_failure(shape: str, origin: str) -> None:
    platform = SHAPES[shape]() if origin == "plan" else live(SHAPES[shape]())
    findings = [
        (judgment.rule.id, finding.found)
        for judgment in judge(platform)
        for finding in judgment.findings
        if finding.verdict is Verdict.FAIL
    ]
    assert not findings


@pytest.mark.parametrize("shape", SHAPES)
def test_subnets_that_are_not_known_yet_break_no_rule(shape: str) -> None:
    """As ``awsx.ec2.Vpc`` gives them at a first preview: the VPC is known, which subnets is not."""
    platform = with_environment(SHAPES[shape](), subnets=UNKNOWN)
    failed = [(j.rule.id, j.findings) for j in judge(platform) if j.verdict is Verdict.FAIL]
    assert not failed


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_passes_on_a_compliant_platform(rule: str) -> None:
    platforms = [
        platform
        for shape in SHAPES.values()
        for platform in (shape(), live(shape()))
        if platform.origin in RULES[rule].origins
    ]
    platforms += [c.platform() for c in CASES if c.rule == rule and c.verdict is Verdict.PASS]
    assert platforms
    assert any(not RULES[rule].examine(platform) for platform in platforms)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("verdict", [Verdict.FAIL, Verdict.UNKNOWN], ids=lambda v: v.value)
def test_every_rule_has_a_case_of_every_verdict(rule: str, verdict: Verdict) -> None:
    cases = [case for case in CASES if case.rule == rule and case.verdict is verdict]
    assert cases, f"add one that is {verdict.value} to tests/policy/rules/cases_*.py"


@pytest.mark.parametrize(
    "case",
    CASES,
    ids=[f"{case.rule}-{case.verdict.value}-{number}" for number, case in enumerate(CASES)],
)
def test_one_broken_fact(case: Case) -> None:
    platform = case.platform()
    rule = RULES[case.rule]
    assert platform.origin in rule.origins
    findings = rule.examine(platform)
    assert not any("could not be applied" in finding.found for finding in findings), findings
    verdicts = {finding.verdict for finding in findings} or {Verdict.PASS}
    assert case.verdict in verdicts, rule.examine(platform)
    if case.verdict is not Verdict.FAIL:
        assert verdicts == {case.verdict}, rule.examine(platform)
        return
    failed = {j.rule.id for j in judge(platform, profile=rule.profile) if j.verdict is Verdict.FAIL}
    assert "*" in case.also or failed == {case.rule} | case.also, (
        "one broken fact fails one rule and its neighbors"
    )
