"""Judgements as text for people, JSON for programs and SARIF for code scanning.

Pure functions, shared by the policy pack's report and the doctor. Findings never hold secret
values, so nothing is masked here. SARIF is version 2.1.0:
https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from checks.catalogue import Judgement
from checks.check import Check, Finding, Verdict

INFORMATION = "https://docs.aws.amazon.com/mwaa/latest/userguide/"
SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
SIGNS = {Verdict.FAIL: "FAIL", Verdict.UNKNOWN: "UNKNOWN", Verdict.PASS: "pass"}


def counts(judgements: Iterable[Judgement]) -> dict[str, int]:
    """How many checks failed as mandatory and as advisory, are unknown, and passed."""
    found = {"mandatory": 0, "advisory": 0, "unknown": 0, "pass": 0}
    for judgement in judgements:
        if judgement.verdict is Verdict.FAIL:
            found[judgement.check.severity] += 1
        else:
            found[judgement.verdict.value] += 1
    return found


def exit_code(judgements: Iterable[Judgement]) -> int:
    """0 when nothing is wrong, 1 when a mandatory check failed, 2 when one could not be judged."""
    judged = [j for j in judgements if j.check.severity == "mandatory"]
    verdicts = {judgement.verdict for judgement in judged}
    if Verdict.FAIL in verdicts:
        return 1
    return 2 if Verdict.UNKNOWN in verdicts else 0


def text(judgements: Iterable[Judgement], *, passes: bool = False) -> str:
    """The findings as a person reads them, mandatory failures first; ``passes`` names those too."""
    judged = list(judgements)
    order = [(Verdict.FAIL, "mandatory"), (Verdict.FAIL, "advisory"), (Verdict.UNKNOWN, None)]
    lines: list[str] = []
    for verdict, severity in order:
        for judgement in judged:
            if judgement.verdict is verdict and severity in (None, judgement.check.severity):
                lines += _block(judgement)
    if passes:
        lines += [f"pass     {j.check.id}" for j in judged if j.verdict is Verdict.PASS]
    n = counts(judged)
    lines.append(
        f"{n['mandatory']} mandatory and {n['advisory']} advisory failures, "
        f"{n['unknown']} unknown, {n['pass']} passed"
    )
    return "\n".join(lines) + "\n"


def _block(judgement: Judgement) -> list[str]:
    check = judgement.check
    lines = [f"{SIGNS[judgement.verdict]:8} {check.id}  ({check.severity})", f"  {check.title}"]
    for finding in judgement.findings:
        sign = "found" if finding.verdict is Verdict.FAIL else "unknown"
        lines.append(f"  {sign}: {finding.found}")
    if judgement.verdict is Verdict.FAIL:
        lines += [f"  why: {check.why}", f"  mend it: {check.remedy}", f"  see: {check.source}"]
    return [*lines, ""]


def data(judgements: Iterable[Judgement]) -> dict[str, Any]:
    """The judgements as plain data: ``counts`` and one entry for each check."""
    judged = list(judgements)
    return {
        "counts": counts(judged),
        "checks": [
            {
                "id": judgement.check.id,
                "title": judgement.check.title,
                "severity": judgement.check.severity,
                "verdict": judgement.verdict.value,
                "source": judgement.check.source,
                "remedy": {
                    "setting": judgement.check.remedy.setting,
                    "command": judgement.check.remedy.command,
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


def sarif(judgements: Iterable[Judgement], *, location: str = "Pulumi.yaml") -> dict[str, Any]:
    """The judgements as a SARIF log; ``location`` is the file that findings are shown at."""
    judged = list(judgements)
    checks = [judgement.check for judgement in judged]
    results = [
        _result(checks.index(judgement.check), judgement.check, finding, location)
        for judgement in judged
        for finding in judgement.findings
    ]
    driver = {"name": "mwaa", "informationUri": INFORMATION, "rules": [_rule(c) for c in checks]}
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "results": results}],
    }


def as_sarif(judgements: Iterable[Judgement], *, location: str = "Pulumi.yaml") -> str:
    """``sarif`` as JSON text."""
    return json.dumps(sarif(judgements, location=location), indent=2) + "\n"


def _rule(check: Check) -> Mapping[str, Any]:
    return {
        "id": check.id,
        "name": type(check).__name__,
        "shortDescription": {"text": check.title},
        "fullDescription": {"text": check.why},
        "help": {"text": f"{check.remedy}\n{check.source}"},
        "helpUri": check.source,
        "defaultConfiguration": {"level": _level(check)},
        "properties": {"tags": [check.section(), *check.frameworks]},
    }


def _level(check: Check) -> str:
    return "error" if check.severity == "mandatory" else "warning"


def _result(index: int, check: Check, finding: Finding, location: str) -> Mapping[str, Any]:
    failed = finding.verdict is Verdict.FAIL
    place: dict[str, Any] = {"physicalLocation": {"artifactLocation": {"uri": location}}}
    if finding.resource:
        place["logicalLocations"] = [{"fullyQualifiedName": finding.resource, "kind": "resource"}]
    return {
        "ruleId": check.id,
        "ruleIndex": index,
        # What could not be judged is open for review; it is neither a pass nor a failure.
        "kind": "fail" if failed else "review",
        "level": _level(check) if failed else "none",
        "message": {"text": finding.found},
        "locations": [place],
    }
