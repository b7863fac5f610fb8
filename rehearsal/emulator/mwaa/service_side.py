"""What the service owns and what it puts into the customer's account, made by AWS's own calls.

Per environment: a service account and VPC apart from the customer's, with an endpoint service for
the database and one for the web server, and the Celery queue. In the customer's account: missing
log groups, grants on the key, network interfaces, and in SERVICE mode the two endpoints.
https://docs.aws.amazon.com/mwaa/latest/userguide/what-is-mwaa.html#architecture-mwaa
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from typing import Any

from botocore.exceptions import ClientError

from rehearsal.emulator.mwaa.environment import Environment, ServiceSide
from rehearsal.emulator.world import world

# https://docs.aws.amazon.com/mwaa/latest/userguide/custom-keys-certs.html (the leading blank of
# the third is the guide's)
GRANTS = (
    "mwaa-grant-for-env-mgmt-role-{}",
    "mwaa-grant-for-lambda-exec-{}",
    " mwaa-grant-for-cfn-mgmt-{}",
    "mwaa-fargate-access-for-{}",
)
GRANT_OPERATIONS = [
    "Decrypt",
    "Encrypt",
    "GenerateDataKey",
    "GenerateDataKeyWithoutPlaintext",
    "DescribeKey",
    "CreateGrant",
    "RetireGrant",
]
MANAGED = {"Key": "AmazonMWAAManaged", "Value": "true"}
"""The tag by which the service's role knows its endpoints:
https://docs.aws.amazon.com/mwaa/latest/userguide/mwaa-slr.html"""

SERVICE_CIDR = "100.64.0.0/16"


def build(environment: Environment) -> ServiceSide:
    """Make the service's own side, and the customer's side of it."""
    account = environment.service_account
    token = hashlib.sha256(f"{environment.arn}/{environment.created_at}".encode()).hexdigest()
    uuid = f"{token[:8]}-{token[8:12]}-{token[12:16]}-{token[16:20]}-{token[20:32]}"
    side = ServiceSide(account=account, token=uuid, region=environment.region)
    _service_vpc(environment, side)
    sqs = world().accounts.client("sqs", account, environment.region)
    name = f"airflow-celery-{uuid}"
    side.queue_url = sqs.create_queue(QueueName=name)["QueueUrl"]
    partition = environment.names.partition
    side.queue_arn = f"arn:{partition}:sqs:{environment.region}:{account}:{name}"
    _service_role(environment)
    ensure_log_groups(environment)
    _grant(environment, side)
    _interfaces(environment, side)
    if environment.config["EndpointManagement"] == "SERVICE":
        _endpoints(environment, side)
    return side


def _service_vpc(environment: Environment, side: ServiceSide) -> None:
    ours = world().accounts.client("ec2", side.account, side.region)
    theirs = world().accounts.client("ec2", environment.account, environment.region)
    subnets = theirs.describe_subnets(
        SubnetIds=environment.config["NetworkConfiguration"]["SubnetIds"]
    )["Subnets"]
    side.vpc = ours.create_vpc(CidrBlock=SERVICE_CIDR)["Vpc"]["VpcId"]
    for number, subnet in enumerate(subnets):
        made = ours.create_subnet(
            VpcId=side.vpc,
            CidrBlock=f"100.64.{number}.0/24",
            AvailabilityZone=subnet["AvailabilityZone"],
        )
        side.subnets.append(made["Subnet"]["SubnetId"])
    elb = world().accounts.client("elbv2", side.account, side.region)
    names = []
    for part in ("database", "webserver"):
        balancer = elb.create_load_balancer(
            Name=f"{part}-{side.token[:8]}",
            Type="network",
            Scheme="internal",
            Subnets=side.subnets,
        )["LoadBalancers"][0]["LoadBalancerArn"]
        side.balancers.append(balancer)
        service = ours.create_vpc_endpoint_service_configuration(
            NetworkLoadBalancerArns=[balancer], AcceptanceRequired=False
        )["ServiceConfiguration"]
        side.service_ids.append(service["ServiceId"])
        names.append(service["ServiceName"])
    side.database_service, side.webserver_service = names


def _service_role(environment: Environment) -> None:
    """The service-linked role; it stays when the environment goes, as on AWS."""
    iam = world().accounts.client("iam", environment.account, environment.region)
    with suppress(ClientError):  # it is there since the first environment of the account
        iam.create_service_linked_role(AWSServiceName="airflow.amazonaws.com")


def ensure_log_groups(environment: Environment) -> None:
    """Create the groups of enabled modules that do not exist; they outlive the environment."""
    logs = world().accounts.client("logs", environment.account, environment.region)
    key = environment.config.get("KmsKey")
    for module in environment.logging_modules:
        name = environment.names.log_group(module)
        with suppress(ClientError):  # the customer's group is used as it is
            logs.create_log_group(logGroupName=name, **({"kmsKeyId": key} if key else {}))


def _grant(environment: Environment, side: ServiceSide) -> None:
    key = environment.config.get("KmsKey")
    if not key:
        return
    kms = world().accounts.client("kms", environment.account, environment.region)
    for name in GRANTS:
        grant = kms.create_grant(
            KeyId=key,
            GranteePrincipal=environment.names.service_host("airflow"),
            Operations=GRANT_OPERATIONS,
            Name=name.format(environment.name),
        )
        side.grants.append(grant["GrantId"])


