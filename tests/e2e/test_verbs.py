"""The verbs against a stack that the real engine built in the emulated AWS."""

import json
import subprocess
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from mwaa.model.platform import Denied
from mwaa.model.unknown import UNKNOWN
from ops.aws import AwsSession
from ops.live import platform as live
from ops.live.reader import AwsReader
from policy.analysis.verdict import Verdict
from policy.rules.catalog import judge
from tests.e2e.stacks.rehearsal import Rehearsal, Stack
from tests.e2e.test_foreign_program import project
from tests.ops.wheels import ROOT

NAME = "verbs"


@pytest.fixture(scope="module")
def stack(rehearsal: Rehearsal) -> Iterator[Stack]:
    made = rehearsal.stack(
        NAME,
        egress="none",
        lastLook=False,
        requirementsFile="examples/requirements.txt",
        pluginsFile="examples/plugins.zip",
        startupScriptFile="examples/startup.sh",
    )
    built = made.up(policy=False)
    assert built.code == 0, built.text
    yield made
    rehearsal.empty()


def test_wait_knows_that_the_work_is_done(stack: Stack) -> None:
    ran = stack.verb("wait", "--stack", NAME, "--format", "json")
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout)["status"] == "AVAILABLE"


def test_an_unknown_environment_is_one_message(stack: Stack) -> None:
    ran = stack.verb("wait", "--environment", "verb")
    assert (ran.returncode, f"did you mean {NAME}" in ran.stderr) == (2, True)


def test_sync_delivers_the_examples_and_airflow_sees_them(stack: Stack) -> None:
    planned = stack.verb("sync", "examples/dags", "--stack", NAME, "--dry-run")
    assert "would be sent" in planned.stdout
    ran = stack.verb("sync", "examples/dags", "--stack", NAME, "--format", "json")
    assert ran.returncode == 0, ran.stderr
    assert "hello.py" in json.loads(ran.stdout)["sent"]
    again = stack.verb("sync", "examples/dags", "--environment", NAME, "--format", "json")
    assert json.loads(again.stdout)["sent"] == []
    answer = stack.verb("api", "GET", "/dags", "--stack", NAME)
    assert answer.returncode == 0, answer.stderr
    assert json.loads(answer.stdout)["total_entries"] >= 2


def test_api_passes_on_what_airflow_refuses(stack: Stack) -> None:
    ran = stack.verb("api", "GET", "/absent", "--environment", NAME)
    assert (ran.returncode, "404" in ran.stderr) == (1, True)


def test_open_prints_an_address_only_when_asked(stack: Stack) -> None:
    ran = stack.verb("open", "--environment", NAME, "--print")
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.startswith("https://")
    assert "aws-console-sso?login=true#" in ran.stdout


def test_drift_is_found_by_field_and_a_fresh_stack_has_none(stack: Stack) -> None:
    ran = stack.verb("drift", "--stack", NAME)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    client = stack.rehearsal.client("mwaa")
    arn = client.get_environment(Name=NAME)["Environment"]["Arn"]
    client.tag_resource(ResourceArn=arn, Tags={"by": "hand"})
    ran = stack.verb("drift", "--stack", NAME, "--format", "json")
    client.untag_resource(ResourceArn=arn, tagKeys=["by"])
    assert ran.returncode == 1
    assert [one["field"] for one in json.loads(ran.stdout)["differences"]] == ["tags.by"]


def findings(ran: "subprocess.CompletedProcess[str]") -> set[str]:
    """The mandatory rules that failed."""
    assert ran.stdout, ran.stderr
    return {
        line.split()[1]
        for line in ran.stdout.splitlines()
        if line.startswith("FAIL") and "(mandatory, " in line
    }


def test_the_doctor_finds_a_fresh_stack_healthy(stack: Stack) -> None:
    ran = stack.verb("doctor", "--environment", NAME)
    assert findings(ran) == set()
    assert ran.returncode == 0, ran.stdout
    document = json.loads(stack.verb("doctor", "--stack", NAME, "--format", "sarif").stdout)
    assert document["version"] == "2.1.0"


def test_the_doctor_finds_what_was_broken_by_hand(stack: Stack) -> None:
    s3: Any = stack.rehearsal.client("s3")
    outputs = stack.outputs()
    bucket = outputs["bucketName"]
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})
    try:
        ran = stack.verb("doctor", "--environment", NAME)
    finally:
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    assert findings(ran) == {"mwaa-storage-versioning-enabled"}
    assert ran.returncode == 1


class Recorded(AwsReader):
    """Looks once, then answers from memory, without what stands in ``hidden``."""

    def __init__(self, account: AwsSession) -> None:
        super().__init__(account)
        self.seen: dict[str, Any] = {}
        self.hidden = ""

    def call(
        self,
        service: str,
        operation: str,
        absent: Any = (),
        *,
        all_pages: bool = True,
        **parameters: Any,
    ) -> Any:
        what = f"{service}:{operation}"
        if what == self.hidden:
            self.denied.append(Denied(call=what, permission=what, reason="denied"))
            return UNKNOWN
        # A metric is asked for with the time of the question.
        stable = {name: value for name, value in parameters.items() if not name.endswith("Time")}
        key = f"{what} {json.dumps(stable, sort_keys=True, default=str)}"
        if key not in self.seen:
            answer = super().call(service, operation, absent, all_pages=all_pages, **parameters)
            if isinstance(answer, dict) and "Body" in answer:
                # A body can be read once; what is remembered can be read again.
                answer = {**answer, "Body": answer["Body"].read()}
            self.seen[key] = answer
        found = self.seen[key]
        if isinstance(found, dict) and "Body" in found:
            return {**found, "Body": BytesIO(found["Body"])}
        return found


