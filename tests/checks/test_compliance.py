"""Every check against a compliant platform, and against one with a single fact broken."""

import pytest

from checks.catalogue import catalogue, judge
from proofs.verdict import Verdict
from tests.changes import live
from tests.checks import (
    cases_delivery,
    cases_encryption,
    cases_environment,
    cases_identity,
    cases_logs,
    cases_network,
    cases_network_rules,
    cases_storage,
)
from tests.checks.cases import Case
from tests.subjects import SHAPES

CASES: list[Case] = [
    *cases_network.CASES,
    *cases_network_rules.CASES,
    *cases_storage.CASES,
    *cases_identity.CASES,
    *cases_encryption.CASES,
    *cases_logs.CASES,
    *cases_environment.CASES,
    *cases_delivery.CASES,
]
CHECKS = {check.id: check for check in catalogue()}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("origin", ["plan", "live"])
def test_a_compliant_platform_has_no_failure(shape: str, origin: str) -> None:
    subject = SHAPES[shape]() if origin == "plan" else live(SHAPES[shape]())
    findings = [
        (judgement.check.id, finding.found)
        for judgement in judge(subject)
        for finding in judgement.findings
        if finding.verdict is Verdict.FAIL
    ]
    assert not findings


@pytest.mark.parametrize("check", CHECKS)
def test_every_check_passes_on_a_compliant_platform(check: str) -> None:
    subjects = [
        platform
        for shape in SHAPES.values()
        for platform in (shape(), live(shape()))
        if platform.origin in CHECKS[check].origins
    ]
    subjects += [c.subject() for c in CASES if c.check == check and c.verdict is Verdict.PASS]
    assert subjects
    assert any(not CHECKS[check].examine(platform) for platform in subjects)


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("verdict", [Verdict.FAIL, Verdict.UNKNOWN], ids=lambda v: v.value)
def test_every_check_has_a_case_of_every_verdict(check: str, verdict: Verdict) -> None:
    assert any(case.check == check and case.verdict is verdict for case in CASES)


@pytest.mark.parametrize(
    "case", CASES, ids=lambda case: f"{case.check}-{case.verdict.value}-{CASES.index(case)}"
)
def test_one_broken_fact(case: Case) -> None:
    subject = case.subject()
    check = CHECKS[case.check]
    assert subject.origin in check.origins
    findings = check.examine(subject)
    assert not any("could not be applied" in finding.found for finding in findings), findings
    verdicts = {finding.verdict for finding in findings} or {Verdict.PASS}
    assert case.verdict in verdicts, check.examine(subject)
    if case.verdict is not Verdict.FAIL:
        assert verdicts == {case.verdict}, check.examine(subject)
        return
    failed = {
        j.check.id for j in judge(subject, profile=check.profile) if j.verdict is Verdict.FAIL
    }
    assert "*" in case.also or failed == {case.check} | case.also, (
        "one broken fact fails one rule and its neighbours"
    )
