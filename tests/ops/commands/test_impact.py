"""Impact: each change by what it does to Airflow; data loss comes first and exits 1."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from mwaa.service.artifacts import EMPTY
from ops.commands.impact import effects
from ops.commands.impact.changes import Impact, impacts, parse
from ops.commands.impact.effects import Effect
from tests.ops.wheels import mwaa

ENVIRONMENT = "aws:mwaa/environment:Environment"


def step(kind: str, operation: str, **more: Any) -> dict[str, Any]:
    urn = f"urn:pulumi:prod::mwaa::mwaa:components:Platform${kind}::it"
    return {"op": operation, "urn": urn, **more}


def update(*inputs: str, strategy: str = "GRACEFUL") -> dict[str, Any]:
    """An update of the environment; the strategy is in the diff only when ``inputs`` name it."""
    return step(
        ENVIRONMENT,
        "update",
        detailedDiff={name: {"kind": "update"} for name in inputs},
        oldState={"inputs": {"name": "prod"}},
        newState={"inputs": {"name": "prod", "workerReplacementStrategy": strategy}},
    )


@pytest.mark.parametrize(
    ("change", "effect", "words"),
    [
        (step(ENVIRONMENT, "create"), Effect.CREATE, "new environment"),
        (step(ENVIRONMENT, "delete"), Effect.LOSS, "metadata database is lost"),
        (
            step(ENVIRONMENT, "replace", replaceReasons=["kmsKey"]),
            Effect.LOSS,
            "encryption or existingKeyArn",
        ),
        (
            step(ENVIRONMENT, "replace", replaceReasons=["networkConfiguration.subnetIds[0]"]),
            Effect.LOSS,
            "availabilityZones",
        ),
        (update("tags.team", "tagsAll.team"), Effect.NOTHING, "tags only"),
        (update("maxWorkers"), Effect.IN_PLACE, "maxWorkers"),
        (
            update("requirementsS3ObjectVersion", "workerReplacementStrategy"),
            Effect.RESTART,
            "up to 12 h",
        ),
        (update("requirementsS3ObjectVersion"), Effect.RESTART, "published provider"),
        (update("environmentClass", strategy="FORCED"), Effect.RESTART, "tasks are killed"),
        (update("maxWorkers", "pluginsS3ObjectVersion"), Effect.RESTART, "every container"),
        (
            step(
                "aws:s3/bucketObjectv2:BucketObjectv2",
                "update",
                newState={
                    "inputs": {
                        "key": "plugins.zip",
                        "sourceHash": hashlib.sha256(EMPTY["plugins"]).hexdigest(),
                    }
                },
            ),
            Effect.NOTHING,
            "pluginsFile is no longer set, and MWAA takes no file away",
        ),
        (step("aws:s3/bucket:Bucket", "delete"), Effect.LOSS, "DAGs"),
        (
            step("aws:s3/bucket:Bucket", "delete", oldState={"retainOnDelete": True}),
            Effect.NOTHING,
            "stays in AWS",
        ),
        (step("aws:kms/key:Key", "replace"), Effect.LOSS, "no longer be read"),
        (step("aws:ec2/vpcEndpoint:VpcEndpoint", "replace"), Effect.INTERRUPTION, "privately"),
        (step("aws:iam/rolePolicy:RolePolicy", "update"), Effect.IN_PLACE, "new rights"),
        (step("aws:cloudwatch/metricAlarm:MetricAlarm", "update"), Effect.NOTHING, ""),
        (step("aws:cloudwatch/metricAlarm:MetricAlarm", "delete"), Effect.NOTHING, ""),
    ],
)
def test_what_a_change_does(change: dict[str, Any], effect: Effect, words: str) -> None:
    (found,) = impacts([change])
    assert found.effect is effect
    assert words in found.message


PREVIEWS = Path(__file__).parent / "previews"


def recorded(name: str) -> Impact:
    """The environment's change in a preview that the engine printed, shortened."""
    return impacts(parse((PREVIEWS / name).read_text()))[0]


def test_the_first_change_after_a_create_carries_the_strategy() -> None:
    found = recorded("strategy_sent.json")
    assert (found.effect, found.workers) == (Effect.RESTART, "GRACEFUL")
    assert "because of requirementsS3ObjectVersion; GRACEFUL" in found.message
    assert "published provider" not in found.message
    assert found.minutes == (10, 12 * 60 + 30)


