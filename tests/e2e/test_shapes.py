"""Each of the four shapes comes up, is settled, and has what makes it that shape."""

from __future__ import annotations

import pytest

from tests.e2e.stacks.lives import Life
from tests.e2e.stacks.shapes import CIDR
from tests.fixtures.changes import items


def test_the_environment_is_available_when_up_ends(life: Life) -> None:
    # With customer-managed endpoints too: the end of `pulumi up` is the end of the create.
    assert life.outputs["status"] == "AVAILABLE"


def test_a_second_look_finds_nothing_to_do(life: Life) -> None:
    assert life.settled.code == 0, life.settled.errors or life.settled.text
    assert life.settled.touched() == []
    assert not life.settled.outputs_differ


def test_terraforms_own_provider_finds_nothing_to_change(life: Life) -> None:
    if life.terraform.missing:
        pytest.skip(f"Terraform's plan of the running stack: {life.terraform.missing}")
    assert life.terraform.imported > 60
    assert life.terraform.changes == ""


def test_each_shape_has_its_ways_out_and_its_endpoints(life: Life) -> None:
    """The names of the stacks are those of the shapes."""
    outputs, environment = life.outputs, life.alive.environment
    name = outputs["environmentName"]
    assert life.nat_gateways == (2 if name == "with-nat" else 0)
    # awsx's public subnets would give public addresses to whatever is launched there.
    assert [one.id for one in items(life.alive.subnets) if one.public_ip_on_launch] == []
    (vpc,) = (vpc for vpc in items(life.alive.vpcs) if vpc.id == outputs["vpcId"])
    assert (CIDR in items(vpc.cidrs)) == (name == "in-existing-vpc")
    own = name == "own-endpoints"
    assert (environment.endpoint_management == "CUSTOMER") == own
    if own:
        assert {
            environment.database_endpoint_service,
            environment.webserver_endpoint_service,
        } <= life.endpoint_services
