"""What explains what: a table of rules without circles, which agrees with what falls together."""

from __future__ import annotations

import json
from collections.abc import Iterable

import pytest

from policy.formats import by_cause, counts, data, exit_code, sarif, text
from policy.rules.catalog import Judgment, catalog, judge
from policy.rules.causes import _CAUSES, broken_causes, causes_of
from policy.rules.rule import Finding, Verdict, fail
from policy.verdicts import Located, message
from tests.fixtures.changes import live, with_key, without
from tests.fixtures.platforms import no_internet
from tests.mutants.related import RELATED

RULES = {rule.id: rule for rule in catalog()}
# Broken by one thing, and neither is the cause of the other: a name, a region, an order.
PEERS = {
    "mwaa-environment-access-mode-explicit",
    "mwaa-environment-name-valid",
    "mwaa-environment-region-supported",
    "mwaa-identity-environment-after-policies",
    "mwaa-identity-may-use-service-key",
    "mwaa-logs-groups-before-environment",
    "mwaa-storage-environment-after-bucket",
    "mwaa-storage-name-plain",
}


def test_the_table_names_rules_alone() -> None:
    named = {*_CAUSES, *(cause for causes in _CAUSES.values() for cause in causes)}
    assert {f"mwaa-{name}" for name in named} <= set(RULES)


def test_nothing_explains_itself() -> None:
    assert [rule for rule in RULES if rule in causes_of(rule)] == []


def test_a_cause_can_be_seen_where_its_consequence_is() -> None:
    for name, causes in _CAUSES.items():
        for cause in causes:
            assert RULES[f"mwaa-{cause}"].origins & RULES[f"mwaa-{name}"].origins, (cause, name)


def test_what_falls_together_is_explained_one_way_or_the_other() -> None:
    loose = [
        (rule, other)
        for rule, others in RELATED.items()
        for other in others
        if rule not in PEERS and not (rule in causes_of(other) or other in causes_of(rule))
    ]
    assert loose == []


def broken(*rules: str) -> list[Judgment]:
    failing = (Finding(verdict=Verdict.FAIL, found="broken"),)
    return [Judgment(rule=RULES[f"mwaa-{one}"], findings=failing) for one in rules]


def folded(judgments: Iterable[Judgment]) -> dict[str, list[str]]:
    return {
        cause.rule.id.removeprefix("mwaa-"): [j.rule.id.removeprefix("mwaa-") for j in explained]
        for cause, explained in by_cause(judgments)
    }


@pytest.mark.parametrize(
    ("rules", "tree"),
    [
        # A NAT gateway that is gone, a key that may not be used, and what is seen of either.
        (
            ("environment-worker-heartbeat", "network-required-endpoints",
             "network-no-blackhole-route", "network-everything-reachable"),
            {"network-no-blackhole-route": [
                "environment-worker-heartbeat", "network-required-endpoints",
                "network-everything-reachable"]},
        ),
        (
            ("environment-scheduler-heartbeat", "logs-events-arrive",
             "encryption-policy-serves-logs"),
            {"encryption-policy-serves-logs": [
                "environment-scheduler-heartbeat", "logs-events-arrive"]},
        ),
        # Two things that have nothing to do with each other.
        (
            ("storage-tls-only", "network-two-subnets"),
            {"network-two-subnets": [], "storage-tls-only": []},
        ),
        # An advisory cause is as urgent as what follows from it.
        (
            ("storage-tls-only", "logs-components-run", "environment-worker-heartbeat"),
            {"logs-components-run": ["environment-worker-heartbeat"], "storage-tls-only": []},
        ),
    ],
)  # fmt: skip
def test_a_consequence_stands_under_its_cause(
    rules: tuple[str, ...], tree: dict[str, list[str]]
) -> None:
    for order in (rules, rules[::-1]):
        found = folded(broken(*order))
        assert {cause: sorted(these) for cause, these in found.items()} == {
            cause: sorted(these) for cause, these in tree.items()
        }
        assert next(iter(found)) == next(iter(tree))


def test_folding_hides_nothing_and_changes_no_count() -> None:
    platform = live(with_key(no_internet(), state="Disabled"))
    judged = judge(platform)
    failed = {j.rule.id for j in judged if j.verdict is Verdict.FAIL}
    printed = text(judged)
    assert all(rule in printed for rule in failed)
    assert sum(1 + len(explained) for _, explained in by_cause(judged)) == len(failed)
    assert counts(judged)["mandatory"] == sum(
        1 for rule in failed if RULES[rule].enforcement == "mandatory"
    )
    assert exit_code(judged) == 1


def test_data_and_sarif_name_the_causes() -> None:
    judged = broken("environment-worker-heartbeat", "encryption-key-usable")
    entries = {one["id"]: one["causes"] for one in data(judged)["rules"]}
    assert entries["mwaa-environment-worker-heartbeat"] == ["mwaa-encryption-key-usable"]
    assert entries["mwaa-encryption-key-usable"] == []
    results = {r["ruleId"]: r for r in json.loads(json.dumps(sarif(judged)))["runs"][0]["results"]}
    beat = results["mwaa-environment-worker-heartbeat"]
    assert beat["properties"]["causes"] == ["mwaa-encryption-key-usable"]
    (place,) = beat["relatedLocations"]
    assert place["message"]["text"] == "may follow from mwaa-encryption-key-usable: broken"
    root = results["mwaa-encryption-key-usable"]
    assert "relatedLocations" not in root and root["properties"]["causes"] == []
    assert root["properties"]["fix"]


def test_the_packs_message_says_what_comes_first() -> None:
    rule = RULES["mwaa-network-everything-reachable"]
    failed = [Located(fail("no route"), "urn", "vpc-1")]
    assert "after: mwaa-network-acls-pass\nfix:" in message(
        rule, failed, ["mwaa-network-acls-pass"]
    )
    assert "after:" not in message(rule, failed)


def test_one_broken_thing_has_one_root() -> None:
    platform = without(live(no_internet()), "endpoints", "vpce-sqs")
    roots = [
        cause.rule.id
        for cause, _ in by_cause(judge(platform))
        if cause.rule.enforcement == "mandatory"
    ]
    assert roots == ["mwaa-network-required-endpoints"]


def test_causes_are_those_that_are_broken() -> None:
    assert broken_causes(["mwaa-network-everything-reachable"]) == {
        "mwaa-network-everything-reachable": ()
    }
