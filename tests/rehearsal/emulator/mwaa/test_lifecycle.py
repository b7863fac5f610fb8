"""The twelve statuses, and what the service owns while an environment lives."""

from typing import Any

import pytest

from rehearsal.emulator.accounts import Accounts
from rehearsal.emulator.mwaa import models, service_side
from rehearsal.emulator.server import Emulator
from tests.rehearsal.emulator.mwaa.test_control_plane import forward
from tests.rehearsal.emulator.platforms.customer import REGION, Customer
from tests.rehearsal.emulator.platforms.late import role_without_the_key

CREATE, UPDATE, HOUR = 25 * 60, 15 * 60, 3600


def test_customer_endpoints_end_the_wait(emulator: Emulator, customer: Customer) -> None:
    customer.create(EndpointManagement="CUSTOMER")
    forward(emulator, CREATE)
    environment = customer.get()
    assert environment["Status"] == "PENDING"
    services = [
        environment["DatabaseVpcEndpointService"],
        environment["WebserverVpcEndpointService"],
    ]
    for number, service in enumerate(services):
        assert customer.status == "PENDING", number
        customer.ec2.create_vpc_endpoint(
            VpcEndpointType="Interface",
            VpcId=customer.vpc,
            ServiceName=service,
            SubnetIds=customer.subnets,
            SecurityGroupIds=[customer.group],
        )
    assert customer.status == "CREATING"
    forward(emulator, 10 * 60)
    assert customer.status == "AVAILABLE"


def test_nobody_waits_longer_than_72_hours(emulator: Emulator, customer: Customer) -> None:
    customer.create(EndpointManagement="CUSTOMER")
    forward(emulator, CREATE + 72 * HOUR - 1)
    assert customer.status == "PENDING"
    forward(emulator, 1)
    environment = customer.get()
    assert environment["Status"] == "CREATE_FAILED"
    assert "72 hours" in environment["LastUpdate"]["Error"]["ErrorMessage"]


def test_an_upgrade_makes_a_snapshot_on_its_way(emulator: Emulator, available: Customer) -> None:
    available.mwaa.update_environment(Name="etl", AirflowVersion="2.11.0")
    seen = [available.status]
    for seconds in (60, 5 * 60, UPDATE):
        forward(emulator, seconds)
        seen.append(available.status)
    assert seen == ["UPDATING", "CREATING_SNAPSHOT", "UPDATING", "AVAILABLE"]
    assert available.get()["AirflowVersion"] == "2.11.0"


def test_a_failed_update_returns_to_what_was(emulator: Emulator, available: Customer) -> None:
    closed = available.ec2.create_security_group(
        GroupName="closed", Description="closed", VpcId=available.vpc
    )["GroupId"]
    available.mwaa.update_environment(
        Name="etl", MaxWorkers=7, NetworkConfiguration={"SecurityGroupIds": [closed]}
    )
    seen = []
    for seconds in (UPDATE, 20 * 60):
        forward(emulator, seconds)
        seen.append(available.status)
    environment = available.get()
    assert seen == ["ROLLING_BACK", "UPDATE_FAILED"]
    assert environment["MaxWorkers"] == 10
    assert environment["NetworkConfiguration"]["SecurityGroupIds"] == [available.group]
    assert environment["LastUpdate"]["Error"]["ErrorCode"] == "INCORRECT_CONFIGURATION"
    available.mwaa.update_environment(Name="etl", MaxWorkers=7)
    forward(emulator, UPDATE)
    assert available.status == "AVAILABLE"


def test_no_way_back_leaves_the_environment_unavailable(
    emulator: Emulator, available: Customer
) -> None:
    available.mwaa.update_environment(Name="etl", MaxWorkers=7)
    role_without_the_key(available)
    forward(emulator, UPDATE + 20 * 60)
    assert available.status == "UNAVAILABLE"


def test_a_moved_clock_passes_the_maintenance_window(
    emulator: Emulator, available: Customer
) -> None:
    status, _ = emulator.gateway._control("POST", "clock", {}, b'{"advance": 604800}')
    assert status == 200
    environment = available.get()
    assert environment["Status"] in ("MAINTENANCE", "AVAILABLE")
    assert environment["LastUpdate"]["Source"] == "MAINTENANCE"
    assert environment["LastUpdate"]["WorkerReplacementStrategy"] == "GRACEFUL"


def test_maintenance_can_be_asked_for(emulator: Emulator, available: Customer) -> None:
    wish = b'{"name": "etl", "event": "maintenance"}'
    emulator.gateway._control("POST", "environments", {}, wish)
    assert available.status == "MAINTENANCE"
    forward(emulator, 30 * 60)
    assert available.status == "AVAILABLE"