def test_a_change_that_leaves_the_strategy_behind_is_reported_as_forced() -> None:
    found = recorded("strategy_withheld.json")
    assert (found.effect, found.workers) == (Effect.RESTART, "FORCED")
    for words in ("running tasks are killed", effects.STRATEGY_SOURCE, "quiet hour"):
        assert words in found.message
    assert found.minutes == (10, 30)


@pytest.mark.parametrize("strategy", ["GRACEFUL", "FORCED"])
def test_a_version_change_ends_running_tasks_and_takes_up_to_two_hours(strategy: str) -> None:
    change = {
        **update("airflowVersion", "workerReplacementStrategy", strategy=strategy),
        "oldState": {"inputs": {"name": "prod", "airflowVersion": "2.10.3"}},
    }
    (one,) = impacts([change])
    assert (one.effect, one.minutes, one.workers) == (Effect.INTERRUPTION, (10, 120), "FORCED")
    for words in (
        "from 2.10.3 to",
        "all running tasks are ended",
        "up to two hours",
        "rolled back",
    ):
        assert words in one.message


def test_what_stays_the_same_is_not_reported_and_a_replacement_is_reported_once() -> None:
    found = impacts(
        [
            step("aws:s3/bucket:Bucket", "same"),
            step(ENVIRONMENT, "create-replacement"),
            step(ENVIRONMENT, "replace", replaceReasons=["name"]),
            step(ENVIRONMENT, "delete-replaced"),
        ]
    )
    assert [one.operation for one in found] == ["replace"]


def test_the_worst_comes_first() -> None:
    found = impacts([update("maxWorkers"), step("aws:kms/key:Key", "delete")])
    assert [one.effect for one in found] == [Effect.LOSS, Effect.IN_PLACE]


def test_values_are_never_shown() -> None:
    change = update("airflowConfigurationOptions")
    change["detailedDiff"]["airflowConfigurationOptions"]["value"] = "hunter2"
    assert "hunter2" not in json.dumps([one.document() for one in impacts([change])])


def test_the_verb_ends_with_1_when_data_would_be_lost(tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    plan.write_text("Previewing\n" + json.dumps({"steps": [step(ENVIRONMENT, "delete")]}))
    ran = mwaa("impact", "--preview", plan)
    assert (ran.returncode, "metadata database is lost" in ran.stdout) == (1, True)
    plan.write_text(json.dumps({"steps": [update("maxWorkers")]}))
    ran = mwaa("impact", "--preview", plan, "--format", "json", "--no-tasks")
    assert ran.returncode == 0
    assert json.loads(ran.stdout)["environment"] == "prod"
    plan.write_text(json.dumps({"steps": []}))
    assert mwaa("impact", "--preview", plan).stdout == "no changes: nothing happens\n"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('{"x": 1}', "pulumi preview --json"),
        ("not json", "pulumi preview --json"),
        ('{"diagnostics": [{"severity": "error", "message": "bad key"}]}', "bad key"),
        # What the engine prints of a program that refuses its settings: the stack is a step.
        (
            json.dumps(
                {
                    "steps": [{"op": "same", "urn": "urn:pulumi:x::mwaa::pulumi:pulumi:Stack::x"}],
                    "diagnostics": [
                        {"severity": "error", "message": "error: 1 setting is refused"},
                        {"severity": "error", "message": "error: preview failed"},
                    ],
                    "changeSummary": {"same": 1},
                }
            ),
            "not known:\n1 setting is refused",
        ),
    ],
)
def test_what_is_no_preview_is_refused(tmp_path: Path, content: str, words: str) -> None:
    plan = tmp_path / "plan.json"
    plan.write_text(content)
    ran = mwaa("impact", "--preview", plan)
    assert (ran.returncode, words in ran.stderr) == (2, True)
    assert parse('{"steps": []}') == []


def test_a_plan_that_breaks_a_policy_is_whole() -> None:
    broken = {"severity": "error", "message": "error: preview failed"}
    document = {"steps": [update("maxWorkers")], "diagnostics": [broken]}
    assert len(parse(json.dumps(document))) == 1
