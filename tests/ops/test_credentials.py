"""The provider's credentials, in every way it takes them, end in the same account."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pulumi_aws
import pytest
from botocore.exceptions import NoCredentialsError
from moto.server import ThreadedMotoServer

from ops.aws import AwsSession
from ops.credentials import NAMES, read

OTHER, THIRD = "222222222222", "333333333333"
SECRET = "hunter2hunter2"


def role(account: str, name: str = "deploy") -> str:
    return f"arn:aws:iam::{account}:role/{name}"


def test_every_argument_of_the_provider_is_known_or_makes_the_hooks_step_aside() -> None:
    arguments = {
        "".join([first, *(word.capitalize() for word in rest)])
        for first, *rest in (
            name.split("_")
            for name in vars(pulumi_aws.ProviderArgs)
            if isinstance(vars(pulumi_aws.ProviderArgs)[name], property)
        )
    }
    assert len(arguments) > 30
    assert arguments - NAMES == {"endpoints", "httpProxy", "httpsProxy", "insecure", "noProxy"}


@pytest.mark.parametrize(
    ("settings", "stray"),
    [
        ({"httpProxy": "http://proxy:3128"}, "httpProxy"),
        ({"assumeRole": '{"roleArn": "a"}'}, "assumeRole"),
        ({"assumeRoles": "not json"}, "assumeRoles"),
        ({"assumeRoles": "{}"}, "assumeRoles"),
        ({"assumeRoles": '[{"sessionName": "x"}]'}, "assumeRoles"),
        ({"assumeRoles": '[{"roleArn": "a", "serialNumber": "mfa"}]'}, "assumeRoles"),
        ({"assumeRoles": '[{"roleArn": "a", "duration": "an hour"}]'}, "assumeRoles"),
        ({"assumeRoleWithWebIdentity": '{"roleArn": "a"}'}, "assumeRoleWithWebIdentity"),
        ({"sharedConfigFiles": '["a", "b"]'}, "sharedConfigFiles"),
        ({"sharedConfigFiles": "~/.aws/config"}, "sharedConfigFiles"),
    ],
)
def test_what_cannot_be_followed_is_named(settings: dict[str, str], stray: str) -> None:
    assert read(settings).not_followed == (stray,)


def test_what_does_not_say_who_asks_is_left_alone() -> None:
    found = read({"region": "eu-west-1", "defaultTags": "{}", "maxRetries": "3", "profile": ""})
    assert found.not_followed == ()
    assert found.variables == {"region": "eu-west-1"}


def test_a_role_keeps_all_that_the_provider_asks_sts_for() -> None:
    given = {
        "roleArn": role(OTHER),
        "duration": "1h30m",
        "externalId": "outside",
        "policy": "{}",
        "policyArns": ["arn:policy"],
        "sessionName": "deploy",
        "sourceIdentity": "me",
        "tags": {"team": "data"},
        "transitiveTagKeys": ["team"],
    }
    (found,) = read({"assumeRoles": json.dumps([given])}).roles
    assert found.arn == role(OTHER)
    assert found.options == {
        "DurationSeconds": 5400,
        "ExternalId": "outside",
        "Policy": "{}",
        "PolicyArns": [{"arn": "arn:policy"}],
        "RoleSessionName": "deploy",
        "SourceIdentity": "me",
        "Tags": [{"Key": "team", "Value": "data"}],
        "TransitiveTagKeys": ["team"],
    }


def test_secrets_are_in_no_text() -> None:
    identity = {"roleArn": "a", "webIdentityToken": SECRET}
    found = read(
        {
            "accessKey": "AKIA",
            "secretKey": SECRET,
            "token": SECRET,
            "assumeRoleWithWebIdentity": json.dumps(identity),
            "assumeRoles": json.dumps([{"roleArn": "a", "externalId": SECRET}]),
        }
    )
    assert not found.not_followed
    assert SECRET not in repr(found) + repr(AwsSession(provider=found))


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """The address of an emulated STS, which knows the account of a role by its ARN."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


Ask = Callable[..., str]


