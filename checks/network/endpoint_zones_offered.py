"""In which zones an endpoint service is offered."""

from collections.abc import Iterator

from checks.check import LIVE, Check, Finding, Remedy, each, fail, need
from checks.endpoints import needs_endpoints
from checks.lookups import subnet, subnet_ids
from checks.sources import PRIVATELINK
from mwaa.endpoints import REQUIRED, service_name
from mwaa.subject import EndpointService, Subject


class EndpointZonesOffered(Check):
    id = "mwaa-network-endpoint-zones-offered"
    title = "The required endpoint services are offered in both zones"
    severity = "mandatory"
    why = "An endpoint cannot be created in a zone in which its service has no presence."
    remedy = Remedy(
        setting="availabilityZones",
        command="aws ec2 describe-vpc-endpoint-services --service-names SERVICE",
    )
    source = PRIVATELINK + "interface-endpoints.html"
    origins = LIVE

    def judge(self, subject: Subject) -> Iterator[Finding]:
        if not needs_endpoints(subject):
            return iter(())
        offered = need(subject.endpoint_services, "the endpoint services of the region")
        region = need(subject.account.region, "the region")
        wanted = {service_name(item, region) for item in REQUIRED}
        zones = {need(subnet(subject, i).zone, "a subnet's zone") for i in subnet_ids(subject)}

        def one(service: EndpointService) -> Iterator[Finding]:
            missing = zones - set(need(service.zones, f"the zones of {service.service}"))
            if service.service in wanted and missing:
                yield fail(f"{service.service} is not offered in {', '.join(sorted(missing))}")

        return each(offered, one)
