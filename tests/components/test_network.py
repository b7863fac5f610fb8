"""The network: one pinned VPC or an existing one, and rules that admit only who must come in."""

from typing import Any

import pulumi
import pytest

from components.network import Network, NetworkArgs
from mwaa.names import Names

RULE_IN = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
RULE_OUT = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
GROUP = "aws:ec2/securityGroup:SecurityGroup"
DEFAULT_GROUP = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
ZONES = ("eu-west-1a", "eu-west-1b")
NEW: dict[str, Any] = {"vpc_cidr": "10.20.0.0/16", "availability_zones": ZONES}
EXISTING: dict[str, Any] = {
    "existing_vpc_id": "vpc-1",
    "existing_subnet_ids": ("subnet-1", "subnet-2"),
    "existing_vpc_cidr": "10.9.0.0/16",
}


def network(names: Names, **args: Any) -> Network:
    return Network("net", NetworkArgs(names=names, **args))


def rules(recording: Any, type_: str) -> dict[str, tuple[Any, ...]]:
    fields = (
        "ipProtocol",
        "fromPort",
        "toPort",
        "cidrIpv4",
        "referencedSecurityGroupId",
        "prefixListId",
    )
    return {
        rule.name.removeprefix("net-"): tuple(rule.inputs.get(f) for f in fields)
        for rule in recording.of(type_)
    }


@pytest.mark.parametrize(
    ("egress", "strategy", "kinds"),
    [
        ("none", "None", ["Isolated"]),
        ("single-nat", "Single", ["Private", "Public"]),
        ("nat-per-zone", "OnePerAz", ["Private", "Public"]),
    ],
)
def test_zones_blocks_and_strategy_of_a_new_vpc_are_pinned(
    build: Any, names: Names, egress: Any, strategy: str, kinds: list[str]
) -> None:
    made = build(lambda: network(names, egress=egress, **NEW), egress=egress)
    vpc = made.one("awsx:ec2:Vpc", "net-vpc").inputs
    assert vpc["availabilityZoneNames"] == list(ZONES)
    assert vpc["cidrBlock"] == "10.20.0.0/16"
    assert vpc["subnetStrategy"] == "Auto"
    assert vpc["natGateways"] == {"strategy": strategy}
    assert vpc["enableDnsHostnames"] is True and vpc["enableDnsSupport"] is True
    assert [spec["type"] for spec in vpc["subnetSpecs"]] == kinds


@pytest.mark.parametrize("egress", ["none", "single-nat", "nat-per-zone"])
def test_no_choice_of_egress_moves_or_renames_a_subnet(
    build: Any, names: Names, egress: Any
) -> None:
    made = build(lambda: network(names, egress=egress, **NEW), egress=egress)
    private = made.one("awsx:ec2:Vpc").inputs["subnetSpecs"][0]
    # awsx names subnets after the spec: these are the same resources under every egress.
    assert private["name"] == "private"
    assert private["cidrBlocks"] == ["10.20.0.0/20", "10.20.16.0/20"]


@pytest.mark.parametrize("egress", ["none", "single-nat"])
def test_subnet_ids_depend_on_the_two_subnets_and_on_nothing_else(
    build: Any, names: Names, egress: Any
) -> None:
    class Consumer(pulumi.CustomResource):
        def __init__(self, subnet_ids: Any, table_ids: Any) -> None:
            super().__init__("test:x:Consumer", "consumer", {"a": subnet_ids, "b": table_ids})

    def program() -> None:
        net = network(names, egress=egress, **NEW)
        Consumer(net.subnet_ids, net.route_table_ids)

    consumer = build(program, egress=egress).one("test:x:Consumer")
    assert consumer.inputs == {
        "a": ["id-of-private-1", "id-of-private-2"],
        "b": ["id-of-private-1", "id-of-private-2"],
    }
    subnet, table = "aws:ec2/subnet:Subnet", "aws:ec2/routeTable:RouteTable"
    assert consumer.property_depends_on == {
        "a": {f"urn:pulumi:test::mwaa::{subnet}::private-{zone}" for zone in (1, 2)},
        "b": {f"urn:pulumi:test::mwaa::{table}::private-{zone}" for zone in (1, 2)},
    }


def test_what_stands_in_the_vpc_depends_on_it_and_not_on_its_subnets(
    build: Any, names: Names
) -> None:
    # A preview that adds a subnet would otherwise not know the VPC, and announce replacements.
    made = build(lambda: network(names, egress="none", **NEW))
    assert made.one(GROUP).property_depends_on["vpcId"] == {
        "urn:pulumi:test::mwaa::aws:ec2/vpc:Vpc::vpc"
    }


def test_the_default_group_of_a_new_vpc_has_no_rule_and_no_tag(build: Any, names: Names) -> None:
    made = build(lambda: network(names, egress="none", tags={"stack": "dev"}, **NEW))
    group = made.one(DEFAULT_GROUP)
    assert group.name == "net-default"
    assert group.inputs == {"vpcId": "id-of-vpc", "ingress": [], "egress": []}


def test_the_default_group_of_an_existing_vpc_is_left_alone(build: Any, names: Names) -> None:
    made = build(lambda: network(names, egress="none", **EXISTING))
    assert made.of(DEFAULT_GROUP) == []


