"""EC2: network interfaces get free addresses of their subnet, those of endpoints the endpoint's
groups, and endpoints and NAT gateways take their interfaces with them when they go.

moto 5.2.5 gives an endpoint's interface an address outside the subnet and the default group,
leaves it as it is when the endpoint is modified, and keeps describing deleted endpoints.
https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html
"""

import ipaddress
from typing import Any

from moto.ec2.models import EC2Backend

from rehearsal.emulator.patches.seam import around


def _free(backend: Any, subnet: Any) -> str:
    """The lowest address of the subnet that nobody has; AWS keeps the first four and the last."""
    block = ipaddress.ip_network(subnet.cidr_block)
    taken = {eni.private_ip_address for eni in backend.enis.values() if eni.subnet.id == subnet.id}
    for number in range(4, block.num_addresses - 1):
        address = str(block[number])
        if address not in taken:
            return address
    from moto.ec2.exceptions import EC2ClientError

    class FullError(EC2ClientError):
        """Raised outside moto's packages, so that its code stands as it is."""

    raise FullError("InsufficientFreeAddressesInSubnet", f"Subnet {subnet.id} has no free address.")


def _groups_of(backend: Any, endpoint: Any) -> list[str]:
    if endpoint.security_group_ids:
        return list(endpoint.security_group_ids)
    default = backend.get_default_security_group(endpoint.vpc_id)
    return [default.id] if default else []


def _add(backend: Any, endpoint: Any, subnet: str) -> None:
    eni = backend.create_network_interface(
        subnet,
        "",
        group_ids=_groups_of(backend, endpoint),
        description=f"VPC Endpoint Interface {endpoint.id}",
    )
    eni.requester_managed = True
    eni.interface_type = "vpc_endpoint"
    eni.status = "in-use"
    endpoint.network_interface_ids.append(eni.id)


def _renew(backend: Any, endpoint: Any) -> None:
    for interface in endpoint.network_interface_ids:
        backend.enis.pop(interface, None)
    endpoint.network_interface_ids = []
    for subnet in endpoint.subnet_ids or []:
        _add(backend, endpoint, subnet)


def _is_interface(endpoint: Any) -> bool:
    return (endpoint.vpc_endpoint_type or "").lower() == "interface"


def apply() -> None:
    """Wrap creation, modification and deletion."""

    @around(EC2Backend, "create_network_interface")
    def interface(
        original: Any, backend: Any, subnet: Any, address: Any, *args: Any, **more: Any
    ) -> Any:
        asked = args[0] if args else more.get("private_ip_addresses")
        if not address and not asked:
            found = backend.get_subnet(subnet) if isinstance(subnet, str) else subnet
            address = _free(backend, found)
        return original(backend, subnet, address, *args, **more)

    @around(EC2Backend, "create_vpc_endpoint")
    def create(original: Any, backend: Any, *args: Any, **more: Any) -> Any:
        endpoint = original(backend, *args, **more)
        if _is_interface(endpoint):
            endpoint.security_group_ids = _groups_of(backend, endpoint)
            _renew(backend, endpoint)
        else:
            # "Default: Gateway" - API_CreateVpcEndpoint, VpcEndpointType
            endpoint.vpc_endpoint_type = endpoint.vpc_endpoint_type or "Gateway"
        return endpoint

    @around(EC2Backend, "modify_vpc_endpoint")
    def modify(original: Any, backend: Any, *args: Any, **more: Any) -> Any:
        result = original(backend, *args, **more)
        endpoint = backend.vpc_end_points[args[0] if args else more["vpc_id"]]
        if _is_interface(endpoint):
            _renew(backend, endpoint)
        return result

    @around(EC2Backend, "delete_vpc_endpoints")
    def delete(original: Any, backend: Any, vpce_ids: Any = None) -> Any:
        result = original(backend, vpce_ids)
        for endpoint in vpce_ids or []:
            backend.vpc_end_points.pop(endpoint, None)
        return result

    @around(EC2Backend, "delete_nat_gateway")
    def delete_nat(original: Any, backend: Any, nat_gateway_id: str) -> Any:
        gateway = original(backend, nat_gateway_id)
        if gateway is not None and getattr(gateway, "_eni", None) is not None:
            backend.enis.pop(gateway._eni.id, None)
        return gateway
