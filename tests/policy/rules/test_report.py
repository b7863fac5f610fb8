"""The three forms of a report."""

import json

from mwaa.model.platform import UNKNOWN
from policy.formats import as_json, as_sarif, counts, exit_code, text
from policy.rules.catalog import judge
from policy.verdicts import Located, message
from tests.fixtures.changes import with_environment
from tests.fixtures.delivered import delivering
from tests.fixtures.platforms import no_internet

PLATFORM = delivering()(no_internet())
GOOD = judge(PLATFORM)
BAD = judge(with_environment(PLATFORM, webserver_access_mode="PUBLIC_ONLY"))
OPEN = judge(with_environment(PLATFORM, webserver_access_mode=UNKNOWN))
RULE = "mwaa-network-webserver-private"


def test_text_names_what_was_found_and_how_to_mend_it() -> None:
    report = text(BAD)
    for part in (RULE, "found: webserver access mode PUBLIC_ONLY", "fix:", "see: https://"):
        assert part in report
    assert report.startswith("FAIL"), "what must be fixed comes first"
    assert "0 mandatory and 0 advisory failures" in text(GOOD)
    assert RULE in text(GOOD, passes=True) and RULE not in text(GOOD)


def test_exit_codes_tell_failure_from_doubt() -> None:
    assert [exit_code(j) for j in (GOOD, BAD, OPEN)] == [0, 1, 3]


def test_json_holds_every_rule_with_its_verdict() -> None:
    report = json.loads(as_json(BAD))
    assert report["counts"] == counts(BAD)
    by_id = {entry["id"]: entry for entry in report["rules"]}
    assert by_id[RULE]["verdict"] == "fail" and by_id[RULE]["findings"][0]["found"]
    assert json.loads(as_json(OPEN))["counts"]["unknown"] >= 1


def test_sarif_has_a_rule_for_every_result() -> None:
    run = json.loads(as_sarif(BAD, location="Pulumi.dev.yaml"))["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        place = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert place == "Pulumi.dev.yaml"
    assert {r["ruleId"] for r in run["results"] if r["level"] == "error"} == {RULE}
    unknown = json.loads(as_sarif(OPEN))["runs"][0]["results"]
    assert {result["kind"] for result in unknown} == {"review"}


def test_every_form_and_the_pack_say_the_same_of_a_failure() -> None:
    (judgment,) = (one for one in BAD if one.rule.id == RULE)
    (finding,) = judgment.findings
    entry = next(one for one in json.loads(as_json(BAD))["rules"] if one["id"] == RULE)
    in_sarif = json.loads(as_sarif(BAD))["runs"][0]
    (result,) = (one for one in in_sarif["results"] if one["ruleId"] == RULE)
    by_pack = message(judgment.rule, [Located(finding, "urn", "prod")])
    assert "airflow-prod" not in finding.fix and "--name prod" in finding.fix
    for said in (text(BAD), by_pack):
        assert f"found: {finding.found}\n" in said and f"fix: {finding.fix}\n" in said
    assert entry["findings"][0]["fix"] == result["properties"]["fix"] == finding.fix
    assert entry["title"] in text(BAD) and judgment.rule.title == entry["title"]
