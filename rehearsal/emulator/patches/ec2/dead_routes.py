"""EC2: a route whose target is gone is a blackhole.

moto 5.2.5 calls every route active. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Route.html
(State) "indicates that the route's target isn't available", a NAT gateway or a peering connection
that was deleted, for example.
"""

from typing import Any

from moto.ec2.models.route_tables import Route

ENDED = ("deleted", "deleting", "failed", "rejected", "expired")


def _state(route: Any) -> str:
    backend = route.route_table.ec2_backend
    nat, peering, interface = route.nat_gateway, route.vpc_pcx, route.interface
    gone = (
        (nat is not None and nat.state in ENDED)
        or (peering is not None and peering.status["Code"] in ENDED)
        or (interface is not None and interface.id not in backend.enis)
    )
    return "blackhole" if gone else "active"


def apply() -> None:
    """Let a route look at its target."""
    setattr(Route, "state", property(_state))  # noqa: B010 - moto's class
