"""Impact: what is certain before the update, and what only the update will show."""

from pathlib import Path

from ops.commands.impact.disruption import Disruption
from policy.plan.signatures import UNKNOWN_TEXT
from tests.fixtures.previews import (
    ENDPOINT,
    ENVIRONMENT,
    GROUP,
    SUBNET,
    VPC,
    impacts,
    preview,
    replace,
    step,
    urn,
)
from tests.ops.wheels import mwaa


def test_what_is_not_known_yet_is_told_apart_from_what_is_replaced() -> None:
    # As the engine announces it where a VPC's id waits for subnets that do not exist yet.
    subnet = urn(SUBNET, "public")
    found = impacts(
        [
            step(SUBNET, "create", "public"),
            replace(GROUP, "group", "vpcId", unknown="vpcId", follows=(subnet,)),
            replace(ENDPOINT, "sqs", "vpcId", unknown="vpcId", follows=(subnet,)),
            # Only because the group would be deleted first.
            replace(
                ENVIRONMENT,
                "environment",
                unknown="networkConfiguration",
                follows=(urn(GROUP, "group"),),
            ),
        ]
    )
    kinds = {one.urn.rpartition("::")[2]: (one.disruption, one.possible) for one in found}
    assert kinds == {
        "public": (Disruption.CREATE, None),
        "group": (Disruption.UNKNOWN, Disruption.INTERRUPTION),
        "sqs": (Disruption.UNKNOWN, Disruption.INTERRUPTION),
        "environment": (Disruption.UNKNOWN, Disruption.LOSS),
    }
    assert all("is not known yet" in one.message for one in found if one.possible)


def test_what_follows_from_a_certain_replacement_is_certain() -> None:
    found = impacts(
        [
            replace(VPC, "vpc", "cidrBlock"),
            replace(GROUP, "group", "vpcId", unknown="vpcId", follows=(urn(VPC, "vpc"),)),
            replace(ENVIRONMENT, "environment", follows=(urn(GROUP, "group"),)),
        ]
    )
    assert {one.disruption for one in found} == {Disruption.LOSS, Disruption.INTERRUPTION}


def test_without_dependencies_a_certain_replacement_makes_the_others_certain() -> None:
    # The engine's event log, which a rehearsal reads, holds no dependencies.
    steps = [
        replace(VPC, "vpc", "cidrBlock"),
        replace(ENVIRONMENT, "environment", unknown="networkConfiguration"),
    ]
    for one in steps:
        one["newState"] = {"inputs": one["newState"]["inputs"]}
    assert {one.disruption for one in impacts(steps)} == {Disruption.LOSS}
    assert impacts(steps[1:])[0].disruption is Disruption.LOSS
    steps[0]["newState"]["inputs"]["cidrBlock"] = UNKNOWN_TEXT
    assert {one.disruption for one in impacts(steps)} == {Disruption.UNKNOWN}


def test_the_verb_ends_with_3_when_a_loss_is_not_known(tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    plan.write_text(
        preview(
            replace(GROUP, "group", "vpcId", unknown="vpcId"),
            replace(ENVIRONMENT, "environment", follows=(urn(GROUP, "group"),)),
        )
    )
    ran = mwaa("impact", "--preview", plan, "--no-tasks")
    assert (ran.returncode, "not known before the update" in ran.stdout) == (3, True)
