"""The emulated simulator, asked what AWS's was asked: shapes, decisions and errors side by side."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from botocore.config import Config
from botocore.exceptions import ClientError

from rehearsal.emulator.accounts import Accounts
from rehearsal.emulator.clock import Clock
from rehearsal.emulator.server import Emulator, create_app
from tests.witnesses.iam.decisions import recordings

ACCOUNT = "123456789012"
# What the emulated simulator has no tables for.
WITHOUT = ("scps", "excluded", "resource_handling")


class Simulator:
    """IAM of one emulated account, with what the recordings' setup attached to their principals."""

    def __init__(self) -> None:
        self.emulator: Emulator = create_app(clock=Clock(speed=1.0))
        self.emulator.load()
        accounts = Accounts()
        accounts.connect(self.emulator)
        # AWS was asked what boto3 itself would refuse to send.
        config = Config(parameter_validation=False, retries={"total_max_attempts": 1})
        self.iam: Any = accounts.session(ACCOUNT, "us-east-1").client("iam", config=config)

    def ask(self, case: Mapping[str, Any]) -> dict[str, Any]:
        """The answer, or ``error`` with the code and the message of the refusal."""
        wish: dict[str, Any] = {
            "PolicyInputList": [_text(one) for one in case["policies"]],
            "ActionNames": case["actions"],
            "ResourceArns": case.get("resources", []),
            "PermissionsBoundaryPolicyInputList": [_text(one) for one in case.get("boundary", ())],
            "ContextEntries": [_entry(one) for one in case.get("context", ())],
            "CallerArn": case.get("caller"),
            "ResourceOwner": case.get("resource_owner"),
            "MaxItems": case.get("max_items"),
            "Marker": case.get("marker"),
        }
        if "resource_policy" in case:
            wish["ResourcePolicy"] = _text(case["resource_policy"])
        operation = self.iam.simulate_custom_policy
        if "principal" in case:
            operation = self.iam.simulate_principal_policy
            wish["PolicySourceArn"] = case["principal"]
        try:
            answer: dict[str, Any] = operation(
                **{name: value for name, value in wish.items() if value not in (None, [])}
            )
        except ClientError as error:
            return {"error": (error.response["Error"]["Code"], error.response["Error"]["Message"])}
        return answer


def _text(policy: Any) -> str:
    return policy if isinstance(policy, str) else json.dumps(policy)


def _entry(entry: Mapping[str, Any]) -> dict[str, Any]:
    names = {"key": "ContextKeyName", "type": "ContextKeyType", "values": "ContextKeyValues"}
    return {names[name]: value for name, value in entry.items()}


def cases() -> Iterator[Mapping[str, Any]]:
    """The recorded simulations that the emulated simulator can be asked: those of given policies,
    and the refusals of what is no principal."""
    for case in recordings()["cases"]:
        refused = "principal" in case and "error" in case
        if not any(case.get(name) for name in WITHOUT) and ("principal" not in case or refused):
            yield case


def shape(answer: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The results as the recordings are written down."""
    found = []
    for one in answer["EvaluationResults"]:
        result = _decided(one, "EvalDecision")
        result["action"] = one["EvalActionName"]
        if "ResourceSpecificResults" in one:
            specific = one["ResourceSpecificResults"]
            result["specific"] = [_decided(each, "EvalResourceDecision") for each in specific]
        found.append(result)
    return found


def _decided(one: Mapping[str, Any], decision: str) -> dict[str, Any]:
    made: dict[str, Any] = {
        "resource": one["EvalResourceName"],
        "decision": one[decision],
        "missing_context": sorted(one.get("MissingContextValues", [])),
    }
    boundary = one.get("PermissionsBoundaryDecisionDetail")
    if boundary is not None:
        made["boundary_allows"] = boundary["AllowedByPermissionsBoundary"]
    return made


def recorded_shape(case: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The recorded results, without what the emulated simulator does not tell."""

    def plain(one: Mapping[str, Any]) -> dict[str, Any]:
        kept = ("action", "resource", "decision", "boundary_allows")
        made = {name: one[name] for name in kept if name in one}
        return {**made, "missing_context": sorted(one.get("missing_context", []))}

    return [
        plain(one)
        | ({"specific": [plain(each) for each in one["specific"]]} if "specific" in one else {})
        for one in case["result"]
    ]
