"""The upgrade: the way, the proof, each step followed, the stack taken along, rollbacks told."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ops.commands.upgrade import proof
from ops.commands.upgrade import upgrade as verb
from ops.commands.upgrade.way import Step, way
from ops.errors import FailedError, RefusedError
from ops.follow import follow
from ops.stack import StackFile
from ops.target import Target
from ops.terminal import Format
from tests.ops.airflow.model import Model
from tests.ops.drill.effects import Effects
from tests.ops.drill.upgrade import Service, Settings, place, upgrade
from tests.ops.emulated import Emulated, emulated

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

DAY = date(2026, 11, 27)


@pytest.mark.parametrize(
    ("old", "new", "steps"),
    [
        ("2.10.3", "2.10.3", []),
        ("2.10.3", "2.11.2", ["2.11.2"]),
        ("2.10.3", "3.2.1", ["2.11.2", "3.2.1"]),
        ("2.7.2", "3.0.6", ["2.11.2", "3.0.6"]),
        ("2.11.0", "3.2.1", ["3.2.1"]),
        ("3.2.1", "2.11.2", ["2.11.2"]),
        ("3.0.6", "3.3.1", ["3.3.1"]),
        ("3.3.1", "3.0.6", ["3.0.6"]),
        ("2.11.2", "2.10.3", ["2.10.3"]),
        ("3.2.1", "3.9.9", ["3.9.9"]),
    ],
)
def test_the_way_is_the_services(old: str, new: str, steps: list[str]) -> None:
    found = way(old, new, DAY)
    assert [one.new for one in found] == steps
    assert [one.old for one in found] == [old, *steps][: len(steps)]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("3.2.1", "2.10.3", "back from 3.x to 2.11.x only. Do: --to 2.11.2"),
        ("2.10.3", "2.6.3", "its support ended on 2025-12-30.*Allowed: 3.3.1"),
        ("2.10.3", "2.10.2", "MWAA never offered it. Allowed"),
        ("2.10.3", "latest", "that is no version"),
        ("2.10.3", " 2.11.2", "that is no version"),
        ("2.10.3", "2.+11.2", "that is no version"),
        ("2.10.3", "3", "no whole version .did you mean 3.3.1 or 3.2.1 or 3.0.6"),
        ("2.10.3", "2.1", "no whole version. Allowed"),
        ("2.10.3", "9.9.9", "this catalog does not know it.*Allowed: 3.3.1"),
        ("1.10.12", "2.10.3", "not bring 1.10.12 there in place.*mwaa export"),
    ],
)
def test_a_way_that_mwaa_does_not_take_is_refused_with_the_one_that_exists(
    old: str, new: str, words: str
) -> None:
    with pytest.raises(RefusedError, match=words):
        way(old, new, DAY)


def test_a_step_says_what_it_does_to_tasks_and_how_long() -> None:
    words = str(Step("2.10.3", "2.11.2"))
    assert "Python 3.11 to 3.12" in words
    assert "All running tasks are ended" in words
    assert "10 min to 2 h" in words
    assert Step("2.11.2", "3.2.1").python is None


def test_options_that_airflow_3_reads_no_longer_are_said_and_a_mode_that_ends_stops() -> None:
    options = {
        "webserver.navbar_color": "#fff",
        "core.check_slas": "True",
        "core.parallelism": "4",
        "scheduler.create_cron_data_intervals": "True",
    }
    found = proof.of_environment(Step("2.11.2", "3.2.1"), {"AirflowConfigurationOptions": options})
    text = "\n".join(found.advice)
    assert "webserver.navbar_color is called fab.navbar_color in Airflow 3" in text
    assert "core.check_slas is gone in Airflow 3" in text
    assert "scheduler.catchup_by_default was True and is False" in text
    assert "core.parallelism" not in text
    assert "create_cron_data_intervals was" not in text
    assert "default pool to 128" in text
    back = proof.of_environment(
        Step("3.2.1", "2.11.2"),
        {
            "WebserverAccessMode": "PUBLIC_AND_PRIVATE",
            "AirflowConfigurationOptions": {"fab.navbar_color": "#fff"},
        },
    )
    assert "needs Airflow 3.2" in back.problems[0]
    assert "fab.navbar_color is called webserver.navbar_color in Airflow 2" in "".join(back.advice)


@pytest.fixture
def service() -> Service:
    model = Model(dags={"a": False, "b": True})
    model.stored["pools"]["default_pool"]["slots"] = 500
    return Service(model, bucket=f"airflow-{uuid.uuid4().hex[:12]}")


def test_each_step_is_made_and_the_stack_and_the_pools_follow(
    service: Service, s3: S3Client
) -> None:
    settings = Settings("prod", service=service)
    upgrade(place(service, s3), settings)
    assert service.updates == ["2.11.2", "3.2.1"]
    assert settings.written == settings.state == {"airflowVersion": "3.2.1"}
    assert service.model.stored["pools"]["default_pool"]["slots"] == 500
    assert service.model.dags == {"a": False, "b": True}


def test_a_rollback_is_told_with_its_cause_and_the_version_that_runs(
    service: Service, s3: S3Client
) -> None:
    service.refused = frozenset({"3.2.1"})
    settings = Settings("prod", service=service)
    with pytest.raises(FailedError) as failure:
        upgrade(place(service, s3), settings)
    words = str(failure.value)
    assert "likely: the requirements could not be installed" in words
    assert "prod runs 2.11.2, with its database: the change to 3.2.1 was taken back" in words
    assert settings.written == {"airflowVersion": "2.11.2"}
    service.refused = frozenset()
    upgrade(place(service, s3), settings)
    assert service.updates == ["2.11.2", "3.2.1", "3.2.1"]


def test_an_airflow_that_is_not_healthy_is_told_and_its_dags_stay_paused(
    service: Service, s3: S3Client
) -> None:
    service.model.unwell = {"scheduler"}
    settings = Settings("prod", service=service)
    with pytest.raises(FailedError, match=r"runs 2\.11\.2, and is not healthy: scheduler"):
        upgrade(place(service, s3), settings, "2.11.2")
    assert all(service.model.dags.values())
    service.model.unwell = set()
    upgrade(place(service, s3), settings, "2.11.2")
    assert (service.updates, service.model.dags) == (["2.11.2"], {"a": False, "b": True})


def test_an_upgrade_that_was_made_outside_only_takes_the_stack_along(
    service: Service, s3: S3Client
) -> None:
    service.version, service.model.api = "3.2.1", 2
    settings = Settings("prod", service=service, written={"airflowVersion": "2.11.2"})
    upgrade(place(service, s3), settings)
    assert service.updates == []
    assert settings.written == settings.state == {"airflowVersion": "3.2.1"}


def test_files_that_differ_go_with_the_first_step_and_only_once(
    service: Service, s3: S3Client, tmp_path: Path
) -> None:
    requirements, script = tmp_path / "requirements.txt", tmp_path / "startup.sh"
    requirements.write_text("new==1\n")
    script.write_text("#!/bin/sh\n")
    there = place(service, s3)
    s3.put_bucket_versioning(Bucket=service.bucket, VersioningConfiguration={"Status": "Enabled"})
    old = s3.put_object(Bucket=service.bucket, Key="startup.sh", Body=script.read_bytes())
    service.artifacts = {
        "StartupScriptS3Path": "startup.sh",
        "StartupScriptS3ObjectVersion": old["VersionId"],
    }
    values = {"requirementsFile": str(requirements), "startupScriptFile": str(script)}
    upgrade(there, Settings("prod", service=service, written=values))
    found = service.artifacts
    assert found["StartupScriptS3ObjectVersion"] == old["VersionId"]
    sent = s3.get_object(
        Bucket=service.bucket,
        Key=found["RequirementsS3Path"],
        VersionId=found["RequirementsS3ObjectVersion"],
    )
    assert sent["Body"].read() == b"new==1\n"
    versions = s3.list_object_versions(Bucket=service.bucket, Prefix="requirements.txt")
    assert len(versions["Versions"]) == 1


def test_a_replacement_that_would_follow_is_named(service: Service, s3: S3Client) -> None:
    urn = "urn:pulumi:prod::mwaa::aws:mwaa/environment:Environment::prod"
    step = {"op": "replace", "urn": urn, "replaceReasons": ["airflowVersion"], "oldState": {}}
    settings = Settings(
        "prod", service=service, plan=lambda: json.dumps({"steps": [step], "changeSummary": {}})
    )
    with pytest.raises(FailedError, match="the next `pulumi up` would replace it: do not run it"):
        upgrade(place(service, s3), settings, "2.11.2")


@pytest.fixture
def resolved(service: Service, s3: S3Client, monkeypatch: pytest.MonkeyPatch) -> Target:
    found = place(service, s3)
    monkeypatch.setattr(verb, "resolve", lambda **_: found)
    service.effects = Effects()
    return found


@pytest.mark.usefixtures("resolved")
def test_nothing_is_changed_without_a_proof_or_in_a_dry_run(
    service: Service, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(RefusedError, match="--unproved"):
        verb.run("2.11.2", environment="prod")
    with pytest.raises(RefusedError, match="nowhere is not there"):
        verb.run("2.11.2", Path("nowhere"), environment="prod")
    verb.run("3.2.1", unproved=True, dry_run=True, environment="prod", form=Format.JSON)
    found = json.loads(capsys.readouterr().out)
    assert [one["to"] for one in found["steps"]] == ["2.11.2", "3.2.1"]
    assert (found["done"], found["steps"][0]["minutes"]) == (False, [10, 120])

    def faulty(one: proof.Proof, *_: Any, **__: Any) -> None:
        one.problems.append("mwaa-x: a DAG does not import")

    monkeypatch.setattr(proof, "of_files", faulty)
    with pytest.raises(FailedError, match="nothing was changed"):
        verb.run("2.11.2", Path(), environment="prod")
    assert "PROBLEM  mwaa-x" in capsys.readouterr().out
    assert service.updates == []


@pytest.mark.usefixtures("resolved")
def test_an_environment_without_a_stack_is_upgraded_by_itself(
    service: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    verb.run("2.11.2", unproved=True, interval=0, environment="prod")
    assert (service.updates, service.version) == (["2.11.2"], "2.11.2")
    assert capsys.readouterr().out.splitlines()[-1] == "prod runs 2.11.2"


@pytest.fixture(scope="module")
def there() -> Iterator[Emulated]:
    with emulated() as found:
        yield found


def test_the_emulated_service_takes_every_step_and_refuses_none(
    there: Emulated, monkeypatch: pytest.MonkeyPatch
) -> None:
    emulator = there.emulator

    def sleep(_: float) -> None:
        emulator.clock.advance(600)
        emulator.advance()

    monkeypatch.setattr(verb, "follow", partial(follow, sleep=sleep))
    target = verb.again(Target(there.account(), "etl", {}))
    old = verb.version_of(target)
    for to in ("2.11.2", "3.2.1", "2.11.2"):
        for step in way(verb.version_of(target), to):
            target = verb.make(target, step)
        assert verb.version_of(target) == to
    assert old


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [("2.11.2", "3.2.1", True), ("2.10.3", "2.11.2", False), ("3.0.6", "3.2.1", False)],
)
def test_roles_of_a_setting_that_is_encrypted_are_known_by_the_state(
    monkeypatch: pytest.MonkeyPatch, old: str, new: str, said: bool
) -> None:
    inputs = {"kind": "roles", "name": "readers", "actions": "[secret]"}
    exported = {
        "deployment": {
            "resources": [
                {"type": "pulumi:pulumi:Stack"},
                {"type": "pulumi-python:dynamic/airflow:Object", "inputs": inputs},
                {"type": "pulumi-python:dynamic/airflow:Object", "inputs": {"kind": "pools"}},
            ]
        }
    }
    monkeypatch.setattr("ops.stack.pulumi", lambda *_, **__: json.dumps(exported))
    settings = StackFile("prod")
    settings._values = {
        "aws:region": "us-east-1",
        "mwaa:environmentName": "prod",
        "mwaa:availabilityZones": '["us-east-1a", "us-east-1b"]',
    }
    found = proof.Proof(Step(old, new))
    proof.of_stack(found, settings)
    assert ["roles of Airflow (readers)" in one for one in found.problems] == [True] * said
