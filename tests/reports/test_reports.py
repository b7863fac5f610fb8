"""The tests that are said to hold a report exist and are collected, and none is missing."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

from policy.analysis.verdict import Verdict
from tests.policy.rules.test_compliance import CASES
from tests.reports.reports import REPORTS, Report, figure

ROOT = Path(__file__).parents[2]
# Reports that no test holds yet; whoever handles one takes it out.
OPEN: set[int] = set()
NUMBERS = (1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 20, 22, 24, 27)


@cache
def collected(path: str) -> frozenset[str]:
    """The test functions of a file, by pytest's own conventions: of the module, not of a class."""
    file = ROOT / path
    if not file.name.startswith("test_"):
        return frozenset()
    functions = ast.parse(file.read_text(encoding="utf-8")).body
    return frozenset(
        node.name
        for node in functions
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    )


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: str(report.number))
def test_what_holds_a_report_exists(report: Report) -> None:
    for test in report.tests:
        path, _, name = test.partition("::")
        assert name in collected(path), test
    for rule in report.rules:
        verdicts = {case.verdict for case in CASES if case.rule == rule}
        assert Verdict.FAIL in verdicts and len(verdicts) > 1, rule


def test_every_report_is_listed_and_handled(capsys: pytest.CaptureFixture[str]) -> None:
    assert tuple(report.number for report in REPORTS) == NUMBERS
    (said,) = figure()
    with capsys.disabled():
        print(f"\n{said}")
    assert {report.number for report in REPORTS if not report.is_handled} == OPEN
    assert said.endswith(f": {len(NUMBERS) - len(OPEN)} of {len(NUMBERS)}")
