"""The VPC, its zones and blocks, clients and endpoints: what is refused, and why."""

from collections.abc import Callable
from typing import Any

import pytest

from mwaa.names import Names
from mwaa.settings.load import Settings
from mwaa.settings.problems import Problem

Load = Callable[..., Settings]
Refused = Callable[..., list[Problem]]

EXISTING: dict[str, Any] = {
    "availabilityZones": None,
    "existingVpcId": "vpc-0123456789abcdef0",
    "existingSubnetIds": ["subnet-0a", "subnet-0b"],
    "existingRouteTableIds": ["rtb-0a"],
    "existingVpcCidr": "10.1.0.0/16",
}


@pytest.mark.parametrize(
    ("zones", "got"),
    [
        (["us-east-1a"], '["us-east-1a"]'),
        ([], "[]"),
        (["us-east-1a", "us-east-1a"], '["us-east-1a", "us-east-1a"]'),
        (["us-east-1a", "us-east-1b", "us-east-1c"], '["us-east-1a", "us-east-1b", "us-east-1c"]'),
    ],
)
def test_there_are_two_zones(refused: Refused, zones: list[str], got: str) -> None:
    (problem,) = refused(availabilityZones=zones)
    assert (problem.setting, problem.got) == ("availabilityZones", got)
    assert problem.allowed == "exactly two different zones"
    assert "two subnets in two zones" in problem.why
    assert "[us-east-1a, us-east-1b]" in problem.do


@pytest.mark.parametrize("zone", ["us-west-2b", "us-east-1-bos-1a", "us-east-1", "b"])
def test_a_zone_lies_in_the_region(refused: Refused, zone: str) -> None:
    (problem,) = refused(availabilityZones=["us-east-1a", zone])
    assert problem.got == f'["{zone}"]'
    assert "us-east-1" in problem.allowed


@pytest.mark.parametrize("block", ["10.0.0.0/25", "10.0.0.0/28", "10.0.0.0/15"])
def test_a_block_too_small_or_too_large_is_refused(refused: Refused, block: str) -> None:
    (problem,) = refused(vpcCidr=block)
    assert (problem.setting, problem.got) == ("vpcCidr", f'"{block}"')
    assert "/16 to /24" in problem.allowed
    assert "/26" in problem.why


@pytest.mark.parametrize("block", ["10.0.0.1/16", "ten", "10.0.0.0/33"])
def test_what_is_no_block_is_refused(refused: Refused, block: str) -> None:
    (problem,) = refused(vpcCidr=block)
    assert "it is no such block" in problem.why


def test_a_public_block_is_refused(refused: Refused) -> None:
    (problem,) = refused(vpcCidr="8.8.0.0/16")
    assert "internet" in problem.why


def test_a_block_that_overlaps_a_connected_network_is_refused(refused: Refused) -> None:
    (problem,) = refused(connectedCidrs=["10.0.0.0/8"])
    assert (problem.setting, problem.got) == ("vpcCidr", '"10.192.0.0/16"')
    assert '"10.0.0.0/8"' in problem.allowed
    assert "cannot be routed" in problem.why


def test_a_block_beside_a_connected_network_passes(load: Load) -> None:
    assert load(connectedCidrs=["10.193.0.0/16"]).vpc_cidr == "10.192.0.0/16"


def test_a_subnet_holds_the_environment_at_full_scale(refused: Refused, load: Load) -> None:
    (problem,) = refused(vpcCidr="10.0.0.0/24", maxWorkers=25)
    # 2 x (25 workers + 2 schedulers + 2 web servers) + 4 endpoints
    assert "62 usable addresses" in problem.allowed
    assert "each would have 59" in problem.why
    assert load(vpcCidr="10.0.0.0/24").sizing.max_workers == 10


def test_an_existing_vpc_passes(load: Load) -> None:
    settings = load(**EXISTING)
    assert settings.address_plan is None


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("availabilityZones", ["us-east-1a", "us-east-1b"]),
        ("vpcCidr", "10.9.0.0/16"),
        ("egress", "single-nat"),
    ],
)
def test_both_an_existing_and_a_new_vpc_are_refused(
    refused: Refused, setting: str, value: Any
) -> None:
    (problem,) = refused(**(EXISTING | {setting: value}))
    assert problem.setting == setting
    assert "vpc-0123456789abcdef0" in problem.allowed
    assert "either a new or an existing one" in problem.why
    assert f"remove mwaa:{setting}, or remove mwaa:existingVpcId" in problem.do


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("existingSubnetIds", ["subnet-0a", "subnet-0b"]),
        ("existingVpcCidr", "10.1.0.0/16"),
        ("existingRouteTableIds", ["rtb-0a"]),
    ],
)
def test_parts_of_an_existing_vpc_need_its_id(refused: Refused, setting: str, value: Any) -> None:
    (problem,) = refused(**{setting: value})
    assert problem.setting == setting
    assert "mwaa:existingVpcId" in problem.do


