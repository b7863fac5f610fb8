"""The pack as the engine starts it: a process that answers the analyzer protocol."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf import empty_pb2
from pulumi.runtime import proto

from policy import bundle, profiles
from policy.pack import WAIVERS, policies
from policy.plan.resources import Resource
from policy.rules.catalog import catalog
from policy.verdicts import Verdicts
from tests.fixtures.packs import serving

ROOT = Path(__file__).resolve().parents[2]
URN = "urn:pulumi:test::program::aws:mwaa/environment:Environment::env"
UNKNOWN_STRING = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"


def request(**props: Any) -> Any:
    """A plan that holds one environment."""
    resource = proto.AnalyzerResource(type="aws:mwaa/environment:Environment", urn=URN, name="env")
    resource.properties.update({"name": "env", **props})
    return proto.AnalyzeStackRequest(resources=[resource])


@pytest.fixture(scope="module")
def pack() -> Iterator[Any]:
    with serving(ROOT / "policy") as client:
        yield client


def empty() -> Any:
    return empty_pb2.Empty()


def test_every_rule_of_a_plan_is_a_policy(pack: Any) -> None:
    info = pack.GetAnalyzerInfo(empty())
    rules = {rule.id: rule for rule in catalog() if "plan" in rule.origins}
    assert {policy.name for policy in info.policies} == {*rules, WAIVERS}
    for policy in info.policies:
        if policy.name == WAIVERS:
            continue
        rule = rules[policy.name]
        wanted = (
            proto.DISABLED if rule.profile else {"mandatory": 1, "advisory": 0}[rule.enforcement]
        )
        assert policy.enforcementLevel == wanted, policy.name
        assert policy.url == rule.source and policy.displayName == rule.title


def test_a_violation_says_what_was_found_and_how_to_fix_it(pack: Any) -> None:
    response = pack.AnalyzeStack(request(webserverAccessMode="PUBLIC_ONLY"))
    found = [d for d in response.diagnostics if d.policyName == "mwaa-network-webserver-private"]
    assert len(found) == 1 and found[0].urn == URN
    assert found[0].enforcementLevel == proto.MANDATORY
    for part in ("reachable only inside", "PUBLIC_ONLY", "webserverAccessMode", "https://"):
        assert part in found[0].message


def test_an_unknown_is_reported_as_advice_and_never_as_a_pass(pack: Any) -> None:
    asked = request(webserverAccessMode=UNKNOWN_STRING)
    asked.resources[0].propertyDependencies["webserverAccessMode"].SetInParent()
    response = pack.AnalyzeStack(asked)
    found = [d for d in response.diagnostics if d.policyName == "mwaa-network-webserver-private"]
    assert len(found) == 1 and found[0].enforcementLevel == proto.ADVISORY
    assert "not known" in found[0].message


def test_each_preview_is_judged_by_itself(pack: Any) -> None:
    def names(mode: str) -> set[str]:
        response = pack.AnalyzeStack(request(webserverAccessMode=mode))
        return {d.policyName for d in response.diagnostics}

    rule = "mwaa-network-webserver-private"
    assert rule in names("PUBLIC_ONLY")
    assert rule not in names("PRIVATE_ONLY")
    assert rule in names("PUBLIC_ONLY")


def test_no_secret_value_reaches_a_message(pack: Any) -> None:
    canary = "canary-9f3b"
    secret = {SIGNATURE: SECRET, "value": {"smtp.smtp_password": canary, "core.motto": canary}}
    response = pack.AnalyzeStack(request(airflowConfigurationOptions=secret))
    messages = "\n".join(d.message for d in response.diagnostics)
    assert "smtp.smtp_password" in messages and canary not in messages


def test_configuration_decides_enforcement(pack: Any) -> None:
    rule = "mwaa-network-webserver-private"
    configuration = proto.ConfigureAnalyzerRequest()
    configuration.policyConfig[rule].enforcementLevel = proto.DISABLED
    pack.Configure(configuration)
    try:
        response = pack.AnalyzeStack(request(webserverAccessMode="PUBLIC_ONLY"))
        assert rule not in {d.policyName for d in response.diagnostics}
    finally:
        pack.Configure(proto.ConfigureAnalyzerRequest())


def test_a_configuration_that_names_no_rule_is_refused_with_the_nearest(pack: Any) -> None:
    configuration = proto.ConfigureAnalyzerRequest()
    configuration.policyConfig["all"].enforcementLevel = proto.ADVISORY
    configuration.policyConfig["mwaa-network-webserver-privat"].enforcementLevel = proto.DISABLED
    configuration.policyConfig["zzz"].enforcementLevel = proto.DISABLED
    with pytest.raises(grpc.RpcError) as refused:
        pack.Configure(configuration)
    said = refused.value.details()
    assert "mwaa-network-webserver-privat (did you mean mwaa-network-webserver-private?)" in said
    assert "zzz" in said and "all" not in said.split("rule of it: ")[1].split()


WAIVED = """
waivers:
  - rule: mwaa-network-webserver-private
    resource: env
    reason: reached from the internet on purpose
    expires: {day}
  - rule: mwaa-network-webserver-private
    resource: another
    reason: of no environment here
    expires: 2999-12-31
