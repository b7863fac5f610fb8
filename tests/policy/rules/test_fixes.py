"""The fix of a living failure names what is broken by its real name."""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import replace
from typing import Any

import pytest

from mwaa.model.platform import Platform
from policy.analysis import identifiers
from policy.analysis.identifiers import filled
from policy.rules.catalog import catalog
from policy.rules.rule import Verdict
from tests.fixtures.changes import (
    items,
    live,
    present,
    with_environment,
    with_execution_policy,
    with_key,
    with_role,
    without_statement,
)
from tests.fixtures.platforms import no_internet
from tests.policy.rules.cases import Case
from tests.policy.rules.test_compliance import CASES

RULES = {rule.id: rule for rule in catalog()}
# Names that only the reader can choose, and words that are written in capitals.
CHOSEN = {
    "ADDRESS", "ANOTHER", "CIDR_OF_CLIENTS", "DOMAIN", "FILE", "FOLDER", "ID", "LOGS_BUCKET",
    "MODULE", "NEW_KEY", "EXPORT_BUCKET", "PREFIX", "PUBLIC_SUBNET", "ROLE_OF_FLOW_LOGS", "PYTHON",
}  # fmt: skip
CAPITALS = {
    "API", "AWS", "CUSTOMER", "FAILED", "GET", "INFO", "JSON", "MWAA", "NAT", "PIP_USER",
    "PRIVATE_ONLY", "REJECT", "REST", "SQS", "KMS", "SUN", "DNS", "IPV6", "ACL", "VPC", "ARN",
    "TLS", "URL", "TCP",
}  # fmt: skip
WORD = re.compile(r"(?<![A-Za-z_$-])[A-Z][A-Z_]{2,}(?![A-Za-z_])")
LIVE = [
    case for case in CASES if case.verdict is Verdict.FAIL and "live" in RULES[case.rule].origins
]


def as_live(case: Case) -> Platform:
    """The broken platform as an account has it."""
    found = case.platform()
    return found if found.origin == "live" else case.change(live(case.base()))


@pytest.mark.parametrize("case", LIVE, ids=lambda case: case.rule)
def test_the_fix_of_a_living_failure_has_real_names(case: Case) -> None:
    rule = RULES[case.rule]
    try:
        findings = rule.examine(as_live(case))
    except KeyError:
        pytest.skip("what the case changes is not part of a living platform")
    for finding in findings:
        if finding.verdict is Verdict.FAIL:
            assert finding.fix
            command = finding.fix.removeprefix(rule.fix.setting)
            left = set(WORD.findall(command)) - CHOSEN - CAPITALS
            assert not left, (finding.found, finding.fix)
            assert " ..." not in command


def granted(finding_fix: str, option: str) -> dict[str, object]:
    """The document that a fix gives as an option of the AWS command line."""
    words = shlex.split(finding_fix.partition("; or: ")[2].partition(" (")[0])
    document: dict[str, object] = json.loads(words[words.index(option) + 1])
    return document


def test_the_policy_of_the_fix_gives_what_is_missing() -> None:
    broken = without_statement(live(no_internet()), "CeleryQueue")
    rule = RULES["mwaa-identity-may-use-queue"]
    (first, *_) = rule.examine(broken)
    document = granted(first.fix, "--policy-document")
    assert not rule.examine(with_execution_policy(broken, document))


def test_no_policy_of_the_fix_stands_against_a_deny() -> None:
    deny = {"Sid": "NoQueue", "Effect": "Deny", "Action": "sqs:*", "Resource": "*"}
    role = present(no_internet().role)
    (policy, *others) = items(role.policies)
    document: Any = policy.document
    denying = replace(policy, document={**document, "Statement": [*document["Statement"], deny]})
    broken = with_role(live(no_internet()), policies=(denying, *others))
    (first, *_) = RULES["mwaa-identity-may-use-queue"].examine(broken)
    assert "out of the Deny in" in first.fix and "put-role-policy" not in first.fix


@pytest.mark.parametrize(
    ("rule", "change"),
    [
        ("mwaa-encryption-policy-keeps-administrators", {"policy": {"Statement": []}}),
        ("mwaa-encryption-policy-serves-logs", {"policy": {"Statement": []}}),
    ],
)
def test_the_key_policy_of_the_fix_keeps_the_rule(rule: str, change: dict[str, Any]) -> None:
    broken = with_key(live(no_internet()), **change)
    (first,) = RULES[rule].examine(broken)
    if "--policy" in first.fix:
        document = granted(first.fix, "--policy")
        assert not RULES[rule].examine(with_key(broken, policy=document))
    else:
        assert present(broken.key).id in first.fix


def test_the_trust_policy_of_the_fix_keeps_the_rule() -> None:
    rule = RULES["mwaa-identity-trust-both-principals"]
    broken = with_role(live(no_internet()), trust={"Statement": []})
    (first, *_) = rule.examine(broken)
    document = granted(first.fix, "--policy-document")
    assert not rule.examine(with_role(broken, trust=document))


def test_a_name_that_does_not_exist_yet_stays_for_the_reader() -> None:
    planned = with_environment(no_internet(), source_bucket="urn:pulumi:dev::x::aws:s3::b")
    planned = replace(planned, bucket=None)
    assert "BUCKET" not in identifiers.words(planned, None)
    assert filled("--bucket BUCKET --name NAME", identifiers.words(planned, None)).endswith("prod")
