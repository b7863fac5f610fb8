"""Judgments as text for people, JSON for programs and SARIF for code scanning.

Pure functions, shared by the policy pack's report and the doctor. Findings never hold secret
values, so nothing is masked here. SARIF is version 2.1.0:
https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from mwaa.exit_codes import ExitCode
from policy.rules.catalog import Judgment
from policy.rules.causes import broken_causes
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
WAIVED = "waived"
SIGNS = {"fail": "FAIL", "unknown": "UNKNOWN", "pass": "pass", WAIVED: "WAIVED"}


def counts(judgments: Iterable[Judgment]) -> dict[str, int]:
    """How many rules failed as mandatory and as advisory, are unknown, passed, and would have
    failed without a waiver."""
    found = {"mandatory": 0, "advisory": 0, "unknown": 0, "pass": 0, WAIVED: 0}
    for judgment in judgments:
        if judgment.verdict is Verdict.FAIL:
            found[judgment.rule.enforcement] += 1
        else:
            found[word(judgment)] += 1
    return found


def word(judgment: Judgment) -> str:
    """The verdict in one word; a rule that passes only by waivers is ``waived``."""
    is_waived = judgment.verdict is Verdict.PASS and judgment.waived
    return WAIVED if is_waived else judgment.verdict.value


def exit_code(judgments: Iterable[Judgment]) -> ExitCode:
    """Whether a mandatory rule failed, else whether one could not be judged."""
    judged = [j for j in judgments if j.rule.enforcement == "mandatory"]
    verdicts = {judgment.verdict for judgment in judged}
    if Verdict.FAIL in verdicts:
        return ExitCode.FAILED
    return ExitCode.UNSURE if Verdict.UNKNOWN in verdicts else ExitCode.DONE


def text(judgments: Iterable[Judgment], *, passes: bool = False) -> str:
    """The findings as a person reads them: causes, worst first, each with what it may explain.

    ``passes`` also names the rules that passed.
    """
    judged = list(judgments)
    lines: list[str] = []
    for cause, explained in by_cause(judged):
        lines += _block(cause, explained)
    lines += _undecided(judged)
    lines += _waived(judged)
    if passes:
        lines += [f"pass     {j.rule.id}" for j in judged if word(j) == Verdict.PASS.value]
    n = counts(judged)
    waived = f", {n[WAIVED]} waived" if n[WAIVED] else ""
    lines.append(
        f"{n['mandatory']} mandatory and {n['advisory']} advisory failures, "
        f"{n['unknown']} unknown, {n['pass']} passed{waived}"
    )
    return "\n".join(lines) + "\n"


def worst_first(judgments: Iterable[Judgment]) -> list[Judgment]:
    """In the order in which a person should act: mandatory before advisory, then by severity."""
    return sorted(judgments, key=_rank)


def _rank(judgment: Judgment) -> tuple[bool, int]:
    rule = judgment.rule
    return rule.enforcement != "mandatory", SEVERITIES.index(rule.severity)


def by_cause(judgments: Iterable[Judgment]) -> list[tuple[Judgment, tuple[Judgment, ...]]]:
    """The failures that no other one explains, each with those that it may explain.

    What has several causes stands under the worst of them. A cause is as urgent as the worst of
    what follows from it.
    """
    failed = worst_first(j for j in judgments if j.verdict is Verdict.FAIL)
    causes = broken_causes(j.rule.id for j in failed)
    folded: dict[str, list[Judgment]] = {rule: [] for rule, known in causes.items() if not known}
    for judgment in failed:
        root = next((one for one in causes[judgment.rule.id] if one in folded), None)
        if root is not None:
            folded[root].append(judgment)
    roots = [(j, tuple(folded[j.rule.id])) for j in failed if j.rule.id in folded]
    return sorted(roots, key=lambda root: min(_rank(one) for one in (root[0], *root[1])))


def _block(judgment: Judgment, explained: Iterable[Judgment]) -> list[str]:
    rule = judgment.rule
    lines = [_head(judgment), f"  {rule.title}"]
    for finding in judgment.findings:
        sign = "found" if finding.verdict is Verdict.FAIL else "unknown"
        lines.append(f"  {sign}: {finding.found}")
        lines += [f"    | {line}" for line in finding.lines]
        if finding.waiver:
            lines.append(f"    {'waived: ' if finding.is_waived else ''}{finding.waiver}")
    lines += [f"  why: {rule.why}", *(f"  fix: {fix}" for fix in fixes(rule, judgment.findings))]
    lines.append(f"  see: {rule.source}")
    for one in explained:
        first, *more = [f for f in one.findings if _is_broken(f)]
        rest = f" (and {len(more)} more)" if more else ""
        lines.append(f"  may explain: {one.rule.id} ({_level_of(one.rule)}): {first.found}{rest}")
    return [*lines, ""]


def fixes(rule: Rule, findings: Iterable[Finding]) -> list[str]:
    """What to do about the failures of one rule, each thing once, with the real names."""
    failed = filter(_is_broken, findings)
    own = dict.fromkeys(finding.fix for finding in failed if finding.fix)
    return list(own) or [str(rule.fix)]


def _undecided(judged: Iterable[Judgment]) -> list[str]:
    """One fact that could not be seen leaves many rules undecided: it is printed once for them."""
    reasons: dict[tuple[str, ...], list[Judgment]] = {}
    for judgment in judged:
        if judgment.verdict is Verdict.UNKNOWN:
            open_ = (finding for finding in judgment.findings if not finding.is_waived)
            found = tuple(dict.fromkeys(finding.found for finding in open_))
            reasons.setdefault(found, []).append(judgment)
    lines: list[str] = []
    for found, held in reasons.items():
        lines += [_head(judgment) for judgment in held]
        lines += [*(f"  unknown: {one}" for one in found), ""]
    return lines


def _waived(judged: Iterable[Judgment]) -> list[str]:
    """What is accepted, and why; failures of a rule that fails elsewhere stand in its block."""
    lines: list[str] = []
    for judgment in judged:
        if judgment.waived and judgment.verdict is not Verdict.FAIL:
            lines.append(f"{SIGNS[WAIVED]:8} {judgment.rule.id}  ({_level_of(judgment.rule)})")
            for finding in judgment.waived:
                lines += [f"  found: {finding.found}", f"    waived: {finding.waiver}"]
            lines.append("")
    return lines


def _head(judgment: Judgment) -> str:
    return f"{SIGNS[word(judgment)]:8} {judgment.rule.id}  ({_level_of(judgment.rule)})"


def _level_of(rule: Rule) -> str:
    return f"{rule.enforcement}, {rule.severity}"


def data(judgments: Iterable[Judgment]) -> dict[str, Any]:
    """The judgments as plain data: ``counts`` and one entry for each rule.

    ``causes`` of a rule are the other broken ones that can explain it.
    """
    judged = list(judgments)
    causes = broken_causes(_broken(judged))
    return {
        "counts": counts(judged),
        "rules": [
            {
                "id": judgment.rule.id,
                "title": judgment.rule.title,
                "enforcement": judgment.rule.enforcement,
                "severity": judgment.rule.severity,
                "verdict": word(judgment),
                "causes": list(causes.get(judgment.rule.id, ())),
                "why": judgment.rule.why,
                "source": judgment.rule.source,
                "frameworks": list(judgment.rule.frameworks),
                "fix": {
                    "setting": judgment.rule.fix.setting,
                    "command": judgment.rule.fix.command,
                },
                "findings": [_finding(finding) for finding in judgment.findings],
            }
            for judgment in judged
        ],
    }


def _broken(judgments: Iterable[Judgment]) -> list[str]:
    return [j.rule.id for j in worst_first(judgments) if j.verdict is Verdict.FAIL]


def _finding(finding: Finding) -> dict[str, Any]:
    waiver = finding.waiver
    found = {
        "verdict": finding.verdict.value,
        "found": finding.found,
        "resource": finding.resource,
        "lines": list(finding.lines),
        "fix": finding.fix or None,
    }
    if waiver is None:
        return found
    return found | {
        "waiver": {
            "resource": waiver.resource,
            "reason": waiver.reason,
            "expires": waiver.expires.isoformat(),
            "expired": waiver.expired,
        }
    }


def as_json(judgments: Iterable[Judgment]) -> str:
    """``data`` as JSON text."""
    return json.dumps(data(judgments), indent=2) + "\n"


def sarif(judgments: Iterable[Judgment], *, location: str = LOCATION) -> dict[str, Any]:
    """The judgments as a SARIF log; ``location`` is the file that findings are shown at."""
    judged = list(judgments)
    rules = [judgment.rule for judgment in judged]
    places = {rule.id: index for index, rule in enumerate(rules)}
    causes = broken_causes(_broken(judged))
    failures = {
        judgment.rule.id: next(f for f in judgment.findings if _is_broken(f))
        for judgment in judged
        if judgment.verdict is Verdict.FAIL
    }
    results = [
        _result(
            places[judgment.rule.id],
            judgment.rule,
            finding,
            {one: failures[one] for one in causes.get(judgment.rule.id, ())},
            location,
        )
        for judgment in judged
        for finding in judgment.findings
    ]
    driver = {"name": "mwaa", "informationUri": INFORMATION, "rules": [_rule(c) for c in rules]}
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "results": results}],
    }


def as_sarif(judgments: Iterable[Judgment], *, location: str = LOCATION) -> str:
    """``sarif`` as JSON text."""
    return json.dumps(sarif(judgments, location=location), indent=2) + "\n"


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
    return {
        "ruleId": rule,
        "ruleIndex": index,
        "kind": kind,
        "level": level,
        "message": {"text": message},
        "locations": [_place(resource, location)],
    }


def _place(resource: str | None, location: str) -> dict[str, Any]:
    place: dict[str, Any] = {"physicalLocation": {"artifactLocation": {"uri": location}}}
    if resource:
        place["logicalLocations"] = [{"fullyQualifiedName": resource, "kind": "resource"}]
    return place


def _is_broken(finding: Finding) -> bool:
    return finding.verdict is Verdict.FAIL and not finding.is_waived


def _result(
    index: int, rule: Rule, finding: Finding, causes: Mapping[str, Finding], location: str
) -> dict[str, Any]:
    """One finding; ``causes`` are failures of other rules that may explain it.

    SARIF knows neither cause nor advice of a result: a cause is a place that is of interest to it
    (3.27.22), the fix stands in its properties.
    """
    failed = finding.verdict is Verdict.FAIL
    expired = finding.waiver is not None and finding.waiver.expired
    found = result(
        index,
        rule.id,
        _level(rule) if failed else "none",
        "\n".join(
            (f"{finding.found}; {finding.waiver}" if expired else finding.found, *finding.lines)
        ),
        finding.resource,
        # What could not be judged is open for review; it is neither a pass nor a failure.
        kind="fail" if failed else "review",
        location=location,
    )
    if finding.is_waived:
        # SARIF 2.1.0, 3.35: external, because the waiver stands in a file of its own.
        found["suppressions"] = [
            {"kind": "external", "status": "accepted", "justification": str(finding.waiver)}
        ]
    if _is_broken(finding):
        found["properties"] = {"fix": finding.fix or str(rule.fix), "causes": list(causes)}
    if _is_broken(finding) and causes:
        found["relatedLocations"] = [
            {
                "id": number,
                "message": {"text": f"may follow from {cause}: {failure.found}"},
                **_place(failure.resource, location),
            }
            for number, (cause, failure) in enumerate(causes.items(), 1)
        ]
    return found
