"""The component's VPC endpoints: what the strategies Legacy (the default) and Auto make of a spec.

Source: https://github.com/pulumi/pulumi-awsx/blob/master/awsx/ec2/vpc.ts (read 2026-11-27)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pulumi

from mwaa.service.ports import HTTPS
from rehearsal.plugins.awsx.layout import LayoutError

STRATEGIES = ("Legacy", "Auto")
# Handed to the endpoint as they are.
_PLAIN = (
    "autoAccept",
    "dnsOptions",
    "ipAddressType",
    "policy",
    "privateDnsEnabled",
    "routeTableIds",
    "securityGroupIds",
    "serviceName",
    "subnetIds",
    "vpcEndpointType",
)
_KEYS = frozenset({*_PLAIN, "tags", "region"})
_DNS = ("enableDnsHostnames", "enableDnsSupport")


@dataclass(frozen=True, kw_only=True)
class EndpointSpec:
    """One endpoint as the program asks for it; `kind` is its type in lower case."""

    given: Mapping[str, Any]
    kind: str

    @property
    def service(self) -> str:
        """The service's name, which is the logical name of the endpoint too."""
        return str(self.given["serviceName"])


def read_endpoints(given: Iterable[Mapping[str, Any]], strategy: str) -> list[EndpointSpec]:
    """The specs of a program. Raises LayoutError for what the stand-in does not have."""
    if strategy not in STRATEGIES:
        allowed = ", ".join(STRATEGIES)
        raise LayoutError("vpcEndpointStrategy", f"given {strategy!r}, allowed: {allowed}")
    specs = []
    for index, spec in enumerate(given):
        at = f"vpcEndpointSpecs[{index}]"
        for key in set(spec) - _KEYS:
            raise LayoutError(f"{at}.{key}", f"the stand-in for rehearsal does not have {key}")
        name, kind = spec.get("serviceName"), spec.get("vpcEndpointType", "Gateway")
        if not isinstance(name, str) or not name:
            raise LayoutError(f"{at}.serviceName", "must be plain text: it names the child")
        if not isinstance(kind, str):
            raise LayoutError(f"{at}.vpcEndpointType", "must be plain text or left out")
        specs.append(EndpointSpec(given=spec, kind=kind.lower()))
    return specs


def dns_settings(
    inputs: Mapping[str, Any], specs: Iterable[EndpointSpec], strategy: str
) -> dict[str, Any]:
    """The DNS attributes that Auto gives a VPC whose endpoints have private names."""
    private = [
        spec
        for spec in specs
        if spec.kind == "interface" and spec.given.get("privateDnsEnabled", True) is True
    ]
    if strategy != "Auto" or not private:
        return {}
    for name in _DNS:
        if inputs.get(name) is False:
            raise LayoutError(name, f"must be true: {private[0].service} has private DNS names")
    return {name: True for name in _DNS if inputs.get(name) is None}


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What an endpoint of the strategy Auto is given when the program says nothing.

    `child` makes a child of the VPC by type, name and inputs. `subnets` is one for each zone.
    """

    child: Callable[[str, str, Mapping[str, Any]], pulumi.CustomResource]
    vpc_id: Any
    vpc_block: str
    subnets: list[Any]
    route_tables: list[Any]


def inputs_of(spec: EndpointSpec, strategy: str, around: Surroundings, tags: Any) -> dict[str, Any]:
    """The inputs of the endpoint; Auto makes a security group where the spec names none."""
    inputs = {key: spec.given[key] for key in _PLAIN if key in spec.given}
    inputs |= {"vpcId": around.vpc_id, "tags": tags}
    if strategy == "Auto" and spec.kind == "gateway":
        inputs.setdefault("routeTableIds", around.route_tables)
    if strategy == "Auto" and spec.kind == "interface":
        inputs.setdefault("subnetIds", around.subnets)
        inputs.setdefault("privateDnsEnabled", True)
        if "securityGroupIds" not in inputs:
            inputs["securityGroupIds"] = [_group(spec, around, tags)]
    return inputs


def _group(spec: EndpointSpec, around: Surroundings, tags: Any) -> Any:
    group = around.child(
        "SecurityGroup", f"{spec.service}-sg", {"vpcId": around.vpc_id, "tags": tags}
    )
    rule = {
        "type": "ingress",
        "securityGroupId": group.id,
        "protocol": "tcp",
        "fromPort": HTTPS,
        "toPort": HTTPS,
        "cidrBlocks": [around.vpc_block],
    }
    around.child("SecurityGroupRule", f"{spec.service}-ingress", rule)
    return group.id
