"""EC2: an endpoint is made for a service that exists, of a type that it has, waits where its owner
must accept it, and private DNS has its rules.

moto 5.2.5 accepts any service name and type, private DNS in a VPC without DNS hostnames and of a
service without a private name, and a second endpoint with the same private name, and ignores
ModifyVpcEndpoint's PrivateDnsEnabled. Every endpoint is available at once.
https://docs.aws.amazon.com/vpc/latest/privatelink/manage-dns-names.html and
https://docs.aws.amazon.com/vpc/latest/privatelink/configure-endpoint-service.html
"""

from typing import Any

from moto.ec2.exceptions import EC2ClientError, InvalidServiceName
from moto.ec2.models import EC2Backend, ec2_backends
from moto.ec2.models.vpcs import AWS_ENDPOINT_SERVICES, COVERED_ENDPOINT_SERVICES
from moto.ec2.responses import EC2Response

from mwaa.service.endpoints import service_name
from rehearsal.emulator.patches.seam import around

_OFFERED = frozenset((*AWS_ENDPOINT_SERVICES, *COVERED_ENDPOINT_SERVICES))


class _RefusedError(EC2ClientError):
    """Code and message as given; defined outside moto's packages."""


def details(backend: Any, name: str, kind: str) -> dict[str, Any] | None:
    """What EC2 says of a service of this type to whoever may use it; None where there is none."""
    own = _customers_own(name, backend.region_name)
    # A service is described where it is offered; its users' accounts do not hold it.
    home = own.ec2_backend if own else backend
    try:
        listed = home.describe_vpc_endpoint_services([name], [], None, None, home.region_name)
    except InvalidServiceName:
        return None
    for found in listed["servicesDetails"]:
        if any(one["ServiceType"].lower() == kind.lower() for one in found["ServiceType"]):
            return dict(found)
    return None


def _customers_own(name: str, region: str) -> Any:
    """The endpoint service ``name`` that an account offers in the region, or None."""
    backends: list[tuple[str, str, Any]] = list(ec2_backends.iter_backends())
    offered = (
        configuration
        for _, there, backend in backends
        if there == region
        for configuration in backend.configurations.values()
    )
    return next((one for one in offered if one.service_name == name), None)


def _offered(name: str, region: str) -> bool:
    suffix = name.partition(f"com.amazonaws.{region}.")[2]
    return suffix in _OFFERED and name in (
        service_name(suffix, region),
        f"com.amazonaws.{region}.{suffix}",
    )


def _check_dns(backend: Any, vpc_id: str, name: str, but: str | None = None) -> None:
    vpc = backend.get_vpc(vpc_id)
    if not (vpc.enable_dns_support and vpc.enable_dns_hostnames):
        raise _RefusedError(
            "InvalidParameter",
            "Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC "
            f"attributes set to true for {vpc_id}",
        )
    for endpoint in backend.vpc_end_points.values():
        same = (endpoint.vpc_id, endpoint.service_name) == (vpc_id, name)
        if same and endpoint.private_dns_enabled and endpoint.id != but:
            if (endpoint.vpc_endpoint_type or "").lower() != "interface":
                continue
            # Wording: https://repost.aws/knowledge-center/vpc-interface-endpoint-domain-conflict
            suffix = name.rpartition(f"{backend.region_name}.")[2]
            raise _RefusedError(
                "InvalidParameter",
                "private-dns-enabled cannot be set because there is already a conflicting DNS "
                f"domain for {suffix}.{backend.region_name}.amazonaws.com in the VPC {vpc_id}",
            )


def _check_name(backend: Any, name: str) -> None:
    if _is_nameless(backend, name):
        # Wording: https://github.com/vespa-engine/vespa/pull/33303 (read 2026-11-27)
        raise _RefusedError(
            "InvalidParameter",
            f"Private DNS can't be enabled because the service {name} does not provide a private "
            "DNS name.",
        )


def _is_nameless(backend: Any, name: str) -> bool:
    found = details(backend, name, "Interface")
    return found is not None and not found.get("PrivateDnsName")


def apply() -> None:
    """Wrap creation and modification."""

    @around(EC2Backend, "create_vpc_endpoint")
    def create(original: Any, backend: Any, *args: Any, **more: Any) -> Any:
        names = ("vpc_id", "service_name", "endpoint_type")
        given = {**dict(zip(names, args, strict=False)), **more}
        name, region = given["service_name"], backend.region_name
        backend.get_vpc(given["vpc_id"])
        own = _customers_own(name, region)
        if not own and not _offered(name, region):
            raise _RefusedError(
                "InvalidServiceName", f"The Vpc Endpoint Service '{name}' does not exist"
            )
        kind = given.get("endpoint_type") or "Gateway"
        if details(backend, name, kind) is None:
            has = [one for one in ("Gateway", "Interface") if details(backend, name, one)]
            # Wording: https://github.com/hashicorp/terraform/issues/24478
            raise _RefusedError(
                "InvalidParameter",
                f"Endpoint type ({kind}) does not match available service types "
                f"([{', '.join(has)}]).",
            )
        interface = kind.lower() == "interface"
        if interface and _is_nameless(backend, name):
            # Nobody asked for it: moto takes the default for a request.
            more["private_dns_enabled"] = False
        elif interface and more.get("private_dns_enabled"):
            _check_dns(backend, given["vpc_id"], name)
        elif not interface:
            more["private_dns_enabled"] = False
        endpoint = original(backend, *args, **more)
        if own and own.acceptance_required:
            endpoint.state = "pendingAcceptance"
        return endpoint

    @around(EC2Response, "create_vpc_endpoint")
    def ask(original: Any, response: Any) -> Any:
        if response._get_bool_param("PrivateDnsEnabled"):
            _check_name(response.ec2_backend, response._get_param("ServiceName"))
        return original(response)

    @around(EC2Response, "modify_vpc_endpoint")
    def modify(original: Any, response: Any) -> Any:
        asked = response._get_bool_param("PrivateDnsEnabled")
        backend = response.ec2_backend
        endpoint = backend.vpc_end_points.get(response._get_param("VpcEndpointId"))
        if endpoint is not None and asked and not endpoint.private_dns_enabled:
            _check_name(backend, endpoint.service_name)
            _check_dns(backend, endpoint.vpc_id, endpoint.service_name, endpoint.id)
        result = original(response)
        if endpoint is not None and asked is not None:
            endpoint.private_dns_enabled = asked
        return result
