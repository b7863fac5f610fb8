"""Judgements as text for people, JSON for programs and SARIF for code scanning.

Pure functions, shared by the policy pack's report and the doctor. Findings never hold secret
values, so nothing is masked here. SARIF is version 2.1.0:
https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from policy.rules.catalogue import Judgement
from policy.rules.rule import SEVERITIES, Finding, Rule, Severity, Verdict

INFORMATION = "https://docs.aws.amazon.com/mwaa/latest/userguide/"
SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LOCATION = "Pulumi.yaml"
LEVELS: Mapping[Severity, str] = {
    "critical": "error",
    "high": "error",
    "medium": "warning",
    "low": "note",
}
# GitHub's code scanning sorts by this number:
# https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
SCORES: Mapping[Severity, str] = {"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "2.0"}
SIGNS = {Verdict.FAIL: "FAIL", Verdict.UNKNOWN: "UNKNOWN", Verdict.PASS: "pass"}


def counts(judgements: Iterable[Judgement]) -> dict[str, int]:
    """How many rules failed as mandatory and as advisory, are unknown, and passed."""
    found = {"mandatory": 0, "advisory": 0, "unknown": 0, "pass": 0}
    for judgement in judgements:
        if judgement.verdict is Verdict.FAIL:
            found[judgement.rule.enforcement] += 1
        else:
            found[judgement.verdict.value] += 1
    return found


def exit_code(judgements: Iterable[Judgement]) -> int:
    """0 when nothing is wrong, 1 when a mandatory rule failed, 2 when one could not be judged."""
    judged = [j for j in judgements if j.rule.enforcement == "mandatory"]
    verdicts = {judgement.verdict for judgement in judged}
    if Verdict.FAIL in verdicts:
        return 1
    return 2 if Verdict.UNKNOWN in verdicts else 0


def text(judgements: Iterable[Judgement], *, passes: bool = False) -> str:
    """The findings as a person reads them, mandatory failures first; ``passes`` names those too."""
    judged = list(judgements)
    lines: list[str] = []
    for judgement in worst_first(judged):
        if judgement.verdict is Verdict.FAIL:
            lines += _block(judgement)
    lines += _undecided(judged)
    if passes:
        lines += [f"pass     {j.rule.id}" for j in judged if j.verdict is Verdict.PASS]
    n = counts(judged)
    lines.append(
        f"{n['mandatory']} mandatory and {n['advisory']} advisory failures, "
        f"{n['unknown']} unknown, {n['pass']} passed"
    )
    return "\n".join(lines) + "\n"


def worst_first(judgements: Iterable[Judgement]) -> list[Judgement]:
    """In the order in which a person should act: mandatory before advisory, then by severity."""
    return sorted(
        judgements,
        key=lambda j: (j.rule.enforcement != "mandatory", SEVERITIES.index(j.rule.severity)),
    )


def _block(judgement: Judgement) -> list[str]:
    rule = judgement.rule
    lines = [_head(judgement), f"  {rule.title}"]
    for finding in judgement.findings:
        sign = "found" if finding.verdict is Verdict.FAIL else "unknown"
        lines.append(f"  {sign}: {finding.found}")
    lines += [f"  why: {rule.why}", f"  fix: {rule.fix}", f"  see: {rule.source}"]
    return [*lines, ""]


def _undecided(judged: Iterable[Judgement]) -> list[str]:
    """One fact that could not be seen leaves many rules undecided: it is printed once for them."""
    reasons: dict[tuple[str, ...], list[Judgement]] = {}
    for judgement in judged:
        if judgement.verdict is Verdict.UNKNOWN:
            found = tuple(dict.fromkeys(finding.found for finding in judgement.findings))
            reasons.setdefault(found, []).append(judgement)
    lines: list[str] = []
    for found, held in reasons.items():
        lines += [_head(judgement) for judgement in held]
        lines += [*(f"  unknown: {one}" for one in found), ""]
    return lines


def _head(judgement: Judgement) -> str:
    rule = judgement.rule
    return f"{SIGNS[judgement.verdict]:8} {rule.id}  ({rule.enforcement}, {rule.severity})"


def data(judgements: Iterable[Judgement]) -> dict[str, Any]:
    """The judgements as plain data: ``counts`` and one entry for each rule."""
    judged = list(judgements)
    return {
        "counts": counts(judged),
        "rules": [
            {
                "id": judgement.rule.id,
                "title": judgement.rule.title,
                "enforcement": judgement.rule.enforcement,
                "severity": judgement.rule.severity,
                "verdict": judgement.verdict.value,
                "why": judgement.rule.why,
                "source": judgement.rule.source,
                "frameworks": list(judgement.rule.frameworks),
                "fix": {
                    "setting": judgement.rule.fix.setting,
                    "command": judgement.rule.fix.command,
                },
                "findings": [
                    {"verdict": f.verdict.value, "found": f.found, "resource": f.resource}
                    for f in judgement.findings
                ],
            }
            for judgement in judged
        ],
    }


def as_json(judgements: Iterable[Judgement]) -> str:
    """``data`` as JSON text."""
    return json.dumps(data(judgements), indent=2) + "\n"


def sarif(judgements: Iterable[Judgement], *, location: str = LOCATION) -> dict[str, Any]:
    """The judgements as a SARIF log; ``location`` is the file that findings are shown at."""
    judged = list(judgements)
    rules = [judgement.rule for judgement in judged]
    results = [
        _result(rules.index(judgement.rule), judgement.rule, finding, location)
        for judgement in judged
        for finding in judgement.findings
    ]
    driver = {"name": "mwaa", "informationUri": INFORMATION, "rules": [_rule(c) for c in rules]}
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "results": results}],
    }


def as_sarif(judgements: Iterable[Judgement], *, location: str = LOCATION) -> str:
    """``sarif`` as JSON text."""
    return json.dumps(sarif(judgements, location=location), indent=2) + "\n"


def _rule(rule: Rule) -> Mapping[str, Any]:
    return {
        "id": rule.id,
        "name": type(rule).__name__,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.why},
        "help": {"text": f"{rule.fix}\n{rule.source}"},
        "helpUri": rule.source,
        "defaultConfiguration": {"level": _level(rule)},
        "properties": {
            "tags": [rule.section(), *rule.frameworks],
            "security-severity": SCORES[rule.severity],
            "enforcement": rule.enforcement,
        },
    }


def _level(rule: Rule) -> str:
    return LEVELS[rule.severity]


def result(
    index: int,
    rule: str,
    level: str,
    message: str,
    resource: str | None = None,
    *,
    kind: str = "fail",
    location: str = LOCATION,
) -> dict[str, Any]:
    """One SARIF result; ``index`` is the place of ``rule`` among the log's rules."""
    place: dict[str, Any] = {"physicalLocation": {"artifactLocation": {"uri": location}}}
    if resource:
        place["logicalLocations"] = [{"fullyQualifiedName": resource, "kind": "resource"}]
    return {
        "ruleId": rule,
        "ruleIndex": index,
        "kind": kind,
        "level": level,
        "message": {"text": message},
        "locations": [place],
    }


def _result(index: int, rule: Rule, finding: Finding, location: str) -> dict[str, Any]:
    failed = finding.verdict is Verdict.FAIL
    return result(
        index,
        rule.id,
        _level(rule) if failed else "none",
        finding.found,
        finding.resource,
        # What could not be judged is open for review; it is neither a pass nor a failure.
        kind="fail" if failed else "review",
        location=location,
    )
