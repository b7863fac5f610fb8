"""Loading: types, defaults, secrets, warnings, and what follows from the settings."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from mwaa.settings.load import Settings
from mwaa.settings.problems import Problem, SettingsError

Load = Callable[..., Settings]
Refused = Callable[..., list[Problem]]


def test_the_smallest_stack_is_private_encrypted_and_without_internet(load: Load) -> None:
    settings = load()
    assert settings.webserver_access_mode == "PRIVATE_ONLY"
    assert settings.encryption == "customer-managed"
    assert (settings.egress, settings.endpoint_profile) == ("none", "required")
    assert (settings.protect, settings.force_destroy) == (True, False)
    assert settings.region == "us-east-1"
    assert settings.warnings == ()


def test_only_structured_settings_are_decoded(load: Load) -> None:
    settings = load(environmentName="true", minWorkers="2", alarms="false", tags={"team": 7})
    assert settings.environment_name == "true"
    assert settings.min_workers == 2
    assert settings.alarms is False
    assert settings.tags == {"team": "7"}


def test_yaml_scalars_in_options_become_text(load: Load) -> None:
    options = {"core.parallelism": 64, "core.x": True, "core.y": 0.5, "core.z": "2.10"}
    loaded = load(airflowConfigurationOptions=options)
    assert loaded.airflow_options == {
        "core.parallelism": "64",
        "core.x": "True",
        "core.y": "0.5",
        "core.z": "2.10",
    }


def test_an_empty_text_is_an_empty_list_or_mapping(load: Load) -> None:
    settings = load(alarmEmails="", tags="")
    assert (settings.alarm_emails, settings.tags) == ((), {})


@pytest.mark.parametrize(
    ("setting", "value", "allowed"),
    [
        ("minWorkers", "many", "a whole number"),
        ("protect", "yes", "true or false"),
        ("alarmEmails", "a@example.com", "a YAML list"),
        ("tags", "[]", "a YAML mapping"),
        ("egress", "nat", "none, single-nat, nat-per-zone, existing"),
        ("schedulers", "9", "0 to 5"),
        ("airflowRoles", '["Root"]', "Admin, Op, User, Viewer, Public"),
        ("keyDeletionWindowDays", "3", "7 to 30"),
        ("additionalSecurityGroupIds", '["sg-1","sg-2","sg-3","sg-4","sg-5"]', "at most 4"),
    ],
)
def test_a_value_of_the_wrong_kind_says_what_is_allowed(
    refused: Refused, setting: str, value: str, allowed: str
) -> None:
    (problem,) = refused(**{setting: value})
    assert problem.setting == setting
    assert allowed in problem.allowed


def test_a_missing_setting_says_how_to_set_it(refused: Refused) -> None:
    (problem,) = refused(environmentName=None)
    assert (problem.setting, problem.got) == ("environmentName", "nothing")
    assert "pulumi config set mwaa:environmentName" in problem.do


@pytest.mark.parametrize(
    ("key", "near"), [("maxWorker", "maxWorkers"), ("VpcCIDR", "vpcCidr"), ("tag", "tags")]
)
def test_an_unknown_key_names_the_nearest_known_one(refused: Refused, key: str, near: str) -> None:
    (problem,) = refused(**{key: "1"})
    assert problem.setting == key
    assert near in problem.allowed
    assert f"mwaa:{near}" in problem.do


def test_an_unknown_key_like_no_other_lists_all(refused: Refused) -> None:
    (problem,) = refused(xyzzy="1")
    assert "environmentName" in problem.allowed
    assert "remove it" in problem.do


def test_all_problems_come_at_once_one_per_line(load: Load) -> None:
    with pytest.raises(SettingsError) as caught:
        load(environmentName="1st", minWorkers="x", vpcCidr="10.0.0.0/30", bogus="1")
    first, *lines = str(caught.value).splitlines()
    assert first.startswith("4 settings are refused; nothing was sent to AWS")
    assert len(lines) == 4
    for line in lines:
        assert all(part in line for part in ("got ", "Allowed: ", "Why: ", "Do: "))


def test_problems_stand_in_the_order_of_the_reference(load: Load) -> None:
    """The engine hands the settings over in an order that changes from run to run."""
    bad = {"vpcCidr": "10.0.0.0/30", "bogus": "1", "protect": "x", "tags": {"a" * 129: "b"}}
    bad |= {"environmentName": ["1st"], "minWorkers": "x"}

    def said(names: Iterable[str]) -> str:
        with pytest.raises(SettingsError) as caught:
            load(**{name: bad[name] for name in names})
        return str(caught.value)

    first = said(bad)
    known = [name for name in Settings.declared() if f"- mwaa:{name}:" in first]
    assert [line.split(":")[1] for line in first.splitlines()[1:]] == ["bogus", *known]
    assert said(reversed(bad)) == said(sorted(bad)) == first


# Secrets

CANARY = "canary-5up3r-s3cr3t"


def test_secret_options_are_kept_and_never_shown(load: Load) -> None:
    options = {"smtp.smtp_password": CANARY}
    settings = load(airflowConfigurationOptions=options, secrets=["airflowConfigurationOptions"])
    assert settings.secret_options
    assert settings.airflow_options["smtp.smtp_password"] == CANARY
    assert CANARY not in repr(settings) + str(settings)


@pytest.mark.parametrize(
    "changes",
    [
        {"airflowConfigurationOptions": {"smtp.smtp_password": CANARY}},
        {"airflowConfigurationOptions": {"core.x": f"{CANARY}\n"}},
        {"airflowConfigurationOptions": {"core.x": [CANARY]}},
        {"airflowConfigurationOptions": {"NOT A KEY": CANARY}},
        {"vpcCidr": CANARY, "secrets": ["vpcCidr"]},
        {"minWorkers": CANARY, "secrets": ["minWorkers"]},
        {"alarmEmails": [CANARY], "secrets": ["alarmEmails"]},
        {"tags": {"team": f"{CANARY}?"}, "secrets": ["tags"]},
        {"bucketName": CANARY.upper(), "secrets": ["bucketName"]},
    ],
)
def test_no_message_quotes_a_secret(load: Load, changes: dict[str, Any]) -> None:
    with pytest.raises(SettingsError) as caught:
        load(**changes)
    assert CANARY.lower() not in str(caught.value).lower()


def test_any_encrypted_setting_is_hidden_in_the_representation(load: Load) -> None:
    shown = repr(load(bucketName="hidden-name", secrets=["bucketName"]))
    assert "hidden-name" not in shown
    assert "bucket_name='[secret]'" in shown


# What follows

IDS = st.sampled_from(["us-east-1a", "us-east-1b", "us-east-1c"])


@given(zones=st.lists(IDS, min_size=2, max_size=2, unique=True))
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_order_of_zones_moves_no_subnet(load: Load, zones: list[str]) -> None:
    one, other = load(availabilityZones=zones), load(availabilityZones=zones[::-1])
    assert one.zones == other.zones == tuple(sorted(zones))
    assert one.address_plan == other.address_plan


def test_a_nat_gateway_adds_public_subnets(load: Load) -> None:
    none, single = load().address_plan, load(egress="single-nat").address_plan
    assert none is not None
    assert single is not None
    assert (len(none.public), len(single.public)) == (0, 2)
    assert none.private == single.private


def test_log_levels_are_complete_and_keyed_as_the_api_does(load: Load) -> None:
    levels = load(logLevels={"dagProcessing": "DEBUG", "worker": "OFF"}).log_group_levels
    assert levels == {
        "dag_processing": "DEBUG",
        "scheduler": "INFO",
        "task": "INFO",
        "webserver": "INFO",
        "worker": None,
    }


def test_the_names_of_a_stack_use_its_bucket(load: Load) -> None:
    assert load(bucketName="our-dags").names("123456789012").bucket == "our-dags"
    assert load().names("123456789012").bucket.startswith("airflow-orders-")


def test_settings_are_frozen(load: Load) -> None:
    with pytest.raises(ValueError, match="frozen"):
        load().protect = False  # type: ignore[misc]


SCALARS = st.fixed_dictionaries(
    {},
    optional={
        "minWorkers": st.integers(min_value=1, max_value=5),
        "maxWorkers": st.integers(min_value=5, max_value=20),
        "schedulers": st.sampled_from([0, 2, 3, 4, 5]),
        "environmentClass": st.sampled_from(["mw1.small", "mw1.2xlarge"]),
        "protect": st.booleans(),
        "tags": st.dictionaries(st.from_regex(r"[a-z]{1,9}", fullmatch=True), st.just("x")),
        "egress": st.sampled_from(["none", "single-nat", "nat-per-zone"]),
    },
)


@given(changes=SCALARS)
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_settings_survive_a_round_trip(load: Load, changes: dict[str, Any]) -> None:
    settings = load(**changes)
    again = settings.model_dump(by_alias=True, include=set(type(settings).model_fields))
    assert type(settings).model_validate(again) == settings
    for key, value in changes.items():
        assert again[key] == value


def test_importing_the_settings_loads_neither_pulumi_nor_boto3() -> None:
    program = "import sys, json, mwaa.settings.load; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    loaded = set(json.loads(done.stdout))
    assert not loaded & {"pulumi", "boto3", "botocore", "yaml"}


def test_the_settings_say_what_the_program_makes_itself(load: Load) -> None:
    existing = {
        "existingVpcId": "vpc-0123456789abcdef0",
        "existingSubnetIds": ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
        "existingVpcCidr": "10.9.0.0/16",
        "availabilityZones": [],
    }
    own, bare = load(), load(**existing, endpointProfile="none")
    routed = load(**existing, existingRouteTableIds=["rtb-0123456789abcdef0"])
    assert [one.knows_route_tables for one in (own, bare, routed)] == [True, False, True]
    assert [one.makes_s3_gateway for one in (own, bare, routed)] == [True, False, True]
    assert own.makes_key
    assert not load(encryption="aws-owned").makes_key
