"""In which zones an endpoint service is offered."""

from collections.abc import Iterator

from mwaa.model.platform import EndpointService, Platform
from mwaa.service.endpoints import REQUIRED, service_name
from policy.rules.facts.endpoints import needs_endpoints
from policy.rules.facts.resources import subnet, subnet_ids
from policy.rules.rule import (
    LIVE,
    Finding,
    Fix,
    Rule,
    each,
    fail,
    require,
)
from policy.rules.sources import PRIVATELINK


class EndpointZonesOffered(Rule):
    id = "mwaa-network-endpoint-zones-offered"
    title = "The required endpoint services are offered in both zones"
    enforcement = "mandatory"
    severity = "high"
    why = "An endpoint cannot be created in a zone in which its service has no presence."
    fix = Fix(
        setting="availabilityZones",
        command="aws ec2 describe-vpc-endpoint-services --service-names SERVICE",
    )
    source = PRIVATELINK + "interface-endpoints.html"
    origins = LIVE

    def judge(self, platform: Platform) -> Iterator[Finding]:
        if not needs_endpoints(platform):
            return iter(())
        offered = require(platform.endpoint_services, "the endpoint services of the region")
        region = require(platform.account.region, "the region")
        wanted = {service_name(item, region) for item in REQUIRED}
        zones = {require(subnet(platform, i).zone, "a subnet's zone") for i in subnet_ids(platform)}

        def one(service: EndpointService) -> Iterator[Finding]:
            missing = zones - set(require(service.zones, f"the zones of {service.service}"))
            if service.service in wanted and missing:
                yield fail(
                    f"{service.service} is not offered in {', '.join(sorted(missing))}",
                    words={"SERVICE": service.service},
                )

        return each(offered, one)