"""


def project(folder: Path, waivers: str) -> Path:
    """A project with waivers, as the folder that a pack works in."""
    (folder / "Pulumi.yaml").write_text("name: other\nruntime: python\n", encoding="utf-8")
    (folder / "waivers.yaml").write_text(waivers, encoding="utf-8")
    return folder


def test_what_is_waived_is_shown_with_its_reason_and_stops_nothing(tmp_path: Path) -> None:
    with serving(ROOT / "policy", project(tmp_path, WAIVED.format(day="2999-12-31"))) as client:
        said = client.AnalyzeStack(request(webserverAccessMode="PUBLIC_ONLY")).diagnostics
        fine = client.AnalyzeStack(request(webserverAccessMode="PRIVATE_ONLY")).diagnostics
    assert "mwaa-network-webserver-private" not in {d.policyName for d in said}
    shown = [d for d in said if d.policyName == WAIVERS]
    assert {d.enforcementLevel for d in shown} == {proto.ADVISORY}
    waived, unused = shown
    assert waived.urn == URN
    for part in ("mwaa-network-webserver-private", "PUBLIC_ONLY", "on purpose", "2999-12-31"):
        assert part in waived.message
    assert '"another" meets no failure' in unused.message
    assert len([d for d in fine if d.policyName == WAIVERS]) == 2, "now neither meets a failure"


def test_who_accepts_no_waivers_is_stopped_by_what_is_waived(tmp_path: Path) -> None:
    # The engine makes "all" the level of every policy before it configures them.
    configuration = proto.ConfigureAnalyzerRequest()
    for name in ("all", WAIVERS):
        configuration.policyConfig[name].enforcementLevel = proto.MANDATORY
    with serving(ROOT / "policy", project(tmp_path, WAIVED.format(day="2999-12-31"))) as client:
        client.Configure(configuration)
        said = client.AnalyzeStack(request(webserverAccessMode="PUBLIC_ONLY")).diagnostics
    shown = [d for d in said if d.policyName == WAIVERS]
    assert {d.enforcementLevel for d in shown} == {proto.MANDATORY}
    assert "waived: reached from the internet on purpose" in shown[0].message


def test_an_expired_waiver_fails_with_words(tmp_path: Path) -> None:
    with serving(ROOT / "policy", project(tmp_path, WAIVED.format(day="2020-02-29"))) as client:
        said = client.AnalyzeStack(request(webserverAccessMode="PUBLIC_ONLY")).diagnostics
    (failed,) = [d for d in said if d.policyName == "mwaa-network-webserver-private"]
    assert failed.enforcementLevel == proto.MANDATORY
    assert "its waiver expired on 2020-02-29 (reached from the internet" in failed.message


def test_a_file_of_waivers_that_cannot_be_read_stops_the_pack_first(tmp_path: Path) -> None:
    with (
        serving(ROOT / "policy", project(tmp_path, "waivers: 7\n")) as client,
        pytest.raises(grpc.RpcError) as refused,
    ):
        client.Configure(proto.ConfigureAnalyzerRequest())
    assert "waivers.yaml is refused" in refused.value.details()


def test_a_plan_without_an_environment_passes(pack: Any) -> None:
    assert not pack.AnalyzeStack(proto.AnalyzeStackRequest()).diagnostics


def test_a_bundle_starts_from_an_empty_place(tmp_path: Path) -> None:
    place = tmp_path / "bundle"
    bundle.make(place)
    # Nothing of the repository may help: not the working directory, not an installed project.
    with serving(place, PYTHONPATH="", PYTHONSAFEPATH="1") as client:
        info = client.GetAnalyzerInfo(empty())
    assert len(info.policies) == len([c for c in catalog() if "plan" in c.origins]) + 1
    lines = (place / "requirements.txt").read_text(encoding="utf-8").splitlines()
    packages = {line.partition("==")[0] for line in lines}
    files = {"packaging", "PyYAML", "tree-sitter", "tree-sitter-bash"}
    assert packages == {"pulumi", "pulumi-policy", "typing_extensions"} | files
    done = subprocess.run(
        [sys.executable, "-c", "import mwaa, policy; print(mwaa.__file__, policy.__file__)"],
        cwd=place,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.count(str(place)) == 2
    with pytest.raises(FileExistsError):
        bundle.make(place)
    shutil.rmtree(place)


def test_profiles_name_every_rule_of_a_plan_and_no_other() -> None:
    known = {rule.id for rule in catalog() if "plan" in rule.origins}
    for name in profiles.PROFILES:
        file = ROOT / "policy" / "profiles" / f"{name}.json"
        content = json.loads(file.read_text(encoding="utf-8"))
        assert set(content) == known
        assert set(content.values()) <= {"mandatory", "advisory", "disabled"}


def test_without_the_shared_reading_the_verdicts_are_the_same() -> None:
    """The way through the objects of ``pulumi_policy``, should its servicer ever change."""
    asked = []

    def resources() -> list[Resource]:
        asked.append(1)
        return [
            Resource(
                type="aws:mwaa/environment:Environment",
                name="env",
                urn=URN,
                props={"name": "env", "webserverAccessMode": "PUBLIC_ONLY"},
            )
        ]

    verdicts = Verdicts()
    assert len(policies(verdicts)) == len([c for c in catalog() if "plan" in c.origins]) + 1
    failing = [c for c in catalog() if "plan" in c.origins and verdicts.take(c, resources)]
    assert "mwaa-network-webserver-private" in [rule.id for rule in failing]
    assert len(asked) == 1, "one reading serves all rules of a preview"
    verdicts.take(failing[0], resources)
    assert len(asked) == 2, "a rule that asks again has begun the next preview"


def test_a_pack_without_the_rest_of_the_project_says_what_is_missing(tmp_path: Path) -> None:
    for file in ("PulumiPolicy.yaml", "__main__.py"):
        shutil.copy(ROOT / "policy" / file, tmp_path)
    # -S: nothing that is installed helps, only the SDK's folder is named.
    done = subprocess.run(
        [sys.executable, "-S", str(tmp_path)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert "needs 'policy'" in line and "pip install -e ." in line and "make policy-bundle" in line
