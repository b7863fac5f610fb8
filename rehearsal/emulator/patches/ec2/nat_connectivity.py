"""EC2: a NAT gateway tells whether it is public, also where nobody said so.

moto 5.2.5 leaves out of DescribeNatGateways what CreateNatGateway did not give.
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNatGateway.html (ConnectivityType)
"""

from typing import Any

from moto.ec2.models import EC2Backend

from rehearsal.emulator.patches.seam import around


def apply() -> None:
    """Wrap the creation."""

    @around(EC2Backend, "create_nat_gateway")
    def create(original: Any, backend: Any, *args: Any, **more: Any) -> Any:
        gateway = original(backend, *args, **more)
        gateway.connectivity_type = gateway.connectivity_type or "public"
        return gateway
