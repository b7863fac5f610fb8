"""EC2: an interface endpoint has a name in its region and one in each zone, and its private names;
every endpoint tells its region, its address type, its owner and who manages it.

moto 5.2.5 gives it one name of no form that AWS knows, and leaves out the rest. The forms are those
of recorded answers; AWS promises no order, and zones stand here by name.
https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html
(DNS names)
"""

import hashlib
from typing import Any

from moto.ec2.models import EC2Backend
from moto.ec2.models.vpcs import VPCEndPoint

from rehearsal.emulator.patches.ec2.endpoint_services import details

# The public zone of a region's endpoints, where an answer of AWS was seen; all are of this form.
PUBLIC_ZONES = {"us-east-1": "Z7HUB22UULQXV"}


def _token(text: str, size: int) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:size]


def _zone_id(text: str) -> str:
    return f"Z{_token(text, 13).upper()}"


def _names(endpoint: Any) -> list[dict[str, str]]:
    if (endpoint.vpc_endpoint_type or "").lower() != "interface":
        return []
    backend: EC2Backend = endpoint.ec2_backend
    region = backend.region_name
    service = details(backend, endpoint.service_name, "Interface")
    bases = service["BaseEndpointDnsNames"] if service else []
    public = PUBLIC_ZONES.get(region) or _zone_id(region)
    own = f"{endpoint.id}-{_token(endpoint.id, 8)}"
    zones = sorted({backend.get_subnet(one).availability_zone for one in endpoint.subnet_ids or ()})
    found = [
        {"dns_name": f"{stem}.{base}", "hosted_zone_id": public}
        for base in bases[:1]
        for stem in (own, *(f"{own}-{zone}" for zone in zones))
    ]
    if endpoint.private_dns_enabled and service:
        private = [one["PrivateDnsName"] for one in service.get("PrivateDnsNames", [])]
        zone = _zone_id(endpoint.id)
        found += [{"dns_name": name, "hosted_zone_id": zone} for name in private if name]
    return found


def _record_type(endpoint: Any) -> str:
    interface = (endpoint.vpc_endpoint_type or "").lower() == "interface"
    return "ipv4" if interface else "service-defined"


def apply() -> None:
    """Let an endpoint work out its names when it is asked: subnets and private DNS may change."""
    keep = property(_names, lambda endpoint, given: None)
    told = {
        "dns_entries": keep,
        "dns_options": property(lambda endpoint: {"DnsRecordIpType": _record_type(endpoint)}),
        "ip_address_type": "ipv4",
        "owner_id": property(lambda endpoint: endpoint.ec2_backend.account_id),
        "requester_managed": False,
        "service_region": property(lambda endpoint: endpoint.ec2_backend.region_name),
    }
    for name, value in told.items():
        setattr(VPCEndPoint, name, value)
