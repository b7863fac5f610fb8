"""One broken fact in roles and policies."""

from tests.checks.cases import Case

CASES: list[Case] = []