def test_the_group_admits_itself_and_named_clients_only(build: Any, names: Names) -> None:
    made = build(
        lambda: network(
            names,
            egress="none",
            client_cidrs=("10.64.0.0/16",),
            client_security_group_ids=("sg-vpn",),
            **NEW,
        )
    )
    me = "id-of-net-environment"
    assert rules(made, RULE_IN) == {
        "from-self-443": ("tcp", 443, 443, None, me, None),
        "from-self-5432": ("tcp", 5432, 5432, None, me, None),
        "from-10.64.0.0/16": ("tcp", 443, 443, "10.64.0.0/16", None, None),
        "from-sg-vpn": ("tcp", 443, 443, None, "sg-vpn", None),
    }
    group = made.one(GROUP)
    # Rules inside the group would fight the separate ones at every run.
    assert "ingress" not in group.inputs and "egress" not in group.inputs
    assert group.inputs["name"] == names.security_group
    assert all(rule.inputs["securityGroupId"] == me for rule in made.of(RULE_IN))


def test_without_internet_the_environment_reaches_itself_its_vpc_and_s3(
    build: Any, names: Names
) -> None:
    made = build(lambda: network(names, egress="none", **NEW))
    me = "id-of-net-environment"
    assert rules(made, RULE_OUT) == {
        "to-self-443": ("tcp", 443, 443, None, me, None),
        "to-self-5432": ("tcp", 5432, 5432, None, me, None),
        "to-vpc": ("tcp", 443, 443, "10.20.0.0/16", None, None),
        "to-s3": ("tcp", 443, 443, None, None, "pl-6da54004"),
    }
    assert made.calls == [
        (
            "aws:ec2/getManagedPrefixList:getManagedPrefixList",
            {"name": "com.amazonaws.eu-west-1.s3"},
        )
    ]


def test_with_internet_the_environment_reaches_everything(build: Any, names: Names) -> None:
    made = build(lambda: network(names, egress="single-nat", **NEW), egress="single-nat")
    assert rules(made, RULE_OUT) == {"to-anywhere": ("-1", None, None, "0.0.0.0/0", None, None)}


def test_flow_logs_stand_in_an_encrypted_group_that_only_their_role_writes(
    build: Any, names: Names
) -> None:
    made = build(
        lambda: network(
            names,
            egress="none",
            flow_logs="reject",
            key_arn="arn:key",
            log_retention_days=30,
            **NEW,
        )
    )
    group = made.one("aws:cloudwatch/logGroup:LogGroup").inputs
    assert group["name"] == names.flow_log_group
    assert group["kmsKeyId"] == "arn:key" and group["retentionInDays"] == 30
    log = made.one("aws:ec2/flowLog:FlowLog")
    assert log.inputs["trafficType"] == "REJECT" and log.inputs["vpcId"] == "id-of-vpc"
    assert log.request.deleteBeforeReplace, "the next one may be refused while it is there"
    assert made.one("aws:iam/rolePolicy:RolePolicy").urn in log.depends_on
    trust = made.one("aws:iam/role:Role").document("assumeRolePolicy")["Statement"][0]
    assert trust["Principal"] == {"Service": "vpc-flow-logs.amazonaws.com"}


def test_an_existing_vpc_is_used_as_it_is(build: Any, names: Names) -> None:
    made = build(
        lambda: network(names, egress="none", flow_logs="all", **EXISTING).subnet_ids.apply(list)
    )
    assert not made.of("awsx:ec2:Vpc") and not made.of("aws:ec2/flowLog:FlowLog")
    assert made.one(GROUP).inputs["vpcId"] == "vpc-1"
    assert rules(made, RULE_OUT)["to-vpc"][3] == "10.9.0.0/16"


def test_every_child_belongs_to_the_network(build: Any, names: Names) -> None:
    made = build(lambda: network(names, egress="none", flow_logs="all", **NEW))
    component = made.one("mwaa:components:Network")
    children = [r for r in made.resources if r is not component]
    assert len(children) == 13
    assert {child.parent for child in children} == {component.urn}
    assert all(child.name.startswith("net-") for child in children)


@pytest.mark.parametrize(
    ("args", "named"),
    [
        ({**NEW, **EXISTING, "availability_zones": ()}, ("vpc_cidr", "existing_vpc_id")),
        ({}, ("vpc_cidr", "existing_vpc_id")),
        ({**EXISTING, "availability_zones": ZONES}, ("availability_zones", "existing_vpc_id")),
        ({**NEW, "existing_subnet_ids": ("subnet-1",)}, ("existing_subnet_ids", "vpc_cidr")),
        ({**NEW, "availability_zones": ("eu-west-1a",)}, ("availability_zones", "two")),
        ({**NEW, "availability_zones": ("eu-west-1a",) * 2}, ("availability_zones", "two")),
        ({**EXISTING, "existing_subnet_ids": ("subnet-1",)}, ("existing_subnet_ids", "two")),
        ({**EXISTING, "existing_vpc_cidr": None}, ("existing_vpc_cidr", "egress")),
        ({**EXISTING, "egress": "single-nat"}, ("egress", "existing_vpc_id")),
        ({**NEW, "egress": "existing"}, ("egress", "vpc_cidr")),
    ],
)
def test_contradictions_are_refused_and_named(
    build: Any, names: Names, args: dict[str, Any], named: tuple[str, str]
) -> None:
    with pytest.raises(pulumi.RunError) as refusal:
        build(lambda: network(names, **{"egress": "none", **args}))
    assert all(f"`{word}`" in str(refusal.value) or word == "two" for word in named)
    assert "two" not in named or "two" in str(refusal.value)


def test_the_way_to_s3_is_left_to_the_gateway_when_asked(build: Any, names: Names) -> None:
    made = build(lambda: network(names, egress="none", look_up_storage=False, **NEW))
    assert set(rules(made, RULE_OUT)) == {"to-self-443", "to-self-5432", "to-vpc"}
    assert made.calls == []
