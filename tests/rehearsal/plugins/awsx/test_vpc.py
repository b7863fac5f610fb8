"""The children: types, names, parents, inputs and tags of the published plugin."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pulumi
import pytest
from pulumi.runtime import mocks
from pulumi.runtime.proto import resource_pb2

from rehearsal.plugins.awsx.layout import LayoutError
from rehearsal.plugins.awsx.vpc import Vpc
from rehearsal.plugins.protocol.properties import decode
from tests.fixtures import programs

ZONES = ["us-east-1a", "us-east-1b"]
REGION = [f"us-east-1{letter}" for letter in "abcd"]
NAME = "net"


@dataclass
class Child:
    """A registered child; `parent` is (type, name), or None for the component's."""

    type: str
    name: str
    parent: tuple[str, str]
    inputs: dict[str, Any]
    version: str


class Cloud(mocks.Mocks):
    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        return f"{args.typ.rsplit(':', 1)[-1]}/{args.name}", dict(args.inputs)

    def call(self, args: mocks.MockCallArgs) -> Any:
        assert args.token == "aws:index/getAvailabilityZones:getAvailabilityZones"
        return {"names": REGION}


class Monitor(mocks.MockMonitor):
    """Writes down what is registered."""

    def __init__(self) -> None:
        super().__init__(Cloud())
        self.children: list[Child] = []

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802
        seen = resource_pb2.RegisterResourceRequest()
        seen.CopyFrom(request)
        if seen.type.startswith("aws:"):
            parts = seen.parent.split("::")
            parent = (parts[2].rsplit("$", 1)[-1].rsplit(":", 1)[-1], parts[3])
            kind = seen.type.rsplit(":", 1)[-1]
            self.children.append(Child(kind, seen.name, parent, decode(seen.object), seen.version))
        return super().RegisterResource(request)  # type: ignore[no-untyped-call]


Run = Callable[..., tuple[list[Child], dict[str, Any]]]


@pytest.fixture
def run() -> Run:
    """Constructs the component; gives its children and its outputs, resolved."""

    def construct(**inputs: Any) -> tuple[list[Child], dict[str, Any]]:
        monitor = Monitor()
        outputs: dict[str, Any] = {}

        async def program() -> None:
            # An Output belongs to the event loop of the program.
            given = {key: value() if callable(value) else value for key, value in inputs.items()}
            vpc = Vpc(NAME, given, pulumi.ResourceOptions())
            for key, value in vpc.state().items():
                plain = isinstance(value, pulumi.Output)
                outputs[key] = await value.future() if plain else value

        programs.run(program, Cloud(), monitor)
        return monitor.children, outputs

    return construct


def specs(*types: str) -> list[dict[str, Any]]:
    return [{"type": type_} for type_ in types]


def by_type(children: list[Child], type_: str) -> dict[str, Child]:
    return {child.name: child for child in children if child.type == type_}


def arguments(*types: str, nat: str, **more: Any) -> dict[str, Any]:
    return {
        "cidrBlock": "10.0.0.0/16",
        "availabilityZoneNames": ZONES,
        "subnetSpecs": specs(*types),
        "subnetStrategy": "Auto",
        "natGateways": {"strategy": nat},
        **more,
    }


@pytest.mark.parametrize(
    ("types", "nat", "counts"),
    [
        (
            ("Public", "Private"),
            "Single",
            {
                "Subnet": 4,
                "RouteTable": 4,
                "RouteTableAssociation": 4,
                "Route": 4,
                "Eip": 1,
                "NatGateway": 1,
            },
        ),
        (
            ("Public", "Private"),
            "OnePerAz",
            {
                "Subnet": 4,
                "RouteTable": 4,
                "RouteTableAssociation": 4,
                "Route": 4,
                "Eip": 2,
                "NatGateway": 2,
            },
        ),
        (("Private",), "None", {"Subnet": 2, "RouteTable": 2, "RouteTableAssociation": 2}),
        (("Isolated",), "None", {"Subnet": 2, "RouteTable": 2, "RouteTableAssociation": 2}),
        (
            ("Public", "Isolated", "Unused"),
            "None",
            {"Subnet": 4, "RouteTable": 4, "RouteTableAssociation": 4, "Route": 2},
        ),
    ],
)
def test_number_of_children(
    run: Run, types: tuple[str, ...], nat: str, counts: dict[str, int]
) -> None:
    children, _ = run(**arguments(*types, nat=nat))
    found: dict[str, int] = {}
    for child in children:
        found[child.type] = found.get(child.type, 0) + 1
    assert found == {"Vpc": 1, "InternetGateway": 1, **counts}


