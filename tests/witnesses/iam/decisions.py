"""Decisions of AWS's IAM that others recorded, against those of ``policy.analysis.iam``.

``../shared/recorded/iam_decisions.json`` holds simulations and live calls of IAM's TagUser, of
September 2026. They are read where they lie.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from mwaa.model.platform import Policy
from policy.analysis.iam.conditions import holds
from policy.analysis.iam.evaluate import evaluate
from policy.analysis.iam.request import Request, account_of
from policy.analysis.verdict import Verdict

RECORDED = Path(__file__).resolve().parents[4] / "shared" / "recorded"
DECISIONS = RECORDED / "iam_decisions.json"
# Whoever calls where the recording names nobody.
CALLER = "arn:aws:iam::123456789012:user/test"
LISTS = frozenset({"stringList", "numericList", "booleanList", "dateList", "ipList", "binaryList"})


@dataclass(frozen=True, kw_only=True)
class Decided:
    """One decision of AWS and ours on the same request."""

    name: str
    recorded: str
    ours: str

    @property
    def agreed(self) -> bool:
        return self.recorded == self.ours


@cache
def recordings() -> Mapping[str, Any]:
    """The whole file; parsed once."""
    document: Mapping[str, Any] = json.loads(DECISIONS.read_text(encoding="utf-8"))
    return document


def decisions() -> Iterator[Decided]:
    """Every decision that can be compared: the simulator's on each resource, then the live ones."""
    for case in recordings()["cases"]:
        if "result" in case and comparable(case):
            yield from _simulated(case)
    for number, record in enumerate(recordings()["enforcement"], 1):
        yield from _enforced(number, record)


def comparable(case: Mapping[str, Any]) -> bool:
    """Organizations' policies are not evaluated, and one recorded policy is no JSON."""
    texts = [*case["policies"], *case.get("boundary", ())]
    return "scps" not in case and not case.get("excluded") and not any(
        isinstance(one, str) for one in texts
    )  # fmt: skip


def _simulated(case: Mapping[str, Any]) -> Iterator[Decided]:
    for result in case["result"]:
        answers = result.get("specific") or [result]
        for one in answers:
            yield Decided(
                name=f"{case['name']}: {result['action']} on {one['resource']}",
                recorded=one["decision"],
                ours=_simulate(case, result["action"], one["resource"]),
            )


def _simulate(case: Mapping[str, Any], action: str, resource: str) -> str:
    policies = [
        Policy(id=f"policy {number}", name=f"policy {number}", document=document)
        for number, document in enumerate(case["policies"], 1)
    ]
    boundary = case.get("boundary")
    owner = case.get("resource_owner")
    request = Request(
        action=action,
        resource=resource,
        principal=case.get("caller") or case.get("principal") or CALLER,
        context={
            entry["key"]: (
                tuple(entry["values"]) if entry.get("type") in LISTS else entry["values"][0]
            )
            for entry in case.get("context", ())
            if entry.get("key") and entry.get("values")
        },
        complete=True,
        resource_account=account_of(owner) if owner else None,
    )
    decision = evaluate(
        request,
        policies,
        boundary=Policy(id="b", name="b", document=boundary[0]) if boundary else None,
        resource=case.get("resource_policy"),
    )
    if decision.explicit:
        return "explicitDeny"
    words = {Verdict.PASS: "allowed", Verdict.FAIL: "implicitDeny"}
    return words.get(decision.verdict, "undecided")


def _enforced(number: int, record: Mapping[str, Any]) -> Iterator[Decided]:
    """Whether the condition held: it let an Allow through, or a Deny strike."""
    recorded = _held(record["codes"])
    if recorded:
        yield Decided(
            name=f"enforcement {number}: {json.dumps(record['condition'])} of {record['tags']}",
            recorded=recorded,
            ours=_holds(record["condition"], record["tags"]),
        )


def _held(codes: Mapping[str, str]) -> str:
    """``match``, ``no match``, ``no answer`` where the evaluation failed; empty where not told.

    A call that went on to be refused for its input was authorized.
    """
    passed = {name: code in ("Success", "InvalidInput") for name, code in codes.items()}
    if any("Malformed" in code for code in codes.values()):
        return ""
    allowed, denied = passed.get("allow"), passed.get("deny", passed.get("deny+base"))
    if allowed is None or (allowed and denied):
        return ""
    if allowed is False and denied is False:
        return "no answer"
    return "match" if allowed else "no match"


def _holds(condition: Mapping[str, Any], tags: Mapping[str, str]) -> str:
    context: dict[str, Any] = {f"aws:RequestTag/{key}": value for key, value in tags.items()}
    request = Request(
        action="iam:TagUser",
        resource=CALLER,
        principal=CALLER,
        context={**context, "aws:TagKeys": tuple(tags)},
        complete=True,
    )
    answer = holds(condition, request.value, variables=True)
    return {Verdict.PASS: "match", Verdict.FAIL: "no match"}.get(answer, "no answer")