def test_deleted_is_seen_where_a_test_asks_for_it(emulator: Emulator, available: Customer) -> None:
    emulator.clock.durations["deleted"] = 60
    try:
        available.mwaa.delete_environment(Name="etl")
        forward(emulator, 10 * 60)
        assert available.status == "DELETED"
    finally:
        emulator.clock.durations["deleted"] = 0.0
    forward(emulator, 60)
    assert available.mwaa.list_environments()["Environments"] == []


def _made(customer: Customer, clients: Accounts, account: str) -> dict[str, Any]:
    """What the service made, on both sides."""
    ec2 = customer.ec2
    theirs = [
        item
        for item in ec2.describe_vpc_endpoints()["VpcEndpoints"]
        if item["State"] != "deleted"
        and {"Key": "AmazonMWAAManaged", "Value": "true"} in item.get("Tags", [])
    ]
    interfaces = [
        item
        for item in ec2.describe_network_interfaces()["NetworkInterfaces"]
        if item.get("Description", "").startswith("arn:aws:ecs:")
    ]
    grants = customer.client("kms").list_grants(KeyId=customer.key)["Grants"]
    queues = clients.client("sqs", account, REGION).list_queues().get("QueueUrls", [])
    services = clients.client("ec2", account, REGION).describe_vpc_endpoint_service_configurations()
    return {
        "endpoints": theirs,
        "interfaces": interfaces,
        "grants": grants,
        "queues": queues,
        "services": services["ServiceConfigurations"],
    }


def test_the_service_side_comes_and_goes_with_the_environment(
    emulator: Emulator, available: Customer, clients: Accounts
) -> None:
    environment = available.get()
    account = environment["CeleryExecutorQueue"].split(":")[4]
    assert account != environment["Arn"].split(":")[4]
    made = _made(available, clients, account)
    assert {item["ServiceName"] for item in made["endpoints"]} == {
        environment["DatabaseVpcEndpointService"],
        environment["WebserverVpcEndpointService"],
    }
    assert {item["SubnetId"] for item in made["interfaces"]} == set(available.subnets)
    assert {grant["Name"].strip() for grant in made["grants"]} == {
        "mwaa-grant-for-env-mgmt-role-etl",
        "mwaa-grant-for-lambda-exec-etl",
        "mwaa-grant-for-cfn-mgmt-etl",
        "mwaa-fargate-access-for-etl",
    }
    assert len(made["queues"]) == 1
    assert len(made["services"]) == 2
    available.mwaa.delete_environment(Name="etl")
    forward(emulator, 10 * 60)
    assert not any(_made(available, clients, account).values())
    groups = available.client("logs").describe_log_groups()["logGroups"]
    assert [group["logGroupName"] for group in groups] == ["airflow-etl-Task"]


def test_a_missing_log_group_is_made_with_the_key_and_an_own_one_is_kept(
    emulator: Emulator, customer: Customer
) -> None:
    logs = customer.client("logs")
    logs.create_log_group(logGroupName="airflow-etl-Worker")
    on = {"Enabled": True, "LogLevel": "INFO"}
    customer.create(LoggingConfiguration={"TaskLogs": on, "WorkerLogs": on})
    keys = {
        group["logGroupName"]: group.get("kmsKeyId")
        for group in logs.describe_log_groups()["logGroups"]
    }
    assert keys == {"airflow-etl-Task": customer.key, "airflow-etl-Worker": None}


def test_a_deletion_that_broke_off_can_be_repeated(
    emulator: Emulator, available: Customer, clients: Accounts
) -> None:
    account = available.get()["CeleryExecutorQueue"].split(":")[4]
    (environment,) = models.environments()
    side = environment.service
    assert side
    ours = clients.client("ec2", account, REGION)
    for balancer in side.balancers:
        clients.client("elbv2", account, REGION).delete_load_balancer(LoadBalancerArn=balancer)
    ours.delete_subnet(SubnetId=side.subnets[0])
    available.ec2.delete_vpc_endpoints(VpcEndpointIds=side.endpoints[:1])
    available.mwaa.delete_environment(Name="etl")
    forward(emulator, 10 * 60)
    assert available.mwaa.list_environments()["Environments"] == []
    assert not any(_made(available, clients, account).values())


def test_one_environment_that_cannot_go_on_leaves_the_others_alone(
    emulator: Emulator, available: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: Any) -> None:
        raise KeyError("out of order")

    monkeypatch.setattr(service_side, "remove", fail)
    available.mwaa.delete_environment(Name="etl")
    forward(emulator, 10 * 60)
    environment = available.get()
    assert environment["Status"] == "UNAVAILABLE"
    assert "out of order" in environment["LastUpdate"]["Error"]["ErrorMessage"]
    assert available.ec2.describe_vpcs()["Vpcs"]
    monkeypatch.undo()
    available.mwaa.delete_environment(Name="etl")
    forward(emulator, 10 * 60)
    assert available.mwaa.list_environments()["Environments"] == []