def _interfaces(environment: Environment, side: ServiceSide) -> None:
    """One network interface per container, spread over both subnets."""
    ec2 = world().accounts.client("ec2", environment.account, environment.region)
    config = environment.config
    network = config["NetworkConfiguration"]
    count = config["MinWorkers"] + config["Schedulers"] + config["MinWebservers"]
    for number in range(count):
        made = ec2.create_network_interface(
            SubnetId=network["SubnetIds"][number % 2],
            Groups=network["SecurityGroupIds"],
            Description=(
                f"arn:{environment.names.partition}:ecs:{side.region}:{side.account}:"
                f"attachment/{side.token[:8]}-{number}"
            ),
            TagSpecifications=[
                {"ResourceType": "network-interface", "Tags": [_owner(environment)]}
            ],
        )
        side.interfaces.append(made["NetworkInterface"]["NetworkInterfaceId"])


def _owner(environment: Environment) -> dict[str, str]:
    return {"Key": "aws:airflow:environment", "Value": environment.name}


def _services_needed(environment: Environment, side: ServiceSide) -> list[str]:
    """Endpoint services that must be reachable from the customer's VPC."""
    needed = [side.database_service]
    if environment.is_private:
        needed.append(side.webserver_service)
    return needed


def _endpoints(environment: Environment, side: ServiceSide) -> None:
    ec2 = world().accounts.client("ec2", environment.account, environment.region)
    network = environment.config["NetworkConfiguration"]
    vpc = ec2.describe_subnets(SubnetIds=network["SubnetIds"])["Subnets"][0]["VpcId"]
    for service in _services_needed(environment, side):
        made = ec2.create_vpc_endpoint(
            VpcEndpointType="Interface",
            VpcId=vpc,
            ServiceName=service,
            SubnetIds=network["SubnetIds"],
            SecurityGroupIds=network["SecurityGroupIds"],
            PrivateDnsEnabled=False,
            TagSpecifications=[
                {"ResourceType": "vpc-endpoint", "Tags": [MANAGED, _owner(environment)]}
            ],
        )
        side.endpoints.append(made["VpcEndpoint"]["VpcEndpointId"])


def customer_endpoints_exist(environment: Environment) -> bool:
    """Whether every needed service has an available endpoint in the environment's VPC."""
    mine = world().accounts.client("ec2", environment.account, environment.region)
    subnets = set(environment.config["NetworkConfiguration"]["SubnetIds"])
    # In a shared VPC its owner makes them.
    owner = mine.describe_subnets(SubnetIds=[*subnets])["Subnets"][0]["OwnerId"]
    ec2 = world().accounts.client("ec2", owner, environment.region)
    endpoints = ec2.describe_vpc_endpoints(
        Filters=[{"Name": "vpc-endpoint-state", "Values": ["available"]}]
    )["VpcEndpoints"]
    served = {
        endpoint["ServiceName"]
        for endpoint in endpoints
        if subnets <= set(endpoint.get("SubnetIds", []))
    }
    assert environment.service
    return set(_services_needed(environment, environment.service)) <= served


def adapt(environment: Environment, before: dict[str, Any]) -> None:
    """Bring the customer's side in line with a changed configuration."""
    side = environment.service
    assert side
    ec2 = world().accounts.client("ec2", environment.account, environment.region)
    groups = environment.config["NetworkConfiguration"]["SecurityGroupIds"]
    old = before["NetworkConfiguration"]["SecurityGroupIds"]
    if groups != old:
        for endpoint in side.endpoints:
            ec2.modify_vpc_endpoint(
                VpcEndpointId=endpoint,
                AddSecurityGroupIds=[group for group in groups if group not in old],
                RemoveSecurityGroupIds=[group for group in old if group not in groups],
            )
    private = before["WebserverAccessMode"] != "PUBLIC_ONLY"
    if environment.config["EndpointManagement"] == "SERVICE" and private != environment.is_private:
        _delete_endpoints(ec2, side)
        _endpoints(environment, side)
    _delete_interfaces(ec2, side)
    _interfaces(environment, side)
    ensure_log_groups(environment)


def _delete_endpoints(ec2: Any, side: ServiceSide) -> None:
    if side.endpoints:
        ec2.delete_vpc_endpoints(VpcEndpointIds=side.endpoints)
        side.endpoints.clear()


def _delete_interfaces(ec2: Any, side: ServiceSide) -> None:
    for interface in side.interfaces:
        with suppress(ClientError):
            ec2.delete_network_interface(NetworkInterfaceId=interface)
    side.interfaces.clear()


def remove(environment: Environment) -> None:
    """Take away all of it; log groups, the service-linked role and CUSTOMER endpoints stay.

    What is gone already is no obstacle: a deletion that broke off half-way can be repeated.
    """
    side = environment.service
    if side is None:
        return
    for step in _demolition(environment, side):
        with suppress(ClientError):
            step()
    environment.service = None


def _demolition(environment: Environment, side: ServiceSide) -> Iterator[Callable[[], Any]]:
    theirs = world().accounts.client("ec2", environment.account, environment.region)
    yield from (partial(theirs.delete_vpc_endpoints, VpcEndpointIds=[e]) for e in side.endpoints)
    yield partial(_delete_interfaces, theirs, side)
    kms = world().accounts.client("kms", environment.account, environment.region)
    for grant in side.grants:  # the customer may have revoked it, or deleted the key
        yield partial(kms.revoke_grant, KeyId=environment.config["KmsKey"], GrantId=grant)
    ours = world().accounts.client("ec2", side.account, side.region)
    elb = world().accounts.client("elbv2", side.account, side.region)
    sqs = world().accounts.client("sqs", side.account, side.region)
    for service in side.service_ids:
        yield partial(ours.delete_vpc_endpoint_service_configurations, ServiceIds=[service])
    for balancer in side.balancers:
        yield partial(elb.delete_load_balancer, LoadBalancerArn=balancer)
    yield from (partial(ours.delete_subnet, SubnetId=subnet) for subnet in side.subnets)
    yield partial(ours.delete_vpc, VpcId=side.vpc)
    yield partial(sqs.delete_queue, QueueUrl=side.queue_url)
