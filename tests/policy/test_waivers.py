"""``waivers.yaml``: what it accepts, for how long, and what is refused in it."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from mwaa.exit_codes import ExitCode
from mwaa.model.platform import UNKNOWN
from policy import bundle
from policy.formats import as_json, as_sarif, counts, exit_code, text
from policy.report import main
from policy.rules.catalog import catalog, judge
from policy.rules.rule import Rule
from policy.waivers import Waivers, WaiversError
from tests.fixtures.changes import with_environment
from tests.fixtures.platforms import no_internet

RULE = "mwaa-network-webserver-private"
TODAY = date(2026, 11, 27)
BAD = with_environment(no_internet(), webserver_access_mode="PUBLIC_ONLY")


def rule(name: str = RULE) -> tuple[Rule, ...]:
    return tuple(one for one in catalog() if one.id == name)


def entry(resource: str = "*", expires: str = "2026-12-31", of: str = RULE) -> str:
    """One waiver as a person writes it."""
    return (
        f'  - rule: {of}\n    resource: "{resource}"\n'
        f"    reason: people reach it\n      from home\n    expires: {expires}\n"
    )


def waivers(folder: Path, *entries: str) -> Waivers:
    file = folder / "waivers.yaml"
    file.write_text("waivers:\n" + "".join(entries), encoding="utf-8")
    return Waivers.load(file, today=TODAY)


def test_a_waived_failure_is_shown_and_fails_nothing(tmp_path: Path) -> None:
    judged = waivers(tmp_path, entry()).apply(judge(BAD, rule()), BAD)
    assert exit_code(judged) == 0
    assert counts(judged) == {"mandatory": 0, "advisory": 0, "unknown": 0, "pass": 0, "waived": 1}
    report = text(judged, passes=True)
    assert report.startswith(f"WAIVED   {RULE}") and "pass     " not in report
    assert "waived: people reach it from home (until 2026-12-31)" in report
    assert "1 waived" in report.splitlines()[-1]
    (said,) = json.loads(as_json(judged))["rules"]
    assert said["verdict"] == "waived"
    assert said["findings"][0]["waiver"]["reason"] == "people reach it from home"
    (result,) = json.loads(as_sarif(judged))["runs"][0]["results"]
    (suppression,) = result["suppressions"]
    assert (suppression["kind"], suppression["status"]) == ("external", "accepted")
    assert "people reach it from home" in suppression["justification"]


@pytest.mark.parametrize(("expires", "code"), [("2026-11-27", 0), ("2026-11-26", 1)])
def test_a_waiver_holds_on_its_last_day_and_not_on_the_next(
    tmp_path: Path, expires: str, code: int
) -> None:
    judged = waivers(tmp_path, entry(expires=expires)).apply(judge(BAD, rule()), BAD)
    assert exit_code(judged) == code
    words = f"its waiver expired on {expires} (people reach it from home)"
    assert (words in text(judged)) == bool(code)
    (result,) = json.loads(as_sarif(judged))["runs"][0]["results"]
    assert ("suppressions" in result) != bool(code)
    assert (words in result["message"]["text"]) == bool(code)


@pytest.mark.parametrize("resource", ["*", "{id}", "{name}", "{name[0]}*"])
def test_a_resource_is_named_as_people_name_it(tmp_path: Path, resource: str) -> None:
    environment = BAD.environment
    name = resource.format(id=environment.id, name=str(environment.name))
    accepted = waivers(tmp_path, entry(name))
    judged = accepted.apply(judge(BAD, rule()), BAD)
    assert exit_code(judged) == 0 and accepted.unused(judged) == []


def test_a_planned_resource_is_named_by_its_urn_or_its_logical_name(tmp_path: Path) -> None:
    urn = "urn:pulumi:dev::mwaa::aws:mwaa/environment:Environment::mwaa-airflow-environment"
    for name in (urn, "mwaa-airflow-environment"):
        judged = waivers(tmp_path, entry(name)).apply(
            judge(BAD, rule()), BAD, {BAD.environment.id: urn}
        )
        assert exit_code(judged) == 0, name


def test_of_several_failures_only_the_named_one_is_waived(tmp_path: Path) -> None:
    name = "mwaa-logs-groups-encrypted"
    assert isinstance(BAD.log_groups, tuple)
    bare = replace(BAD, log_groups=tuple(replace(g, key=None) for g in BAD.log_groups))
    first = bare.log_groups[0].name if isinstance(bare.log_groups, tuple) else ""
    judged = waivers(tmp_path, entry(str(first), of=name)).apply(judge(bare, rule(name)), bare)
    (one,) = judged
    assert len(one.waived) == 1 < len(one.findings)
    assert "    waived: people reach it from home" in text(judged)
    assert text(judged).startswith("FAIL")


def test_a_waiver_that_meets_no_failure_is_said(tmp_path: Path) -> None:
    accepted = waivers(tmp_path, entry("another"), entry(of="mwaa-logs-retention-set"))
    judged = accepted.apply(judge(BAD, rule()), BAD)
    (words,) = accepted.unused(judged)
    assert RULE in words and '"another"' in words, "a rule that was not asked says nothing"


def test_what_is_not_known_is_neither_waived_nor_called_unused(tmp_path: Path) -> None:
    open_ = with_environment(no_internet(), webserver_access_mode=UNKNOWN)
    accepted = waivers(tmp_path, entry())
    judged = accepted.apply(judge(open_, rule()), open_)
    assert exit_code(judged) is ExitCode.UNSURE and accepted.unused(judged) == []


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "it is empty"),
        ("- 1\n", "it holds ['1']"),
        ("waivers: 7\n", "waivers: got '7'"),
        ("waiver: []\n", "it holds the keys waiver"),
        ("waivers: [\n", "not valid YAML at line"),
        ("waivers: [7]\n", "waiver 1: got '7'"),
        ("waivers:\n" + entry(of="mwaa-network-webserver-privat"), f"did you mean {RULE}?"),
        ("waivers:\n" + entry().replace("reason", "because"), "no key because"),
        ("waivers:\n" + entry().replace("expires", "expiry"), "expires: got nothing"),
        ("waivers:\n" + entry(expires="soon"), "expires: got 'soon'"),
        ("waivers:\n" + entry(expires="2026-02-30"), "expires: got '2026-02-30'"),
        ("waivers:\n" + entry(expires="2026-11-27 10:00:00"), "a day as YYYY-MM-DD"),
        ("waivers:\n" + entry(resource=" "), "resource: got ' '"),
    ],
)
def test_a_malformed_file_is_refused_with_what_is_allowed(
    tmp_path: Path, content: str, words: str
) -> None:
    file = tmp_path / "waivers.yaml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(WaiversError) as refused:
        Waivers.load(file, today=TODAY)
    assert words in str(refused.value) and "waivers.yaml is refused" in str(refused.value)


def test_the_file_of_the_project_is_found_from_a_folder_below(tmp_path: Path) -> None:
    waivers(tmp_path, entry())
    (tmp_path / "Pulumi.yaml").touch()
    below = tmp_path / "dags" / "team"
    below.mkdir(parents=True)
    assert Waivers.of_project(below).file == tmp_path / "waivers.yaml"
    assert Waivers.of_project(tmp_path).entries


def test_the_report_of_a_plan_honors_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    kind = "aws:mwaa/environment:Environment"
    urn = f"urn:pulumi:test::program::{kind}::env"
    state = {"urn": urn, "type": kind, "inputs": {"webserverAccessMode": "PUBLIC_ONLY"}}
    (tmp_path / "plan.json").write_text(json.dumps({"steps": [{"newState": state}]}))
    waivers(tmp_path, entry("env", expires="2999-12-31"))
    monkeypatch.chdir(tmp_path)
    main(["plan.json", "--format", "json"])
    by_id = {one["id"]: one for one in json.loads(capsys.readouterr().out)["rules"]}
    assert by_id[RULE]["verdict"] == "waived"
    (tmp_path / "waivers.yaml").write_text("waivers: {}\n")
    assert main(["plan.json"]) == 2
    assert "is refused" in capsys.readouterr().err


def test_a_bundle_carries_the_waivers_of_the_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "root").mkdir()
    waivers(tmp_path / "root", entry())
    for part in ("mwaa", "policy", "requirements.txt"):
        (tmp_path / "root" / part).symlink_to(bundle.ROOT / part)
    monkeypatch.setattr(bundle, "ROOT", tmp_path / "root")
    bundle.make(tmp_path / "bundle")
    assert (tmp_path / "bundle" / "waivers.yaml").is_file()
