"""The emulated policy simulator answers in the shapes and words that AWS's answered with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from ops.live.rights import rights_to_create
from rehearsal.emulator.patches.iam.simulated_actions import is_known, takes
from tests.witnesses.iam.decisions import DECISIONS
from tests.witnesses.iam.excuses import reason_for
from tests.witnesses.iam.simulator import Simulator, cases, recorded_shape, shape

pytestmark = pytest.mark.skipif(
    not DECISIONS.is_file(),
    reason="recorded decisions of IAM: ../shared/recorded/iam_decisions.json is not here",
)


@pytest.fixture(scope="module")
def answers() -> Iterator[list[tuple[Mapping[str, Any], dict[str, Any]]]]:
    """Each recorded request that can be asked, and the emulated answer."""
    simulator = Simulator()
    yield [(case, simulator.ask(case)) for case in cases()]
    simulator.emulator.close()


def test_requests_are_refused_with_aws_codes_and_words(answers: list[Any]) -> None:
    refused = [(case, answer) for case, answer in answers if "error" in case]
    assert len(refused) > 60
    different: list[object] = []
    for case, answer in refused:
        code, message = answer.get("error", ("", ""))
        error = case["error"]
        if code != error["code"] or error["message"] not in (None, message):
            different.append((case["name"], code, message))
    assert different == []


def test_results_have_the_shape_and_the_decisions_of_aws(answers: list[Any]) -> None:
    answered = [(case, answer) for case, answer in answers if "result" in case]
    assert len(answered) > 300
    different: list[object] = []
    for case, answer in answered:
        if "error" in answer:
            if not reason_for(f"{case['name']}:"):
                different.append((case["name"], answer["error"]))
            continue
        for recorded, ours in zip(recorded_shape(case), shape(answer), strict=True):
            name = f"{case['name']}: {recorded['action']} on {recorded['resource']}"
            if recorded != ours and not reason_for(name):
                different.append((name, recorded, ours))
    assert different == []


def test_pages_end_where_aws_ended_them(answers: list[Any]) -> None:
    pages = {case["name"]: answer for case, answer in answers if "max_items" in case}
    first = pages["pagination_first"]
    assert first["IsTruncated"] is True
    assert first["Marker"]


def test_every_action_that_a_create_asks_for_is_known_to_the_simulator() -> None:
    """Unknown ones beside known ones are refused by AWS: ``ops.live.rights`` names none."""
    described = {
        "Name": "prod",
        "ExecutionRoleArn": "arn:aws:iam::123456789012:role/r",
        "SourceBucketArn": "arn:aws:s3:::b",
        "KmsKey": "arn:aws:kms:us-east-1:123456789012:key/1",
        "Tags": {"stack": "x"},
        "NetworkConfiguration": {"SubnetIds": ["subnet-1"], "SecurityGroupIds": ["sg-1"]},
    }
    caller = {"Arn": "arn:aws:iam::123456789012:user/u", "Account": "123456789012"}
    asked = rights_to_create(described, "us-east-1", caller)
    assert [action for action in asked if not is_known(action)] == []
    strange = [
        (action, resource)
        for action, resources in asked.items()
        for resource in resources
        if not takes(action, resource)
    ]
    assert strange == []