def test_egress_of_an_existing_vpc_needs_one(refused: Refused, load: Load) -> None:
    (problem,) = refused(egress="existing")
    assert "single-nat" in problem.allowed
    assert load(**(EXISTING | {"egress": "existing"})).egress == "existing"


@pytest.mark.parametrize("subnets", [[], ["subnet-0a"], ["subnet-0a", "subnet-0a"]])
def test_an_existing_vpc_brings_two_subnets(refused: Refused, subnets: list[str]) -> None:
    (problem,) = refused(**(EXISTING | {"existingSubnetIds": subnets}))
    assert problem.setting == "existingSubnetIds"
    assert "exactly two" in problem.allowed


@pytest.mark.parametrize("missing", ["existingVpcCidr", "existingRouteTableIds"])
def test_endpoints_in_an_existing_vpc_need_its_block_and_routes(
    refused: Refused, load: Load, missing: str
) -> None:
    (problem,) = refused(**(EXISTING | {missing: None}))
    assert problem.setting == missing
    assert "endpointProfile" in problem.do
    brought = load(**(EXISTING | {missing: None, "endpointProfile": "none", "egress": "existing"}))
    assert brought.endpoint_services == ()


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("existingSubnetIds", ["subnet-0a", "private-b"]),
        ("existingRouteTableIds", ["main"]),
        ("additionalSecurityGroupIds", ["default"]),
        ("webserverClientSecurityGroupIds", ["bastion"]),
    ],
)
def test_ids_are_ids(refused: Refused, setting: str, value: list[str]) -> None:
    (problem,) = refused(**(EXISTING | {setting: value}))
    assert problem.setting == setting
    assert value[-1] in problem.got
    assert problem.do == "give ids, not names"


@pytest.mark.parametrize("world", ["0.0.0.0/0"])
def test_the_world_is_no_client(refused: Refused, world: str) -> None:
    (problem,) = refused(webserverClientCidrs=[world])
    assert (problem.setting, problem.got) == ("webserverClientCidrs", f'"{world}"')
    assert "every address of the world" in problem.why


@pytest.mark.parametrize("setting", ["webserverClientCidrs", "connectedCidrs"])
def test_clients_and_networks_are_blocks(refused: Refused, setting: str) -> None:
    (problem,) = refused(**{setting: ["10.1.2.3/16"]})
    assert (problem.setting, problem.got) == (setting, '"10.1.2.3/16"')


def test_a_client_named_twice_is_refused(refused: Refused) -> None:
    (problem,) = refused(webserverClientCidrs=["10.1.0.0/16", "10.1.0.0/16"])
    assert problem.got == '["10.1.0.0/16"] more than once'


def test_without_egress_a_new_vpc_needs_endpoints(refused: Refused, load: Load) -> None:
    (problem,) = refused(endpointProfile="none")
    assert (problem.setting, problem.got) == ("endpointProfile", '"none"')
    assert "s3, sqs, logs, monitoring, kms" in problem.why
    five = ["s3", "sqs", "logs", "monitoring", "kms"]
    assert load(endpointProfile="none", additionalEndpointServices=five)
    assert load(endpointProfile="none", egress="single-nat")


def test_without_egress_an_existing_vpc_may_have_endpoints_already(load: Load) -> None:
    (warning,) = load(**(EXISTING | {"endpointProfile": "none"})).warnings
    assert "must already have endpoints for s3" in warning


def test_an_endpoint_service_is_a_suffix(refused: Refused) -> None:
    (problem,) = refused(additionalEndpointServices=["Secrets Manager"])
    assert "secretsmanager" in problem.allowed


OFFERED = "vpce-svc-0123456789abcdef0"


@pytest.mark.parametrize(
    ("service", "do"),
    [
        (OFFERED, f"write its full name, com.amazonaws.vpce.us-east-1.{OFFERED}"),
        (f"com.amazonaws.vpce.eu-west-1.{OFFERED}", "name the service of this region"),
        ("com.amazonaws.eu-west-1.sts", "name the service of this region"),
        ("aws.sagemaker.eu-west-1.notebook", "name the service of this region"),
        ("com.amazonaws.us-east-1.sqs", "remove it"),
    ],
)
def test_a_full_name_is_one_of_the_region_and_not_made_already(
    refused: Refused, service: str, do: str
) -> None:
    (problem,) = refused(additionalEndpointServices=[service])
    assert (problem.got, problem.do) == (f'"{service}"', do)


@pytest.mark.parametrize(
    "service",
    [
        f"com.amazonaws.vpce.us-east-1.{OFFERED}",
        "com.amazonaws.us-east-1.sts",
        "aws.sagemaker.us-east-1.notebook",
        # The interface beside the gateway that the suffix means.
        "com.amazonaws.us-east-1.s3",
    ],
)
def test_a_full_name_of_the_region_is_taken(load: Load, service: str) -> None:
    assert load(additionalEndpointServices=[service])


