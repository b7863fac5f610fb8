"""What an emulated account holds, for tests that compare before and after."""

from __future__ import annotations

from typing import Any

from tests.e2e.stacks.rehearsal import Rehearsal

# Service, operation, key of the answer, and what names one thing in it.
LISTS = (
    ("mwaa", "list_environments", "Environments", None),
    ("ec2", "describe_vpcs", "Vpcs", "VpcId"),
    ("ec2", "describe_subnets", "Subnets", "SubnetId"),
    ("ec2", "describe_route_tables", "RouteTables", "RouteTableId"),
    ("ec2", "describe_internet_gateways", "InternetGateways", "InternetGatewayId"),
    ("ec2", "describe_addresses", "Addresses", "AllocationId"),
    ("ec2", "describe_security_groups", "SecurityGroups", "GroupId"),
    ("ec2", "describe_network_interfaces", "NetworkInterfaces", "NetworkInterfaceId"),
    ("ec2", "describe_flow_logs", "FlowLogs", "FlowLogId"),
    ("s3", "list_buckets", "Buckets", "Name"),
    ("kms", "list_aliases", "Aliases", "AliasName"),
    ("logs", "describe_log_groups", "logGroups", "logGroupName"),
    ("cloudwatch", "describe_alarms", "MetricAlarms", "AlarmName"),
    ("cloudwatch", "list_dashboards", "DashboardEntries", "DashboardName"),
    ("sns", "list_topics", "Topics", "TopicArn"),
)


def inventory(rehearsal: Rehearsal) -> dict[str, set[str]]:
    """The names of everything that lives; what AWS keeps after deletion is left out."""
    found: dict[str, set[str]] = {}
    for service, operation, key, name in LISTS:
        answer = getattr(rehearsal.client(service), operation)()
        found[operation] = {item if name is None else item[name] for item in answer[key]}
    # The service-linked role of MWAA stays after its last environment, as it does in AWS.
    found["list_roles"] = {
        role["RoleName"]
        for role in rehearsal.client("iam").list_roles()["Roles"]
        if not role["Path"].startswith("/aws-service-role/")
    }
    policies = rehearsal.client("iam").list_policies(Scope="Local")["Policies"]
    found["list_policies"] = {policy["PolicyName"] for policy in policies}
    ec2 = rehearsal.client("ec2")
    # Deleted gateways and endpoints stay listed for a while, as they do in AWS.
    found["describe_nat_gateways"] = {
        gateway["NatGatewayId"]
        for gateway in ec2.describe_nat_gateways()["NatGateways"]
        if gateway["State"] not in ("deleted", "deleting")
    }
    found["describe_vpc_endpoints"] = {
        endpoint["VpcEndpointId"]
        for endpoint in ec2.describe_vpc_endpoints()["VpcEndpoints"]
        if endpoint["State"] not in ("deleted", "deleting")
    }
    found["list_keys"] = living_keys(rehearsal.client("kms"))
    return found


def living_keys(kms: Any) -> set[str]:
    """Customer keys that are not scheduled for deletion: a KMS key never goes at once."""
    keys = [kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"] for key in kms.list_keys()["Keys"]]
    return {
        key["KeyId"]
        for key in keys
        if key["KeyManager"] == "CUSTOMER" and key["KeyState"] != "PendingDeletion"
    }