def test_names_and_parents(run: Run) -> None:
    children, _ = run(**arguments("Public", "Private", nat="Single"))
    assert {(child.type, child.name, child.parent) for child in children} == {
        ("Vpc", NAME, ("Vpc", NAME)),
        ("InternetGateway", NAME, ("Vpc", NAME)),
        ("Eip", "net-1", ("Subnet", "net-public-1")),
        ("NatGateway", "net-1", ("Subnet", "net-public-1")),
        *(
            (
                type_,
                f"net-{kind}-{zone}",
                (parent, NAME if parent == "Vpc" else f"net-{kind}-{zone}"),
            )
            for kind in ("public", "private")
            for zone in (1, 2)
            for type_, parent in (
                ("Subnet", "Vpc"),
                ("RouteTable", "Subnet"),
                ("RouteTableAssociation", "RouteTable"),
                ("Route", "RouteTable"),
            )
        ),
    }


def test_inputs_of_subnets(run: Run) -> None:
    children, _ = run(**arguments("Private", "Public", nat="None", tags={"a": "b"}))
    subnets = by_type(children, "Subnet")
    assert subnets["net-private-2"].inputs == {
        "vpcId": "Vpc/net",
        "availabilityZone": "us-east-1b",
        "cidrBlock": "10.0.128.0/18",
        "mapPublicIpOnLaunch": False,
        "assignIpv6AddressOnCreation": False,
        "tags": {"Name": "net-private-2", "a": "b", "SubnetType": "Private"},
    }
    assert subnets["net-public-1"].inputs["mapPublicIpOnLaunch"] is True


def test_tags(run: Run) -> None:
    given = arguments("Public", "Private", nat="Single", tags={"Name": "mine", "a": "b"})
    given["subnetSpecs"][1]["tags"] = {"tier": "data"}
    children, _ = run(**given)
    tags: dict[tuple[str, str], Any] = {
        (child.type, child.name): child.inputs.get("tags") for child in children
    }
    assert tags["Vpc", NAME] == tags["InternetGateway", NAME] == {"Name": "mine", "a": "b"}
    assert tags["Subnet", "net-private-1"]["tier"] == "data"
    assert "tier" not in tags["RouteTable", "net-private-1"]
    assert tags["Eip", "net-1"] == tags["NatGateway", "net-1"] == {"Name": "net-1", "a": "b"}
    assert tags["Route", "net-private-1"] is None


def test_tags_may_be_outputs(run: Run) -> None:
    def later() -> pulumi.Output[dict[str, str]]:
        return pulumi.Output.from_input({"a": "b"})

    children, _ = run(**arguments("Private", nat="None", tags=later))
    assert by_type(children, "Vpc")[NAME].inputs["tags"] == {"Name": NAME, "a": "b"}


@pytest.mark.parametrize(
    ("nat", "target"),
    [
        ("Single", {"natGatewayId": "NatGateway/net-1"}),
        ("OnePerAz", {"natGatewayId": "NatGateway/net-2"}),
    ],
)
def test_way_out_of_private_subnets(run: Run, nat: str, target: dict[str, str]) -> None:
    children, _ = run(**arguments("Public", "Private", "Isolated", nat=nat))
    routes = by_type(children, "Route")
    assert routes["net-private-2"].inputs == {
        "routeTableId": "RouteTable/net-private-2",
        "destinationCidrBlock": "0.0.0.0/0",
        **target,
    }
    assert routes["net-public-2"].inputs["gatewayId"] == "InternetGateway/net"
    assert "net-isolated-2" not in routes


def test_given_addresses_are_used(run: Run) -> None:
    given = arguments("Public", "Private", nat="Single")
    given["natGateways"]["elasticIpAllocationIds"] = ["eipalloc-1"]
    children, _ = run(**given)
    assert by_type(children, "Eip") == {}
    assert by_type(children, "NatGateway")["net-1"].inputs["allocationId"] == "eipalloc-1"


def test_region_and_version_reach_every_child(run: Run) -> None:
    children, _ = run(**arguments("Public", "Private", nat="Single", region="eu-west-1"))
    assert {child.inputs["region"] for child in children} == {"eu-west-1"}
    assert {child.version for child in children} == {"7.51.1"}


def test_outputs(run: Run) -> None:
    _, outputs = run(**arguments("Public", "Private", nat="Single"))
    assert outputs["vpcId"] == "Vpc/net"
    assert outputs["privateSubnetIds"] == ["Subnet/net-private-1", "Subnet/net-private-2"]
    assert outputs["isolatedSubnetIds"] == outputs["isolatedSubnets"] == []
    assert len(outputs["subnets"]) == len(outputs["routeTables"]) == len(outputs["routes"]) == 4
    assert len(outputs["natGateways"]) == len(outputs["eips"]) == 1
    assert outputs["subnetLayout"][0] == {
        "type": "Public",
        "name": "public",
        "cidrBlocks": ["10.0.0.0/18", "10.0.128.0/18"],
        "cidrMask": 18,
    }


