"""Impact: each change by what it does to Airflow; data loss comes first and exits 1."""

import hashlib
import json
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import MagicMock

import pytest
import typer
from botocore.exceptions import ClientError

from mwaa.service.artifacts import EMPTY
from ops.commands.impact import disruption, impact
from ops.commands.impact.assessment import assess
from ops.commands.impact.disruption import Disruption
from ops.commands.impact.environment import Impact
from ops.commands.impact.preview import parse
from ops.commands.impact.resources import disruption_of
from ops.errors import RefusedError
from ops.target import session_of
from tests.fixtures.previews import (
    ENVIRONMENT,
    GROUP,
    SUBNET,
    existing,
    impacts,
    preview,
    step,
    update,
)
from tests.ops.wheels import ROOT, mwaa


@pytest.mark.parametrize(
    ("change", "effect", "words"),
    [
        (step(ENVIRONMENT, "create"), Disruption.CREATE, "new environment"),
        (step(ENVIRONMENT, "delete"), Disruption.LOSS, "metadata database is lost"),
        (
            step(ENVIRONMENT, "replace", replaceReasons=["kmsKey"]),
            Disruption.LOSS,
            "encryption or existingKeyArn",
        ),
        (
            step(ENVIRONMENT, "replace", replaceReasons=["networkConfiguration.subnetIds[0]"]),
            Disruption.LOSS,
            "availabilityZones",
        ),
        (update("tags.team", "tagsAll.team"), Disruption.NOTHING, "only tags change (team)"),
        (update("maxWorkers"), Disruption.IN_PLACE, "maxWorkers"),
        (
            update("requirementsS3ObjectVersion", "workerReplacementStrategy"),
            Disruption.RESTART,
            "up to 12 h",
        ),
        (update("requirementsS3ObjectVersion"), Disruption.RESTART, "published provider"),
        (update("environmentClass", strategy="FORCED"), Disruption.RESTART, "tasks are killed"),
        (update("maxWorkers", "pluginsS3ObjectVersion"), Disruption.RESTART, "every container"),
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
            Disruption.NOTHING,
            "pluginsFile is no longer set, and MWAA takes no file away",
        ),
        (step("aws:s3/bucket:Bucket", "delete"), Disruption.LOSS, "DAGs"),
        (
            step("aws:s3/bucket:Bucket", "delete", oldState={"retainOnDelete": True}),
            Disruption.NOTHING,
            "stays in AWS",
        ),
        (step("aws:kms/key:Key", "replace"), Disruption.LOSS, "no longer be read"),
        (
            step("aws:ec2/vpcEndpoint:VpcEndpoint", "replace"),
            Disruption.INTERRUPTION,
            "until the new",
        ),
        (step("aws:iam/rolePolicy:RolePolicy", "update"), Disruption.IN_PLACE, "new rights"),
        (
            step("aws:ec2/networkAclRule:NetworkAclRule", "update"),
            Disruption.IN_PLACE,
            "at once",
        ),
        (step("aws:ec2/eip:Eip", "replace"), Disruption.INTERRUPTION, "another address"),
        (step("aws:s3/bucketV2:BucketV2", "delete"), Disruption.LOSS, "DAGs"),
        (step("aws:lambda/function:Function", "replace"), Disruption.NOTHING, ""),
        (step("aws:cloudwatch/metricAlarm:MetricAlarm", "update"), Disruption.NOTHING, ""),
        (step("aws:cloudwatch/metricAlarm:MetricAlarm", "delete"), Disruption.NOTHING, ""),
    ],
)
def test_what_a_change_does(change: dict[str, Any], effect: Disruption, words: str) -> None:
    (found,) = impacts([change])
    assert found.disruption is effect
    assert words in found.message


READ = re.compile(r'"(aws:\w+/\w+:\w+)"')


def test_impact_knows_every_type_that_the_rules_read() -> None:
    read = {
        kind
        for path in (ROOT / "policy" / "plan").rglob("*.py")
        for kind in READ.findall(path.read_text(encoding="utf-8"))
    }
    unknown = {kind for kind in read if disruption_of(kind) is None} - {disruption.ENVIRONMENT}
    assert len(read) > 40
    assert not unknown, f"{unknown}: say it in ops/commands/impact/resources.py"


PREVIEWS = Path(__file__).parent / "previews"


def recorded(name: str) -> Impact:
    """The environment's change in a preview that the engine printed, shortened."""
    return assess(parse((PREVIEWS / name).read_text()).steps)[0]


def test_the_first_change_after_a_create_carries_the_strategy() -> None:
    found = recorded("strategy_sent.json")
    assert (found.disruption, found.workers) == (Disruption.RESTART, "GRACEFUL")
    assert "because of requirementsS3ObjectVersion; GRACEFUL" in found.message
    assert "published provider" not in found.message
    assert found.minutes == (10, 12 * 60 + 30)


