"""Version, class, counts, web access, timeouts, tags and region: what is refused, and why."""

from collections.abc import Callable
from typing import Any

import pytest

from mwaa.service.versions import VERSIONS
from mwaa.settings.load import Settings
from mwaa.settings.problems import Problem

NEWEST = next(iter(VERSIONS))
Load = Callable[..., Settings]
Refused = Callable[..., list[Problem]]


@pytest.mark.parametrize("name", ["1st", "a b", "a" * 81, "orders.prod", "-x"])
def test_a_bad_name_is_refused(refused: Refused, name: str) -> None:
    (problem,) = refused(environmentName=name)
    assert (problem.setting, problem.got) == ("environmentName", f'"{name}"')
    assert "1 to 80" in problem.allowed
    assert "role, log groups and trust" in problem.why


@pytest.mark.parametrize("name", ["a", "A1_-", "a" * 80])
def test_a_valid_name_passes(load: Load, name: str) -> None:
    assert load(environmentName=name).environment_name == name


@pytest.mark.parametrize(
    ("given", "meant"),
    [("2.1", "2.10.3"), ("2.10", "2.10.3"), ("2.11", "2.11.2"), ("3.3", "3.3.1"), ("3", NEWEST),
     ("latest", NEWEST), ("v2.10.3", NEWEST)],
)  # fmt: skip
def test_a_version_that_yaml_shortened_gets_a_hint(
    refused: Refused, given: str, meant: str
) -> None:
    (problem,) = refused(airflowVersion=given)
    assert problem.got == f'"{given}"'
    assert "YAML reads an unquoted 2.10 as the number 2.1" in problem.why
    assert f'"{meant}"' in problem.do
    assert "2.10.3" in problem.allowed


def test_an_ended_version_warns_with_its_date(load: Load) -> None:
    # Whether the environment has it already, only the program knows: `refuse_ended`.
    (warning,) = load(airflowVersion="2.6.3").warnings
    assert "support of 2.6.3 ended on 2025-12-30" in warning


def test_a_version_that_never_was_is_refused(refused: Refused) -> None:
    (problem,) = refused(airflowVersion="2.10.2")
    assert "never offered" in problem.why
    assert "2.10.3" in problem.allowed


def test_a_newer_version_warns(load: Load) -> None:
    (warning,) = load(airflowVersion="3.9.0").warnings
    assert "mwaa:airflowVersion: 3.9.0 is newer than this project's catalog" in warning


def test_an_unknown_class_names_the_nearest(refused: Refused) -> None:
    (problem,) = refused(environmentClass="mw1.midium")
    assert (problem.setting, problem.got) == ("environmentClass", '"mw1.midium"')
    assert "mw1.2xlarge" in problem.allowed
    assert 'write "mw1.medium"' in problem.do


@pytest.mark.parametrize(
    ("environment_class", "setting", "count", "allowed"),
    [
        ("mw1.micro", "schedulers", 2, "exactly 1 on mw1.micro"),
        ("mw1.micro", "maxWorkers", 3, "exactly 1 on mw1.micro"),
        ("mw1.micro", "minWebservers", 2, "exactly 1 on mw1.micro"),
        ("mw1.micro", "maxWebservers", 2, "exactly 1 on mw1.micro"),
        ("mw1.small", "schedulers", 1, "2 to 5 on mw1.small"),
        ("mw1.large", "maxWebservers", 1, "2 to 5 on mw1.large"),
    ],
)
def test_counts_fit_the_class(
    refused: Refused, environment_class: str, setting: str, count: int, allowed: str
) -> None:
    (problem,) = refused(environmentClass=environment_class, **{setting: count})
    assert (problem.setting, problem.got, problem.allowed) == (setting, str(count), allowed)
    assert environment_class in problem.why
    assert "environmentClass" in problem.do


def test_micro_with_two_workers_is_refused(refused: Refused) -> None:
    (problem,) = refused(environmentClass="mw1.micro", minWorkers=2)
    assert problem.setting == "minWorkers"
    assert "does not scale" in problem.why


@pytest.mark.parametrize(
    ("low", "high", "counts"), [("minWorkers", "maxWorkers", (5, 4)),
                                ("minWebservers", "maxWebservers", (4, 3))],
)  # fmt: skip
def test_a_minimum_above_the_maximum_is_refused(
    refused: Refused, low: str, high: str, counts: tuple[int, int]
) -> None:
    (problem,) = refused(**{low: counts[0], high: counts[1]})
    assert (problem.setting, problem.got) == (low, str(counts[0]))
    assert f"at most mwaa:{high} ({counts[1]})" in problem.allowed