def test_the_doctor_survives_each_of_its_calls_failing(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, stack.environment[name])
    account = AwsSession(region="us-east-1")
    description: Any = account.mwaa.get_environment(Name=NAME)["Environment"]
    aws = Recorded(account)
    whole = {one.rule.id: one.verdict for one in judge(live.read(aws, description))}
    calls = sorted({key.split()[0] for key in aws.seen})
    assert len(calls) > 30
    for call in calls:
        aws.hidden, aws.denied = call, []
        platform = live.read(aws, description)
        assert call in {one.call for one in platform.denied}
        for one in judge(platform):
            # What is not seen may make a verdict unknown; it makes none better, and none a failure.
            if one.verdict is not whole[one.rule.id]:
                assert one.verdict is Verdict.UNKNOWN, (call, one.rule.id, one.findings)


def test_an_unknown_rule_is_answered_with_the_nearest(stack: Stack) -> None:
    ran = stack.verb("doctor", "--environment", NAME, "--only", "mwaa-network-two-subnet")
    assert ran.returncode == 2
    assert "did you mean mwaa-network-two-subnets" in ran.stderr


def test_permissions_of_a_user_name_one_role_of_one_environment(stack: Stack) -> None:
    ran = stack.verb("permissions", "user", "--environment", NAME, "--role", "Op")
    statement = json.loads(ran.stdout)["Statement"][0]
    assert statement["Resource"].endswith(f":role/{NAME}/Op")
    assert set(statement["Action"]) == {"airflow:CreateWebLoginToken", "airflow:InvokeRestApi"}


def foreseen(stack: Stack, plan: Path, **changes: Any) -> "subprocess.CompletedProcess[str]":
    """What `mwaa impact` says of a change of settings, which are as before afterwards."""
    before = dict(stack.config)
    stack.set(**changes)
    stack.write()
    done = subprocess.run(
        ["pulumi", "preview", "--json", "--stack", NAME, "--config-file", str(stack.file)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={**stack.environment},
        timeout=120,
    )
    plan.write_text(done.stdout)
    stack.config = before
    return stack.verb("impact", "--preview", plan, "--format", "json", "--no-tasks")


def test_impact_reads_the_engines_own_preview(stack: Stack, tmp_path: Path) -> None:
    ran = foreseen(stack, tmp_path / "plan.json", maxWorkers=5)
    assert ran.returncode == 0, ran.stderr
    messages = [change["message"] for change in json.loads(ran.stdout)["changes"]]
    assert any("in place: maxWorkers" in message for message in messages)


def test_a_way_out_replaces_and_interrupts_nothing(stack: Stack, tmp_path: Path) -> None:
    # awsx lets the VPC's id wait for the new public subnets; the program does not.
    ran = foreseen(stack, tmp_path / "plan.json", egress="single-nat")
    assert ran.returncode == 0, ran.stderr
    found = json.loads(ran.stdout)
    effects = {change["effect"] for change in found["changes"]}
    assert effects == {"nothing", "in_place", "create"}
    assert "replace" not in found["counts"]
    counted = Counter(change["operation"] for change in found["changes"])
    assert counted == {op: n for op, n in found["counts"].items() if op not in ("same", "read")}


def test_a_change_of_tags_touches_nothing_that_airflow_notices(
    stack: Stack, tmp_path: Path
) -> None:
    ran = foreseen(stack, tmp_path / "plan.json", tags={"team": "data"})
    assert ran.returncode == 0, ran.stderr
    changes = json.loads(ran.stdout)["changes"]
    assert len(changes) > 30
    assert {(change["effect"], change["message"]) for change in changes} == {
        ("nothing", "only tags change (team)")
    }


def test_a_preview_that_failed_is_exit_2_with_its_cause(stack: Stack, tmp_path: Path) -> None:
    ran = foreseen(stack, tmp_path / "plan.json", environmentClass="mw1.huge")
    assert (ran.returncode, "mw1.huge" in ran.stderr) == (2, True)


OBJECTS = """
import pulumi

from components.airflow_objects import AirflowObjects, AirflowObjectsArgs
from ops.airflow.provider import AirflowProvider

found = AirflowObjects(
    "airflow",
    AirflowObjectsArgs(
        provider=AirflowProvider(),
        environment_name="verbs",
        region="us-east-1",
        pools=[{"name": "as_code", "slots": SLOTS}],
        variables=[{"key": "as_code", "value": pulumi.Output.secret("hunter2hunter2")}],
    ),
)
pulumi.export("ids", found.ids)
"""


def test_airflow_objects_are_resources_of_the_engine(
    rehearsal: Rehearsal, stack: Stack, tmp_path: Path
) -> None:
    mwaa = stack.rehearsal.client("mwaa")

    def pools() -> dict[str, int]:
        answer = mwaa.invoke_rest_api(Name=NAME, Method="GET", Path="/pools")
        return {one["name"]: one["slots"] for one in answer["RestApiResponse"]["pools"]}

    before = pools()
    with project(rehearsal, tmp_path, OBJECTS.replace("SLOTS", "4")) as foreign:
        foreign.run("up", "--yes", "--skip-preview")
        assert pools() == {**before, "as_code": 4}
        assert "hunter2" not in foreign.run("stack", "export")
        foreign.run("preview", "--expect-no-changes")
        (tmp_path / "__main__.py").write_text(OBJECTS.replace("SLOTS", "9"))
        foreign.run("up", "--yes", "--skip-preview")
        # What is deleted beside the program: test_upgrade.py.
        assert pools() == {**before, "as_code": 9}
    assert pools() == before
