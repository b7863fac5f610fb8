"""The tests that are said to hold a finding exist."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.witnesses.findings import FINDINGS

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("finding", FINDINGS)
def test_the_test_of_a_finding_exists(finding: str) -> None:
    path, _, name = FINDINGS[finding].partition("::")
    assert f"def {name}(" in (ROOT / path).read_text(encoding="utf-8")