def test_a_change_that_leaves_the_strategy_behind_is_reported_as_forced() -> None:
    found = recorded("strategy_withheld.json")
    assert (found.disruption, found.workers) == (Disruption.RESTART, "FORCED")
    for words in ("running tasks are killed", disruption.STRATEGY_SOURCE, "quiet hour"):
        assert words in found.message
    assert found.minutes == (10, 30)


@pytest.mark.parametrize("strategy", ["GRACEFUL", "FORCED"])
def test_a_version_change_ends_running_tasks_and_takes_up_to_two_hours(strategy: str) -> None:
    change = {
        **update("airflowVersion", "workerReplacementStrategy", strategy=strategy),
        "oldState": {"inputs": {"name": "prod", "airflowVersion": "2.10.3"}},
    }
    (one,) = impacts([change])
    assert (one.disruption, one.minutes, one.workers) == (
        Disruption.INTERRUPTION,
        (10, 120),
        "FORCED",
    )
    for words in (
        "from 2.10.3 to",
        "all running tasks are ended",
        "up to two hours",
        "clean the metadata database",
        "rolled back",
        "default_pool",
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
    assert [one.disruption for one in found] == [Disruption.LOSS, Disruption.IN_PLACE]


def test_values_are_never_shown() -> None:
    change = update("airflowConfigurationOptions")
    change["detailedDiff"]["airflowConfigurationOptions"]["value"] = "hunter2"
    assert "hunter2" not in json.dumps([one.document() for one in impacts([change])])


def test_the_verb_ends_with_1_when_data_would_be_lost(tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    plan.write_text("Previewing\n" + preview(step(ENVIRONMENT, "delete")))
    ran = mwaa("impact", "--preview", plan)
    assert (ran.returncode, "metadata database is lost" in ran.stdout) == (1, True)
    plan.write_text(preview(update("maxWorkers")))
    ran = mwaa("impact", "--preview", plan, "--format", "json", "--no-tasks")
    assert ran.returncode == 0
    assert json.loads(ran.stdout)["environment"] == "prod"
    plan.write_text(json.dumps({"steps": None, "changeSummary": {"same": 85}}))
    assert mwaa("impact", "--preview", plan).stdout == "no changes: nothing happens\n"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('{"x": 1}', "pulumi preview --json"),
        ("not json", "pulumi preview --json"),
        ("", "the preview is empty"),
        ("\n", "printed nothing, so it failed"),
        ('{"diagnostics": [{"severity": "error", "message": "bad key"}]}', "bad key"),
        # The engine died: no event of its end, so no count of what it does.
        ('{"config": {}, "steps": []}', "stopped before its end"),
        ('{"steps": [', "pulumi preview --json"),
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
def test_what_is_no_whole_preview_is_refused(tmp_path: Path, content: str, words: str) -> None:
    plan = tmp_path / "plan.json"
    plan.write_text(content)
    ran = mwaa("impact", "--preview", plan)
    assert (ran.returncode, words in ran.stderr, ran.stdout) == (2, True, "")


def test_a_plan_that_breaks_a_policy_is_whole_and_would_not_come_about(tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    broken = {"severity": "error", "message": "error: preview failed"}
    plan.write_text(preview(update("maxWorkers"), diagnostics=[broken]))
    ran = mwaa("impact", "--preview", plan, "--no-tasks")
    assert ran.returncode == 2
    assert "in place: maxWorkers" in ran.stdout
    assert "breaks a mandatory rule of a policy pack" in ran.stderr


@pytest.mark.parametrize(
    ("kind", "state", "kept"),
    [
        (SUBNET, {"id": "subnet-1"}, False),
        (SUBNET, {"id": "subnet-public"}, True),
        ("aws:iam/role:Role", {"outputs": {"arn": "arn:aws:iam::1:role/prod"}}, False),
        ("aws:iam/role:Role", {"outputs": {"arn": "arn:aws:iam::1:role/flow-logs"}}, True),
        ("aws:iam/rolePolicy:RolePolicy", {"inputs": {"role": "prod"}}, False),
        ("aws:iam/rolePolicy:RolePolicy", {"inputs": {"role": "flow-logs"}}, True),
    ],
)
def test_only_what_the_environment_stands_on_is_its_own(
    kind: str, state: dict[str, Any], kept: bool
) -> None:
    change = step(kind, "delete", oldState=state)
    (found,) = impacts([existing(), change])
    assert (found.disruption is Disruption.NOTHING) is kept
    # Where no environment is in the preview, any may be its own.
    assert impacts([change])[0].disruption >= Disruption.INTERRUPTION


def test_a_rule_whose_traffic_another_allows_is_not_missed() -> None:
    kind = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"

    def rule(operation: str, group: str, state: str, **inputs: str) -> dict[str, Any]:
        inputs = {"securityGroupId": group, **inputs}
        return step(kind, operation, group, **{state: {"inputs": inputs}})

    wide = rule("create", "sg-1", "newState", ipProtocol="-1", cidrIpv4="0.0.0.0/0")
    gone = [rule("delete", group, "oldState") for group in ("sg-1", "sg-2")]
    kinds = [one.disruption for one in impacts([wide, *gone])]
    assert kinds == [Disruption.INTERRUPTION, Disruption.CREATE, Disruption.NOTHING]


def test_a_change_of_tags_is_one_line_and_counts_are_the_engines(tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    tags = {"tags.stack": {"kind": "update"}, "tagsAll.stack": {"kind": "update"}}
    steps = [
        step(kind, "update", name, detailedDiff=tags)
        for kind in (ENVIRONMENT, GROUP, SUBNET, "aws:kms/key:Key")
        for name in ("one", "two")
    ]
    plan.write_text(preview(*steps, existing(), step("pulumi:providers:aws", "update")))
    ran = mwaa("impact", "--preview", plan)
    assert ran.stdout.splitlines() == [
        "nothing for Airflow: 8 resources: only tags change (stack)",
        "nothing for Airflow: 1 other resource",
        "in all: 9 to update, 1 unchanged (as the engine counts)",
    ]


def test_tasks_are_counted_in_the_region_of_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, Any]] = []

    class Airflow:
        def invoke_rest_api(self, **_: Any) -> Any:
            return {"RestApiResponse": {"total_entries": 3}}

    class Session:
        mwaa = Airflow()
        who = "1"

        def client(self, service: str) -> Any:
            assert service == "sts"
            return SimpleNamespace(get_caller_identity=lambda: {"Account": self.who})

        def __init__(self, profile: str = "", region: str = "", provider: Any = None) -> None:
            asked.append((region, provider and provider.roles))

    monkeypatch.setattr("ops.target.AwsSession", Session)
    plan = tmp_path / "plan.json"
    roles = json.dumps([{"roleArn": "arn:aws:iam::1:role/deployer"}])
    plan.write_text(preview(existing(), step(GROUP, "delete"), config={"aws:assumeRoles": roles}))
    impact.run(preview=str(plan))
    ((region, assumed),) = asked
    assert (region, assumed[0].arn) == ("eu-west-1", "arn:aws:iam::1:role/deployer")
    with pytest.raises(RefusedError, match=r"--region us-east-1: the stack .* is in eu-west-1"):
        impact.foresee("", str(plan), count_tasks=False, region="us-east-1")
    monkeypatch.setattr(Session, "who", "2")
    running = impact.foresee("", str(plan), count_tasks=True).running
    assert "belongs to account 1, and the credentials to account 2" in str(running)
    with pytest.raises(RefusedError, match="is in eu-west-1"):
        session_of({}, stack="prod", place="eu-west-1", region="us-east-1")
    with pytest.raises(RefusedError, match="aws:token is secret here"):
        session_of({"aws:token": "[secret]"}, stack="prod", place="eu-west-1")


@pytest.mark.parametrize("is_there", [True, False])
def test_an_environment_that_is_gone_is_said_where_the_plan_has_no_change(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], is_there: bool
) -> None:
    absent = ClientError({"Error": {"Code": "ResourceNotFoundException"}}, "GetEnvironment")
    arn = "arn:aws:airflow:eu-west-1:1:environment/prod"
    found = MagicMock(return_value={"Environment": {"Name": "prod", "Arn": arn}})
    get_environment = found if is_there else MagicMock(side_effect=absent)
    caller = SimpleNamespace(get_caller_identity=lambda: {"Account": "1"})
    account = SimpleNamespace(
        mwaa=SimpleNamespace(get_environment=get_environment), client=lambda _: caller
    )
    monkeypatch.setattr("ops.target.AwsSession", lambda **_: account)
    monkeypatch.setattr(impact, "_text", lambda *_: preview(existing()))
    if is_there:
        impact.run(["prod"])
        assert "gone" not in capsys.readouterr().out
        return
    with pytest.raises(typer.Exit) as ended:
        impact.run(["prod"])
    assert ended.value.exit_code == 3
    assert "prod is gone from the account" in capsys.readouterr().out
    assert impact.foresee("prod", count_tasks=False).is_gone is False
    with pytest.raises(typer.Exit) as ended:
        impact.run(["prod", "dev"])
    assert ended.value.exit_code == 3
    assert "2 stacks: 2 gone" in capsys.readouterr().out
