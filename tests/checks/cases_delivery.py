"""One broken fact in what is delivered into the environment."""

from tests.checks.cases import Case

CASES: list[Case] = []