def test_without_arguments_there_are_three_zones_of_the_default_layout(run: Run) -> None:
    children, outputs = run()
    subnets = by_type(children, "Subnet")
    assert {name: one.inputs["cidrBlock"] for name, one in subnets.items()} == {
        "net-private-1": "10.0.0.0/19",
        "net-private-2": "10.0.64.0/19",
        "net-private-3": "10.0.128.0/19",
        "net-public-1": "10.0.32.0/20",
        "net-public-2": "10.0.96.0/20",
        "net-public-3": "10.0.160.0/20",
    }
    assert [one.inputs["availabilityZone"] for one in subnets.values()][::2] == REGION[:3]
    assert len(by_type(children, "NatGateway")) == 3
    assert len(outputs["privateSubnetIds"]) == 3


def test_a_number_of_zones_takes_the_first_of_the_region(run: Run) -> None:
    children, _ = run(numberOfAvailabilityZones=2.0)
    zones = {one.inputs["availabilityZone"] for one in by_type(children, "Subnet").values()}
    assert zones == set(REGION[:2])


def test_names_in_tags_may_be_those_of_zones(run: Run) -> None:
    given = arguments("Private", nat="None", subnetNameTagStrategy="AvailabilityZone")
    children, _ = run(**given)
    tags = {name: one.inputs["tags"]["Name"] for name, one in by_type(children, "Subnet").items()}
    assert tags == {"net-private-1": "net-private-1a", "net-private-2": "net-private-1b"}


SQS = {"serviceName": "com.amazonaws.us-east-1.sqs", "vpcEndpointType": "Interface"}
S3 = {"serviceName": "com.amazonaws.us-east-1.s3", "tags": {"a": "b"}}


def test_endpoints_of_the_default_strategy_are_attached_to_nothing(run: Run) -> None:
    children, outputs = run(**arguments("Private", nat="None", vpcEndpointSpecs=[SQS, S3]))
    endpoints = by_type(children, "VpcEndpoint")
    assert endpoints[SQS["serviceName"]].inputs == {
        **SQS,
        "vpcId": "Vpc/net",
        "tags": {"Name": NAME},
    }
    assert endpoints[str(S3["serviceName"])].inputs["tags"] == {"Name": NAME, "a": "b"}
    assert by_type(children, "SecurityGroup") == {}
    assert len(outputs["vpcEndpoints"]) == 2
    assert "enableDnsHostnames" not in by_type(children, "Vpc")[NAME].inputs


def test_endpoints_of_the_strategy_auto_are_attached(run: Run) -> None:
    given = arguments("Public", "Isolated", nat="None", vpcEndpointSpecs=[SQS, S3])
    children, _ = run(**given, vpcEndpointStrategy="Auto")
    endpoints = by_type(children, "VpcEndpoint")
    sqs = endpoints[SQS["serviceName"]].inputs
    assert sqs["subnetIds"] == ["Subnet/net-isolated-1", "Subnet/net-isolated-2"]
    assert sqs["privateDnsEnabled"] is True
    assert sqs["securityGroupIds"] == [f"SecurityGroup/{SQS['serviceName']}-sg"]
    assert len(endpoints[str(S3["serviceName"])].inputs["routeTableIds"]) == 4
    rule = by_type(children, "SecurityGroupRule")[f"{SQS['serviceName']}-ingress"].inputs
    assert (rule["fromPort"], rule["cidrBlocks"]) == (443, ["10.0.0.0/16"])
    vpc = by_type(children, "Vpc")[NAME].inputs
    assert vpc["enableDnsHostnames"] is vpc["enableDnsSupport"] is True


@pytest.mark.parametrize(
    ("more", "property_"),
    [
        ({"numberOfAvailabilityZones": 2}, "numberOfAvailabilityZones"),
        (
            {"availabilityZoneNames": None, "numberOfAvailabilityZones": 9},
            "numberOfAvailabilityZones",
        ),
        ({"vpcEndpointSpecs": [{"serviceName": ""}]}, "vpcEndpointSpecs[0].serviceName"),
        ({"vpcEndpointSpecs": [{"serviceNme": "s3"}]}, "vpcEndpointSpecs[0].serviceNme"),
        ({"vpcEndpointStrategy": "Some"}, "vpcEndpointStrategy"),
        (
            {
                "vpcEndpointSpecs": [{"serviceName": "sqs", "vpcEndpointType": "Interface"}],
                "vpcEndpointStrategy": "Auto",
                "enableDnsHostnames": False,
            },
            "enableDnsHostnames",
        ),
        ({"ipv4IpamPoolId": "pool"}, "ipv4IpamPoolId"),
        ({"subnetNameTagStrategy": "Zone"}, "subnetNameTagStrategy"),
        ({"subnetStrategy": "AutoMerge"}, "subnetStrategy"),
    ],
)
def test_refusals_name_the_argument(run: Run, more: dict[str, Any], property_: str) -> None:
    with pytest.raises(LayoutError) as refused:
        run(**{**arguments("Private", nat="None"), **more})
    assert refused.value.property == property_
