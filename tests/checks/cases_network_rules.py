"""One broken fact in what passes the network: endpoints, groups, network ACLs."""

from tests.checks.cases import Case

CASES: list[Case] = []
