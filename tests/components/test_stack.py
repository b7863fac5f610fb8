"""What the program reads of its own stack."""

import json
from pathlib import Path
from typing import Any

import pulumi
import pulumi_aws
import pytest

from components import stack

CONFIGURATION = {
    "aws:region": "eu-west-1",
    "mwaa:environmentName": "orders",
    "mwaa:airflowVersion": "2.10.3",
    "mwaa:availabilityZones": '["eu-west-1a", "eu-west-1b"]',
}


def configure(monkeypatch: pytest.MonkeyPatch, *secrets: str, **changes: str) -> None:
    values = CONFIGURATION | {f"mwaa:{key}": value for key, value in changes.items()}
    monkeypatch.setenv("PULUMI_CONFIG", json.dumps(values))
    monkeypatch.setenv("PULUMI_CONFIG_SECRET_KEYS", json.dumps([f"mwaa:{k}" for k in secrets]))
    monkeypatch.setattr(pulumi, "get_root_directory", lambda: str(Path(__file__).parent))


def test_settings_come_from_the_whole_configuration(
    build: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(
        monkeypatch,
        "airflowConfigurationOptions",
        airflowConfigurationOptions='{"core.default_timezone": "utc"}',
    )
    found = build(stack.settings).result
    assert (found.environment_name, found.region) == ("orders", "eu-west-1")
    assert found.secret_options
    assert found.base == Path(__file__).parent


def test_all_mistakes_end_the_program_at_once_with_words(
    build: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(monkeypatch, environmentClass="mw1.huge", enviromentTags="x")
    with pytest.raises(pulumi.RunError) as refusal:
        build(stack.settings)
    assert "mw1.huge" in str(refusal.value) and "enviromentTags" in str(refusal.value)


def test_advice_is_printed_and_stops_nothing(
    build: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    configure(monkeypatch, airflowVersion="9.9.9")
    assert build(stack.settings).result.airflow_version == "9.9.9"
    assert "airflowVersion" in caplog.text


@pytest.mark.parametrize(
    ("exported", "expected"),
    [
        ({}, stack.Previous(guards=None, fingerprint=None, status=None, address=None)),
        (
            {
                "replacementGuards": {"name": "orders"},
                "environmentFingerprint": "f00d",
                "status": "AVAILABLE",
                "webserverUrl": "https://a.example",
                "requirementsVersion": "",
                "pluginsVersion": "v-1",
            },
            stack.Previous(
                guards={"name": "orders"},
                fingerprint="f00d",
                status="AVAILABLE",
                address="https://a.example",
                deployed_artifacts=frozenset({"plugins"}),
            ),
        ),
    ],
)
def test_the_past_is_read_from_the_stacks_own_outputs(
    build: Any, cloud: Any, exported: dict[str, Any], expected: stack.Previous
) -> None:
    if exported:
        cloud.stacks["organization/mwaa/test"] = exported
    assert build(stack.previous).result == expected


def test_the_providers_settings_are_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    values = CONFIGURATION | {"aws:assumeRoles": '[{"roleArn": "arn"}]', "awsx:other": "1"}
    monkeypatch.setenv("PULUMI_CONFIG", json.dumps(values))
    assert stack.provider_settings() == {
        "region": "eu-west-1",
        "assumeRoles": '[{"roleArn": "arn"}]',
    }


def test_an_account_that_the_provider_refuses_ends_the_program_in_its_words(
    build: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(**_: Any) -> Any:
        raise Exception("AWS account ID not allowed: 123456789012")

    monkeypatch.setattr(pulumi_aws, "get_caller_identity", refused)
    with pytest.raises(pulumi.RunError, match="not allowed: 123456789012"):
        build(stack.account)


def test_an_account_that_is_not_the_expected_one_ends_the_program(build: Any, cloud: Any) -> None:
    known = cloud.answers["aws:index/getCallerIdentity:getCallerIdentity"]["accountId"]
    assert build(lambda: stack.account(expected=known)).result == known
    with pytest.raises(pulumi.RunError) as refusal:
        build(lambda: stack.account(expected="999999999999"))
    for words in (f'account "{known}"', 'Allowed: "999999999999"', "Why:", "Do: sign in"):
        assert words in str(refusal.value)
    assert [token for token, _ in cloud.recording.calls] == 2 * [
        "aws:index/getCallerIdentity:getCallerIdentity"
    ]