KEY = "arn:aws:kms:us-east-1:123456789012:key/0b1c2d3e-0000-4000-8000-000000000000"


def test_other_environments_of_the_vpc_have_the_names_that_the_program_gives(load: Load) -> None:
    entries = [{"name": "reports"}, {"name": "lake", "bucket": "dags-of-lake", "key": KEY}]
    settings = load(endpointEnvironments=entries)
    reports, lake = settings.neighbors("123456789012")
    assert reports.names == Names("reports", "us-east-1", "123456789012")
    assert (lake.names.bucket, lake.key_arn) == ("dags-of-lake", KEY)
    # Their interfaces have other groups, so the whole VPC may use the endpoints.
    assert settings.endpoint_client_cidr == settings.vpc_cidr
    assert load().endpoint_client_cidr == ""


@pytest.mark.parametrize(
    ("entry", "got"),
    [
        ({"bucket": "lake"}, "no name"),
        ({"name": "1st"}, 'name "1st"'),
        ({"name": "a", "bucket": "s3://lake"}, 'bucket "s3://lake"'),
        ({"name": "a", "key": "alias/lake"}, 'key "alias/lake"'),
        ({"name": "a", "account": "12"}, 'account "12"'),
        ({"name": "a", "buckets": "lake"}, 'buckets "lake"'),
        ({"name": "own"}, 'the name of this environment, "own"'),
    ],
)
def test_an_environment_beside_this_one_is_named_in_full(
    refused: Refused, entry: dict[str, str], got: str
) -> None:
    good = {"name": "fine"}
    (problem,) = refused(environmentName="own", endpointEnvironments=[good, entry])
    assert problem.setting == "endpointEnvironments"
    assert problem.got == f"entry 2 with {got}"


def test_without_endpoints_there_is_none_to_open(load: Load) -> None:
    settings = load(**EXISTING, endpointProfile="none", endpointEnvironments=[{"name": "reports"}])
    assert any("endpointEnvironments" in advice for advice in settings.warnings)


@pytest.mark.parametrize("block", ["fd00::/8", "2001:db8::/32", "::/0", "2001:db8::1"])
@pytest.mark.parametrize("setting", ["vpcCidr", "connectedCidrs", "webserverClientCidrs"])
def test_a_block_of_ipv6_is_refused_as_one(refused: Refused, setting: str, block: str) -> None:
    (problem,) = refused(**{setting: block if setting == "vpcCidr" else [block]})
    assert (problem.setting, block in problem.got) == (setting, True)
    assert "block of IPv6" in problem.why
    assert "IPv4" in problem.allowed


def test_the_block_of_an_existing_vpc_is_one_of_ipv4(refused: Refused) -> None:
    (problem,) = refused(**(EXISTING | {"existingVpcCidr": "fd00::/56"}))
    assert (problem.setting, "block of IPv6" in problem.why) == ("existingVpcCidr", True)


OWNER_ROLE = "arn:aws:iam::999999999999:role/network/endpoints"
SHARED: dict[str, Any] = {**EXISTING, "endpointManagement": "CUSTOMER"}


def test_the_owner_of_a_shared_vpc_makes_the_endpoints_or_is_waited_for(load: Load) -> None:
    assert load(**SHARED, endpointOwnerRoleArn=OWNER_ROLE).makes_customer_endpoints
    waiting = load(**SHARED, customerEndpoints="wait")
    assert not waiting.makes_customer_endpoints and not waiting.warnings
    ending = load(**SHARED, customerEndpoints="wait", lastLook=False)
    assert any("the program ends while the environment is PENDING" in a for a in ending.warnings)


@pytest.mark.parametrize(
    ("settings", "setting", "why"),
    [
        ({"endpointOwnerRoleArn": OWNER_ROLE}, "endpointOwnerRoleArn", "belongs to this account"),
        ({"customerEndpoints": "wait"}, "customerEndpoints", "never end"),
        (
            {**SHARED, "endpointOwnerRoleArn": OWNER_ROLE, "customerEndpoints": "wait"},
            "customerEndpoints",
            "never end",
        ),
        (
            {
                **SHARED,
                "existingVpcCidr": None,
                "egress": "existing",
                "endpointOwnerRoleArn": OWNER_ROLE,
            },
            "existingVpcCidr",
            "admit this block",
        ),
        ({**SHARED, "endpointOwnerRoleArn": "role/x"}, "endpointOwnerRoleArn", "only its owner"),
    ],
)
def test_a_shared_vpc_has_one_maker_of_endpoints(
    refused: Refused, settings: dict[str, Any], setting: str, why: str
) -> None:
    (problem,) = refused(**settings)
    assert problem.setting == setting
    assert why in problem.why
