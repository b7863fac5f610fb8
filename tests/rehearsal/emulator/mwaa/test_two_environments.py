"""Two environments in one VPC: the endpoints of the first must let pass what the second needs."""

import json

from mwaa.service import endpoints
from rehearsal.emulator.accounts import Accounts
from rehearsal.emulator.server import Emulator
from tests.rehearsal.emulator.mwaa.test_control_plane import forward
from tests.rehearsal.emulator.platforms.customer import Customer

CREATE = 25 * 60
HTTPS = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}


def narrow(owner: Customer, *others: Customer) -> None:
    """The policies that the owner's stack writes; ``others`` are its ``endpointEnvironments``."""
    neighbors = [endpoints.Neighbor(other.names, other.key) for other in others]
    for service, endpoint in owner.endpoints.items():
        document = endpoints.policy(service, owner.names, key_arn=owner.key, neighbors=neighbors)
        owner.ec2.modify_vpc_endpoint(VpcEndpointId=endpoint, PolicyDocument=json.dumps(document))


def test_the_second_lives_once_the_first_stack_names_it(
    emulator: Emulator, clients: Accounts
) -> None:
    first = Customer(clients, "orders")
    second = Customer(clients, "reports", inside=first)
    first.ec2.authorize_security_group_ingress(
        GroupId=first.endpoint_group,
        IpPermissions=[{**HTTPS, "IpRanges": [{"CidrIp": "10.192.0.0/16"}]}],
    )
    narrow(first)
    for customer in (first, second):
        customer.create()
    forward(emulator, CREATE)
    assert first.status == "AVAILABLE"
    forward(emulator, 3600)
    failed = second.get()
    assert failed["Status"] == "CREATE_FAILED"
    assert failed["LastUpdate"]["Error"]["ErrorCode"] == "INCORRECT_CONFIGURATION"
    second.mwaa.delete_environment(Name="reports")
    forward(emulator, 3600)
    narrow(first, second)
    second.create()
    forward(emulator, CREATE)
    assert (first.status, second.status) == ("AVAILABLE", "AVAILABLE")
