"""One broken fact in the environment's own settings and life."""

from tests.checks.cases import Case

CASES: list[Case] = []
