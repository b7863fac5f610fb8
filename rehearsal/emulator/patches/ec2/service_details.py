"""EC2: what DescribeVpcEndpointServices says of a service: whether it takes policies, its region,
zone ids and names.

moto 5.2.5 says of all that they take policies, leaves three members out, and names ``ecr.api`` as
it is written, where AWS turns the words: ``api.ecr``.
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ServiceDetail.html and
https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
"""

from typing import Any

from moto.ec2.models import EC2Backend

from rehearsal.emulator.patches.seam import around

# Those that take no policy, of which an answer of EC2 was seen:
# https://github.com/awslabs/landing-zone-accelerator-on-aws/issues/936 (neptune-graph).
FULL_ACCESS = ("apprunner.requests", "neptune-graph")


def _completed(service: dict[str, Any], backend: Any) -> dict[str, Any]:
    region, name = backend.region_name, str(service["ServiceName"])
    suffix = name.rpartition(f"{region}.")[2]
    of_customer = suffix.startswith("vpce-svc-")
    ids = {zone.name: zone.zone_id for zone in backend.describe_availability_zones()}
    zones = service.get("AvailabilityZones", [])
    found = {
        **service,
        "VpcEndpointPolicySupported": not of_customer and suffix not in FULL_ACCESS,
        "ServiceRegion": region,
        "AvailabilityZoneIds": [ids[zone] for zone in zones if zone in ids],
        "SupportedIpAddressTypes": ["ipv4"],
    }
    if of_customer and not service.get("PrivateDnsName"):
        return {key: value for key, value in found.items() if not key.startswith("PrivateDns")}
    if "." in suffix:
        turned = ".".join(reversed(suffix.split(".")))
        found["BaseEndpointDnsNames"] = [
            base.replace(suffix, turned) for base in found["BaseEndpointDnsNames"]
        ]
        if "PrivateDnsName" in found:
            private = found["PrivateDnsName"].replace(suffix, turned)
            found |= {"PrivateDnsName": private, "PrivateDnsNames": [{"PrivateDnsName": private}]}
    return found


def apply() -> None:
    """Wrap the description."""

    @around(EC2Backend, "describe_vpc_endpoint_services")
    def describe(original: Any, backend: Any, *args: Any, **more: Any) -> Any:
        answer = original(backend, *args, **more)
        services = [_completed(one, backend) for one in answer["servicesDetails"]]
        return {**answer, "servicesDetails": services}