def test_an_open_maximum_follows_a_large_minimum(load: Load) -> None:
    assert load(minWorkers=12).sizing.max_workers == 12


def test_more_workers_than_the_default_quota_warns(load: Load) -> None:
    (warning,) = load(maxWorkers=40).warnings
    assert "default quota of 25" in warning


@pytest.mark.parametrize("mode", ["PUBLIC_ONLY", "PUBLIC_AND_PRIVATE"])
def test_a_public_web_server_needs_its_own_word(refused: Refused, mode: str) -> None:
    (problem,) = refused(webserverAccessMode=mode, airflowVersion="3.2.1")
    assert (problem.setting, problem.got) == ("webserverAccessMode", f'"{mode}"')
    assert "mwaa:allowPublicWebserver: true" in problem.allowed
    assert "internet" in problem.why


def test_a_public_web_server_that_is_meant_passes(load: Load) -> None:
    settings = load(webserverAccessMode="PUBLIC_ONLY", allowPublicWebserver=True)
    assert settings.webserver_access_mode == "PUBLIC_ONLY"


@pytest.mark.parametrize("version", ["2.11.2", "3.0.6"])
def test_public_and_private_needs_airflow_3_2(refused: Refused, version: str) -> None:
    (problem,) = refused(
        webserverAccessMode="PUBLIC_AND_PRIVATE",
        allowPublicWebserver=True,
        airflowVersion=version,
    )
    assert version in problem.why
    assert "3.2" in problem.do


def test_a_private_web_server_without_clients_warns(load: Load) -> None:
    (warning,) = load(webserverClientCidrs=None).warnings
    assert "nobody may open the Airflow UI" in warning


@pytest.mark.parametrize("window", ["Foo:99:99", "SUN:03:15", "sun:03:30", "SUN:24:00", "SUN"])
def test_a_bad_window_is_refused(refused: Refused, window: str) -> None:
    (problem,) = refused(weeklyMaintenanceWindowStart=window)
    assert problem.got == f'"{window}"'
    assert "SUN:03:30" in problem.allowed
    assert "UTC" in problem.why


def test_a_graceful_update_needs_its_time(refused: Refused, load: Load) -> None:
    (problem,) = refused(updateTimeoutMinutes=120)
    assert "12 hours" in problem.why
    assert load(updateTimeoutMinutes=120, workerReplacementStrategy="FORCED").protect


@pytest.mark.parametrize(
    ("tags", "says"),
    [
        ({f"k{n}": "v" for n in range(50)}, "50 tags"),
        ({"aws:team": "x"}, 'key "aws:team"'),
        ({"team": ""}, 'value ""'),
        ({"team": "a" * 257}, "value"),
        ({"te<am": "x"}, 'key "te<am"'),
        ({"Team": "x", "team": "x"}, 'key "Team"'),
    ],
)
def test_tags_that_aws_refuses(refused: Refused, tags: dict[str, Any], says: str) -> None:
    (problem,) = refused(tags=tags)
    assert problem.setting == "tags"
    assert says in problem.got


@pytest.mark.parametrize(
    ("region", "do"), [("eu-wst-1", "write eu-west-1;"), ("us-gov-west-1", "us-"), ("x", "choose")]
)
def test_a_region_without_mwaa_is_refused_with_the_nearest(
    refused: Refused, region: str, do: str
) -> None:
    problems = {problem.setting: problem for problem in refused(region=region)}
    problem = problems["aws:region"]
    assert problem.got == f'"{region}"'
    assert "eu-west-1" in problem.allowed
    assert do in problem.do and "mwaa/service/regions.py" in problem.do
    # No zones of a region that is none.
    assert "availabilityZones" not in problems


def test_no_region_is_refused(refused: Refused) -> None:
    problems = {problem.setting: problem for problem in refused(region="")}
    assert "pulumi config set aws:region" in problems["aws:region"].do


def test_an_adopted_environment_brings_its_vpc_and_key(refused: Refused) -> None:
    first, second = refused(adoptEnvironment=True)
    assert {first.setting, second.setting} == {"existingVpcId", "encryption"}
    assert "can never change its subnets and its key" in first.why
    assert "get-environment" in first.do


def test_an_environment_with_vpc_and_key_of_its_own_can_be_adopted(load: Load) -> None:
    assert load(
        adoptEnvironment=True,
        availabilityZones=None,
        existingVpcId="vpc-0123456789abcdef0",
        existingSubnetIds=["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
        existingVpcCidr="10.0.0.0/16",
        existingRouteTableIds=["rtb-0123456789abcdef0"],
        encryption="aws-owned",
    ).adopt_environment