@pytest.fixture
def who(endpoint: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Ask:
    """The ARN that STS gives for the provider's settings, on a machine without credentials."""
    for name in ("PROFILE", "ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN"):
        monkeypatch.delenv(f"AWS_{name}", raising=False)
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))

    def ask(**settings: str) -> str:
        found = read(settings)
        assert not found.not_followed
        session = AwsSession(region="us-east-1", provider=found)
        # Both ways to a client: botocore's own, and boto3's once a session was made of it.
        arn = str(session.client("sts").get_caller_identity()["Arn"])
        assert session.session.client("sts").get_caller_identity()["Arn"] == arn
        return arn

    return ask


KEYS = {"accessKey": "AKIAEXAMPLE", "secretKey": "secret"}


def test_a_role_is_assumed_with_the_keys(who: Ask) -> None:
    given = {"roleArn": role(OTHER), "sessionName": "hook", "externalId": "outside"}
    arn = who(**KEYS, assumeRoles=json.dumps([given]))
    assert arn == f"arn:aws:sts::{OTHER}:assumed-role/deploy/hook"


def test_roles_are_assumed_one_after_the_other(who: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    roles = [{"roleArn": role(OTHER, "hub")}, {"roleArn": role(THIRD), "sessionName": "last"}]
    arn = who(**KEYS, assumeRoles=json.dumps(roles))
    assert arn == f"arn:aws:sts::{THIRD}:assumed-role/deploy/last"


@pytest.mark.parametrize("form", ["webIdentityToken", "webIdentityTokenFile"])
def test_a_web_identity_needs_no_keys(who: Ask, tmp_path: Path, form: str) -> None:
    (tmp_path / "token").write_text("a.b.c")
    token = "a.b.c" if form == "webIdentityToken" else str(tmp_path / "token")
    identity = {"roleArn": role(OTHER, "ci"), "sessionName": "run", form: token}
    found = who(assumeRoleWithWebIdentity=json.dumps(identity))
    assert found == f"arn:aws:sts::{OTHER}:assumed-role/ci/run"


def test_a_role_is_assumed_with_what_the_web_identity_gave(who: Ask) -> None:
    identity = {"roleArn": role(OTHER, "ci"), "webIdentityToken": "a.b.c"}
    given = [{"roleArn": role(THIRD), "sessionName": "last"}]
    arn = who(assumeRoleWithWebIdentity=json.dumps(identity), assumeRoles=json.dumps(given))
    assert arn == f"arn:aws:sts::{THIRD}:assumed-role/deploy/last"


def test_a_profile_is_found_in_the_files_that_the_provider_names(who: Ask, tmp_path: Path) -> None:
    (tmp_path / "keys").write_text(
        "[hub]\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = s\n"
    )
    (tmp_path / "config").write_text(
        f"[profile deploy]\nrole_arn = {role(OTHER)}\nsource_profile = hub\n"
        "role_session_name = file\n"
    )
    arn = who(
        profile="deploy",
        sharedConfigFiles=json.dumps([str(tmp_path / "config")]),
        sharedCredentialsFiles=json.dumps([str(tmp_path / "keys")]),
    )
    assert arn == f"arn:aws:sts::{OTHER}:assumed-role/deploy/file"


def test_a_named_profile_comes_before_the_keys_of_the_environment(
    who: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "keys").write_text(
        "[mine]\naws_access_key_id = AKIAFROMFILE\naws_secret_access_key = s\n"
    )
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAFROMENVIRONMENT")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "s")
    files = json.dumps([str(tmp_path / "keys")])
    made = read({"profile": "mine", "sharedCredentialsFiles": files}).session()
    found = made.get_credentials()
    assert found is not None and found.access_key == "AKIAFROMFILE"


def test_roles_without_anybody_to_assume_them_are_a_missing_credential(who: Ask) -> None:
    with pytest.raises(NoCredentialsError):
        who(assumeRoles=json.dumps([{"roleArn": role(OTHER)}]))


def test_flags_reach_the_clients() -> None:
    found = read({**KEYS, "useFipsEndpoint": "true", "region": "us-east-1", "stsRegion": "x"})
    client: Any = found.session().create_client("sts")
    assert "fips" in client.meta.endpoint_url
