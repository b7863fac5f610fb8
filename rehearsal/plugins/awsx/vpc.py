"""The component `awsx:ec2:Vpc`: the children of the published one, name by name.

Children are plain custom resources with the aws provider's tokens: importing its EC2 module would
cost seconds at every start. The program still gets typed resources, since a resource travels as a
reference that its SDK turns into its own class.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import version
from ipaddress import IPv4Network
from typing import Any

import pulumi

from rehearsal.plugins.awsx.endpoints import (
    EndpointSpec,
    Surroundings,
    dns_settings,
    inputs_of,
    read_endpoints,
)
from rehearsal.plugins.awsx.layout import LayoutError, PlannedSubnet, Spec, lay_out, read_specs
from rehearsal.plugins.awsx.nat import NatPlan, plan_nat

TOKEN = "awsx:ec2:Vpc"  # noqa: S105 (a type's name)
_DEFAULT_BLOCK = "10.0.0.0/16"
_DEFAULT_ZONES = 3
# Handed to the VPC as they are.
_VPC_INPUTS = (
    "assignGeneratedIpv6CidrBlock",
    "enableDnsHostnames",
    "enableDnsSupport",
    "instanceTenancy",
)
_OWN_INPUTS = frozenset(
    {
        "availabilityZoneNames",
        "cidrBlock",
        "natGateways",
        "numberOfAvailabilityZones",
        "region",
        "subnetNameTagStrategy",
        "subnetSpecs",
        "subnetStrategy",
        "tags",
        "vpcEndpointSpecs",
        "vpcEndpointStrategy",
    }
)
_BY_ZONE = "AvailabilityZone"
_NAMING = ("Legacy", _BY_ZONE)
_ORDER = {"Public": 0, "Private": 1, "Isolated": 2}
# The children and their names depend on these.
_PROMPT = (
    "cidrBlock",
    "availabilityZoneNames",
    "numberOfAvailabilityZones",
    "subnetSpecs",
    "natGateways",
    "vpcEndpointSpecs",
)
Inputs = Mapping[str, Any]


class AwsResource(pulumi.CustomResource):
    """A child by its token and camelCase inputs."""

    def __init__(
        self, kind: str, name: str, inputs: Inputs, parent: pulumi.Resource, region: Any = None
    ) -> None:
        properties = {key: value for key, value in inputs.items() if value is not None}
        if region is not None:
            properties["region"] = region
        super().__init__(
            f"aws:ec2/{kind[0].lower()}{kind[1:]}:{kind}",
            name,
            properties,
            # The SDK's version, so that one plugin process serves the program and its children.
            pulumi.ResourceOptions(parent=parent, version=version("pulumi-aws")),
        )


class Vpc(pulumi.ComponentResource):
    """The component. Raises LayoutError, with the argument's path, for what it cannot build."""

    def __init__(self, name: str, inputs: Inputs, opts: pulumi.ResourceOptions) -> None:
        _refuse_unknown(inputs)
        endpoint_strategy = inputs.get("vpcEndpointStrategy") or "Legacy"
        endpoints = read_endpoints(inputs.get("vpcEndpointSpecs") or (), endpoint_strategy)
        dns = dns_settings(inputs, endpoints, endpoint_strategy)
        super().__init__(TOKEN, name, None, opts)
        zones = _zones(inputs, self)
        block = IPv4Network(inputs.get("cidrBlock") or _DEFAULT_BLOCK)
        specs = read_specs(inputs.get("subnetSpecs") or _default_specs(block, len(zones)))
        layout = lay_out(block, len(zones), specs, inputs.get("subnetStrategy") or "Legacy")
        nat = plan_nat(inputs.get("natGateways"), specs, len(zones))
        self._name = name
        self._tags = inputs.get("tags")
        self._shared = _merged({"Name": name}, self._tags)
        self._region = inputs.get("region")
        self._zone_names = zones if inputs.get("subnetNameTagStrategy") == _BY_ZONE else []
        self._layout, self._specs = layout, specs
        given = {key: inputs[key] for key in _VPC_INPUTS if key in inputs} | dns
        self._vpc = self._child(
            "Vpc", name, {"cidrBlock": str(block), **given, "tags": self._shared}, self
        )
        self._gateway = self._child(
            "InternetGateway",
            name,
            {"vpcId": self._vpc.id, "tags": self._shared},
            self._vpc,
        )
        self._subnets: dict[PlannedSubnet, AwsResource] = {}
        self._tables: dict[PlannedSubnet, AwsResource] = {}
        self._associations: list[AwsResource] = []
        self._addresses: list[AwsResource] = []
        self._nats: dict[int, AwsResource] = {}
        self._routes: list[AwsResource] = []
        for index, zone in enumerate(zones):
            self._build_zone(index, zone, nat)
        for subnet, table in self._tables.items():
            self._build_route(subnet, table, nat)
        self._endpoints = [self._build_endpoint(one, endpoint_strategy, block) for one in endpoints]
        self.register_outputs({})

    def _child(self, kind: str, name: str, inputs: Inputs, parent: pulumi.Resource) -> AwsResource:
        return AwsResource(kind, name, inputs, parent, self._region)

    def _build_zone(self, zone: int, zone_name: str, nat: NatPlan) -> None:
        here = [s for s in self._layout if s.zone == zone and s.spec.type in _ORDER]
        for subnet in sorted(here, key=lambda found: _ORDER[found.spec.type]):
            child = f"{self._name}-{subnet.spec.name}-{zone + 1}"
            kind = subnet.spec.type
            own = {"Name": self._name_tag(subnet), "SubnetType": kind}
            made = self._child(
                "Subnet",
                child,
                {
                    "vpcId": self._vpc.id,
                    "availabilityZone": zone_name,
                    "cidrBlock": str(subnet.block),
                    "mapPublicIpOnLaunch": kind == "Public",
                    "assignIpv6AddressOnCreation": False,
                    "tags": _merged(self._shared, subnet.spec.tags, own),
                },
                self._vpc,
            )
            table = self._child(
                "RouteTable",
                child,
                {"vpcId": self._vpc.id, "tags": _merged(self._shared, own)},
                made,
            )
            association = {"routeTableId": table.id, "subnetId": made.id}
            self._associations.append(
                self._child("RouteTableAssociation", child, association, table)
            )
            self._subnets[subnet], self._tables[subnet] = made, table
            if kind == "Public" and zone in nat.zones and zone not in self._nats:
                self._build_nat(zone, made, nat)

    def _name_tag(self, subnet: PlannedSubnet) -> str:
        suffix = str(subnet.zone + 1)
        if self._zone_names:
            # `us-east-1a` ends in `1a`.
            suffix = self._zone_names[subnet.zone].rpartition("-")[2]
        return f"{self._name}-{subnet.spec.name}-{suffix}"

    def _build_nat(self, zone: int, public: AwsResource, nat: NatPlan) -> None:
        child = f"{self._name}-{zone + 1}"
        tags = _merged(self._tags, {"Name": child})
        if nat.allocations:
            allocation = nat.allocations[nat.zones.index(zone)]
        else:
            address = self._child("Eip", child, {"tags": tags}, public)
            self._addresses.append(address)
            allocation = address.id
        inputs = {"subnetId": public.id, "allocationId": allocation, "tags": tags}
        self._nats[zone] = self._child("NatGateway", child, inputs, public)

    def _build_route(self, subnet: PlannedSubnet, table: AwsResource, nat: NatPlan) -> None:
        serving = nat.serving(subnet.zone)
        if subnet.spec.type == "Public":
            target = {"gatewayId": self._gateway.id}
        elif subnet.spec.type == "Private" and serving is not None:
            target = {"natGatewayId": self._nats[serving].id}
        else:
            return
        child = f"{self._name}-{subnet.spec.name}-{subnet.zone + 1}"
        inputs = {"routeTableId": table.id, "destinationCidrBlock": "0.0.0.0/0", **target}
        self._routes.append(self._child("Route", child, inputs, table))

    def _build_endpoint(
        self, spec: EndpointSpec, strategy: str, block: IPv4Network
    ) -> pulumi.CustomResource:
        def child(kind: str, name: str, inputs: Inputs) -> AwsResource:
            return self._child(kind, name, inputs, self._vpc)

        around = Surroundings(
            child=child,
            vpc_id=self._vpc.id,
            vpc_block=str(block),
            subnets=self._one_subnet_for_each_zone(),
            route_tables=[table.id for table in self._tables.values()],
        )
        tags = _merged(self._shared, spec.given.get("tags"))
        return child("VpcEndpoint", spec.service, inputs_of(spec, strategy, around, tags))

    def _one_subnet_for_each_zone(self) -> list[Any]:
        chosen: dict[int, AwsResource] = {}
        for kind in ("Private", "Isolated", "Public"):
            for subnet, made in self._subnets.items():
                if subnet.spec.type == kind:
                    chosen.setdefault(subnet.zone, made)
        return [chosen[zone].id for zone in sorted(chosen)]

    def state(self) -> dict[str, Any]:
        """The outputs, by the names of the published component's schema."""
        every = [made.id for made in self._subnets.values()]
        outputs: dict[str, Any] = {
            "vpc": self._vpc,
            "internetGateway": self._gateway,
            "subnets": list(self._subnets.values()),
            "routeTables": list(self._tables.values()),
            "routeTableAssociations": self._associations,
            "routes": self._routes,
            "natGateways": list(self._nats.values()),
            "eips": self._addresses,
            "vpcEndpoints": self._endpoints,
            "subnetLayout": [_described(spec, self._layout) for spec in self._specs],
            # Whoever uses an id waits for all subnets, as with the published component.
            "vpcId": pulumi.Output.all(self._vpc.id, every).apply(_first),
        }
        for kind in _ORDER:
            mine = [made for subnet, made in self._subnets.items() if subnet.spec.type == kind]
            outputs[f"{kind.lower()}Subnets"] = mine
            outputs[f"{kind.lower()}SubnetIds"] = pulumi.Output.all(
                [made.id for made in mine], every
            ).apply(_first)
        return outputs


def _merged(*layers: Any) -> Any:
    """One map of tags; later layers win, absent ones count for nothing."""
    if any(isinstance(layer, pulumi.Output) for layer in layers):
        return pulumi.Output.all(*layers).apply(lambda known: _merged(*known))
    return {key: value for layer in layers for key, value in (layer or {}).items()}


def _described(spec: Spec, layout: list[PlannedSubnet]) -> dict[str, Any]:
    blocks = [subnet.block for subnet in layout if subnet.spec == spec]
    return {
        "type": spec.type,
        "name": spec.name,
        "cidrBlocks": [str(block) for block in blocks],
        "cidrMask": blocks[0].prefixlen,
    }


def _first(values: Any) -> Any:
    return values[0]


def _default_specs(block: IPv4Network, zones: int) -> list[dict[str, Any]]:
    zone_mask = block.prefixlen + (zones - 1).bit_length()
    return [
        {"type": "Private", "cidrMask": zone_mask + 1},
        {"type": "Public", "cidrMask": zone_mask + 2},
    ]


def _zones(inputs: Inputs, parent: pulumi.Resource) -> list[str]:
    """The names of the zones: those given, or the first that AWS lists."""
    given, number = inputs.get("availabilityZoneNames"), inputs.get("numberOfAvailabilityZones")
    if given and number is not None:
        raise LayoutError(
            "numberOfAvailabilityZones", "given beside availabilityZoneNames: give one of the two"
        )
    if given:
        return list(given)
    wanted = _DEFAULT_ZONES if number is None else int(number)
    region = inputs.get("region")
    arguments = {} if region is None else {"region": region}
    found = pulumi.runtime.invoke(
        "aws:index/getAvailabilityZones:getAvailabilityZones",
        arguments,
        pulumi.InvokeOptions(parent=parent, version=version("pulumi-aws")),
    )
    names = list(found.value["names"])
    if len(names) < wanted:
        raise LayoutError(
            "numberOfAvailabilityZones", f"given {wanted}, the region has {len(names)}"
        )
    return names[:wanted]


def _refuse_unknown(inputs: Inputs) -> None:
    for key in sorted(set(inputs) - _OWN_INPUTS - set(_VPC_INPUTS)):
        raise LayoutError(key, f"the stand-in for rehearsal does not have the argument {key}")
    for key in _PROMPT:
        if isinstance(inputs.get(key), pulumi.Output):
            raise LayoutError(key, "must be a plain value: the number of children depends on it")
    naming = inputs.get("subnetNameTagStrategy")
    if naming not in (None, *_NAMING):
        raise LayoutError(
            "subnetNameTagStrategy", f"given {naming!r}, allowed: {', '.join(_NAMING)}"
        )
