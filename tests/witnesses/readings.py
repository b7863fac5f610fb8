"""What the live reader makes of each operation's answer: where it stands in the platform, and what
of the answer must be found there."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, cast

from botocore.exceptions import ClientError

from mwaa.model.platform import Platform
from mwaa.model.unknown import UNKNOWN, known
from ops.live import platform as live
from ops.live.calls import CALLS
from ops.live.reader import AwsReader, document
from ops.live.storage import region_of
from tests.witnesses import samples
from tests.witnesses.recordings import Call

REGION = "us-east-1"
Answer = Mapping[str, Any]
Answers = dict[Call, Any]
GONE = ("deleted", "deleting")


class Told(AwsReader):
    """A reader who is told the answers; ``asked`` holds the last request of each operation."""

    def __init__(self, answers: Answers) -> None:
        super().__init__(cast(Any, SimpleNamespace(region_name=REGION)))
        self.answers, self.asked = answers, dict[Call, dict[str, Any]]()

    def client(self, service: str) -> Any:
        return _Client(self, service)


@dataclass
class _Client:
    told: Told
    service: str

    def can_paginate(self, operation: str) -> bool:
        return False

    def __getattr__(self, operation: str) -> Any:
        def ask(**wish: Any) -> Any:
            self.told.asked[self.service, operation] = wish
            answer = self.told.answers[self.service, operation]
            if isinstance(answer, ClientError):
                raise answer
            return answer

        return ask


@dataclass(frozen=True, kw_only=True)
class Reading:
    """``found`` is what the platform holds of an operation, ``told`` what its answer says.

    ``stage`` are other answers that lead the reader to the operation, and ``ours`` makes a recorded
    answer one about this environment.
    """

    found: Callable[[Platform, Told], Any]
    told: Callable[[Answer], Any]
    stage: Callable[[Answer], Answers] = lambda answer: {}
    ours: Callable[[Answer], Answer] = lambda answer: answer


def read(call: Call, answer: Answer | ClientError) -> tuple[Platform, Told]:
    """The platform that the reader makes of ``answer``, all else told by botocore's model."""
    reading = READINGS[call]
    answers: Answers = {other: samples.full(*other) for other in CALLS}
    if isinstance(answer, ClientError):
        answers[call] = answer
    else:
        ours = reading.ours(answer)
        answers |= {**reading.stage(ours), call: ours}
    told = Told(answers)
    described = answers["mwaa", "get_environment"]
    return live.read(told, described["Environment"], written=True), told


def found(call: Call, answer: Answer) -> Any:
    """What the reader makes of ``answer``."""
    return READINGS[call].found(*read(call, answer))


def expected(call: Call, answer: Answer) -> Any:
    """What must come of ``answer``."""
    return READINGS[call].told(READINGS[call].ours(answer))


def _ids(collection: str) -> Callable[[Platform, Told], Any]:
    def found(platform: Platform, _: Told) -> Any:
        records = getattr(platform, collection)
        return {one.id for one in records} if isinstance(records, tuple) else records

    return found


def _each(member: str, key: str) -> Callable[[Answer], set[Any]]:
    def told(answer: Answer) -> set[Any]:
        items = answer.get(member, ())
        return {one[key] for one in items if str(one.get("State", "")).lower() not in GONE}

    return told


def _list(collection: str, member: str, key: str) -> Reading:
    return Reading(found=_ids(collection), told=_each(member, key))


def _bucket(name: str, told: Callable[[Answer], Any]) -> Reading:
    return Reading(found=lambda p, _: getattr(p.bucket, name), told=told)


def _flags(answer: Answer) -> Any:
    flags = answer.get("PublicAccessBlockConfiguration")
    names = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    return None if flags is None else tuple(flags.get(name, False) for name in names)


def _block(found: Any) -> Any:
    values = getattr(found, "__dict__", None)
    return tuple(values.values()) if values else found


def _named(member: str, key: str, value: str) -> Callable[[Answer], Answer]:
    """The first element is called as the environment's own."""

    def ours(answer: Answer) -> Answer:
        items = [dict(one) for one in answer.get(member, ())]
        if items:
            items[0][key] = value
        return {**answer, member: items}

    return ours


def _of_our_account(answer: Answer) -> Answer:
    """A recorded role, as one of the account that is read: another account's is not known."""
    role = answer["Role"]
    partition, account = role["Arn"].split(":")[1], role["Arn"].split(":")[4]
    arn = role["Arn"].replace(
        f"arn:{partition}:iam::{account}:", f"arn:aws:iam::{samples.ACCOUNT}:"
    )
    return {"Role": {**role, "Arn": arn}}


def _watched(answer: Answer) -> Answer:
    """Every alarm is about the environment's queue."""
    ours = [{"Name": "Environment", "Value": "Name"}]
    alarms = [{**one, "Dimensions": ours, "Metrics": []} for one in answer.get("MetricAlarms", ())]
    return {**answer, "MetricAlarms": alarms}


def _default_options(answer: Answer) -> Answers:
    (used, *_) = [one["DhcpOptionsId"] for one in answer["DhcpOptions"]]
    vpcs = samples.full("ec2", "describe_vpcs")
    return {("ec2", "describe_vpcs"): {"Vpcs": [{**vpcs["Vpcs"][0], "DhcpOptionsId": used}]}}


def _dns(platform: Platform, told: Told) -> Any:
    (vpc,) = cast(Any, platform.vpcs)
    return (vpc.dns_support, vpc.dns_hostnames)


def _dns_told(answer: Answer) -> Any:
    support, names = answer.get("EnableDnsSupport"), answer.get("EnableDnsHostnames")
    # One answer holds one of the two; the model's holds both.
    return tuple((one or {}).get("Value", UNKNOWN) for one in (support, names))


def _inline(answer: Answer) -> Any:
    return set(answer.get("PolicyNames", ()))


def _policies(p: Platform, *, managed: bool) -> Any:
    role = cast(Any, p.role)
    return [one for one in role.policies if bool(one.arn) is managed]


def _quota(answer: Answer) -> Any:
    for one in answer.get("Quotas", ()):
        if "environments per" in one["QuotaName"].lower():
            return int(one["Value"])
    return UNKNOWN


def _events(answer: Answer) -> Any:
    stamps = [one.get("lastEventTimestamp") for one in answer.get("logStreams", ())]
    return next((stamp / 1000 for stamp in stamps if stamp), None)


def _details(answer: Answer) -> set[str]:
    inline = {
        item["PolicyName"]
        for kind in ("User", "Group", "Role")
        for owner in answer.get(f"{kind}DetailList", ())
        for item in owner.get(f"{kind}PolicyList", ())
    }
    managed = {one["Arn"].rpartition("/")[2] for one in answer.get("Policies", ())}
    return inline | managed


GROUP = {"logGroupName": "airflow-Name-Worker", "arn": "arn:x:*"}
WORKER: Answers = {("logs", "describe_log_groups"): {"logGroups": [GROUP]}}
STREAM = {("logs", "describe_log_streams"): {"logStreams": [{"logStreamName": "worker_1"}]}}
READINGS: dict[Call, Reading] = {
    ("cloudwatch", "describe_alarms"): Reading(
        found=lambda p, _: [one.id for one in cast(Any, p.alarms)],
        told=lambda a: [one["AlarmArn"] for one in a.get("MetricAlarms", ())],
        ours=_watched,
    ),
    ("cloudwatch", "get_metric_data"): Reading(
        found=lambda p, _: [m.value for m in cast(Any, p.metrics) if m.value is not None],
        told=lambda a: [one["Values"][0] for one in a.get("MetricDataResults", ())[:1]],
        ours=_named("MetricDataResults", "Id", "m0"),
    ),
    ("ec2", "describe_dhcp_options"): Reading(
        found=_ids("dhcp_options"),
        told=lambda a: {one["DhcpOptionsId"] for one in a.get("DhcpOptions", ())[:1]},
        stage=lambda a: _default_options(a) if a.get("DhcpOptions") else {},
    ),
    ("ec2", "describe_flow_logs"): _list("flow_logs", "FlowLogs", "FlowLogId"),
    ("ec2", "describe_internet_gateways"): _list(
        "internet_gateways", "InternetGateways", "InternetGatewayId"
    ),
    ("ec2", "describe_nat_gateways"): _list("nat_gateways", "NatGateways", "NatGatewayId"),
    ("ec2", "describe_network_acls"): _list("network_acls", "NetworkAcls", "NetworkAclId"),
    ("ec2", "describe_network_interfaces"): _list(
        "interfaces", "NetworkInterfaces", "NetworkInterfaceId"
    ),
    ("ec2", "describe_prefix_lists"): Reading(
        found=lambda p, _: {one.name for one in cast(Any, p.prefix_lists) if known(one.name)},
        # The reader keeps those that matter: S3's, and those in rules and routes.
        told=lambda a: {
            one["PrefixListName"]
            for one in a.get("PrefixLists", ())
            if one["PrefixListName"].endswith(f"{REGION}.s3")
            or one["PrefixListId"] == samples.TEXTS["PrefixListId"]
        },
        stage=lambda a: {("ec2", "get_managed_prefix_list_entries"): {"Entries": []}},
    ),
    ("ec2", "describe_route_tables"): _list("route_tables", "RouteTables", "RouteTableId"),
    ("ec2", "describe_security_groups"): _list("security_groups", "SecurityGroups", "GroupId"),
    ("ec2", "describe_subnets"): _list("subnets", "Subnets", "SubnetId"),
    ("ec2", "describe_vpc_attribute"): Reading(found=_dns, told=_dns_told),
    ("ec2", "describe_vpc_endpoint_services"): Reading(
        found=lambda p, _: {one.service for one in cast(Any, p.endpoint_services)},
        told=_each("ServiceDetails", "ServiceName"),
    ),
    ("ec2", "describe_vpc_endpoints"): _list("endpoints", "VpcEndpoints", "VpcEndpointId"),
    ("ec2", "describe_vpcs"): _list("vpcs", "Vpcs", "VpcId"),
    ("ec2", "get_managed_prefix_list_entries"): Reading(
        found=lambda p, _: [block for one in cast(Any, p.prefix_lists) for block in one.cidrs],
        told=lambda a: [one["Cidr"] for one in a.get("Entries", ())],
        stage=lambda a: {("ec2", "describe_prefix_lists"): {"PrefixLists": []}},
    ),
    ("iam", "get_account_authorization_details"): Reading(
        found=lambda p, _: {one.name for one in cast(Any, p.access_policies)}, told=_details
    ),
    ("iam", "get_policy"): Reading(
        found=lambda p, told: told.asked.get(("iam", "get_policy_version"), {}).get("VersionId"),
        told=lambda a: a.get("Policy", {}).get("DefaultVersionId"),
    ),
    ("iam", "get_policy_version"): Reading(
        found=lambda p, _: _policies(p, managed=True)[0].document,
        told=lambda a: document(a.get("PolicyVersion", {}).get("Document", UNKNOWN)),
        ours=lambda a: a or {"PolicyVersion": {"Document": {}}},
    ),
    ("iam", "get_role"): Reading(
        found=lambda p, _: p.role and (cast(Any, p.role).arn, cast(Any, p.role).trust),
        told=lambda a: (
            a["Role"]["Arn"],
            document(a["Role"]["AssumeRolePolicyDocument"]),
        ),
        ours=_of_our_account,
    ),
    ("iam", "get_role_policy"): Reading(
        found=lambda p, _: _policies(p, managed=False)[0].document,
        told=lambda a: document(a["PolicyDocument"]),
    ),
    ("iam", "list_attached_role_policies"): Reading(
        found=lambda p, _: {one.arn for one in _policies(p, managed=True)},
        told=_each("AttachedPolicies", "PolicyArn"),
    ),
    ("iam", "list_role_policies"): Reading(
        found=lambda p, _: {one.name for one in _policies(p, managed=False)}, told=_inline
    ),
    ("kms", "describe_key"): Reading(
        found=lambda p, _: p.key and (cast(Any, p.key).arn, cast(Any, p.key).state),
        told=lambda a: (a["KeyMetadata"]["Arn"], a["KeyMetadata"]["KeyState"]),
    ),
    ("kms", "get_key_policy"): Reading(
        found=lambda p, _: cast(Any, p.key).policy,
        told=lambda a: json.loads(a["Policy"]) if "Policy" in a else None,
    ),
    ("kms", "get_key_rotation_status"): Reading(
        found=lambda p, _: cast(Any, p.key).rotation,
        told=lambda a: a.get("KeyRotationEnabled", False),
    ),
    ("kms", "list_grants"): Reading(
        found=lambda p, _: [one.grantee for one in cast(Any, p.key).grants],
        told=lambda a: [one["GranteePrincipal"] for one in a.get("Grants", ())],
    ),
    ("logs", "describe_log_groups"): Reading(
        found=lambda p, _: [one.arn for one in cast(Any, p.log_groups)],
        told=lambda a: [one["arn"].removesuffix(":*") for one in a.get("logGroups", ())[:1]],
        ours=_named("logGroups", "logGroupName", "airflow-Name-Task"),
    ),
    ("logs", "describe_log_streams"): Reading(
        found=lambda p, _: cast(Any, p.log_groups)[0].last_event,
        told=_events,
        stage=lambda a: WORKER,
    ),
    ("logs", "get_log_events"): Reading(
        found=lambda p, _: cast(Any, p.log_groups)[0].streams[0].lines,
        told=lambda a: tuple(one["message"] for one in a.get("events", ())),
        stage=lambda a: WORKER | STREAM,
    ),
    ("mwaa", "get_environment"): Reading(
        found=lambda p, _: (p.environment.name, p.environment.status),
        told=lambda a: (a["Environment"]["Name"], a["Environment"].get("Status")),
        ours=lambda a: a or {"Environment": {"Name": "Name"}},
    ),
    ("mwaa", "list_environments"): Reading(
        found=lambda p, _: p.account.environments,
        told=lambda a: tuple(sorted(a.get("Environments", ()))),
    ),
    ("route53", "list_hosted_zones_by_vpc"): Reading(
        found=_ids("hosted_zones"), told=_each("HostedZoneSummaries", "HostedZoneId")
    ),
    ("route53", "list_resource_record_sets"): Reading(
        found=lambda p, _: list(cast(Any, p.hosted_zones)[0].records),
        told=lambda a: [one["Name"] for one in a.get("ResourceRecordSets", ())],
        stage=lambda a: {
            ("route53", "list_hosted_zones_by_vpc"): {
                "HostedZoneSummaries": [{"HostedZoneId": "Z1", "Name": "sqs.amazonaws.com."}]
            }
        },
    ),
    ("s3", "get_bucket_encryption"): Reading(
        found=lambda p, _: cast(Any, p.bucket).encryption.algorithm,
        told=lambda a: (
            a["ServerSideEncryptionConfiguration"]["Rules"][0][
                "ApplyServerSideEncryptionByDefault"
            ]["SSEAlgorithm"]
            if a
            else "AES256"
        ),
    ),
    ("s3", "get_bucket_lifecycle_configuration"): Reading(
        found=lambda p, _: [one.id for one in cast(Any, p.bucket).lifecycle],
        told=lambda a: [one.get("ID") for one in a.get("Rules", ())],
    ),
    ("s3", "get_bucket_location"): _bucket(
        "region", lambda a: region_of(a.get("LocationConstraint"))
    ),
    ("s3", "get_bucket_logging"): _bucket(
        "access_logs", lambda a: a.get("LoggingEnabled", {}).get("TargetBucket")
    ),
    ("s3", "get_bucket_ownership_controls"): _bucket(
        "ownership",
        lambda a: a["OwnershipControls"]["Rules"][0]["ObjectOwnership"] if a else None,
    ),
    ("s3", "get_bucket_policy"): _bucket(
        "policy", lambda a: json.loads(a["Policy"]) if "Policy" in a else None
    ),
    ("s3", "get_bucket_versioning"): _bucket("versioning", lambda a: a.get("Status", "Disabled")),
    ("s3", "get_public_access_block"): Reading(
        found=lambda p, _: _block(cast(Any, p.bucket).public_access), told=_flags
    ),
    ("s3", "head_object"): Reading(
        found=lambda p, _: {one.size for one in cast(Any, p.bucket).objects[:3]},
        told=lambda a: {a["ContentLength"]},
        ours=lambda a: a or {"ContentLength": 0},
    ),
    ("s3", "list_objects_v2"): Reading(
        # A listing does not tell versions.
        found=lambda p, _: [
            one.key for one in cast(Any, p.bucket).objects if not known(one.version)
        ],
        told=lambda a: [one["Key"] for one in a.get("Contents", ())],
    ),
    ("s3control", "get_public_access_block"): Reading(
        found=lambda p, _: _block(p.account.public_access), told=_flags
    ),
    ("service-quotas", "list_service_quotas"): Reading(
        found=lambda p, _: p.account.environment_quota, told=_quota
    ),
    ("sts", "get_caller_identity"): Reading(
        found=lambda p, _: (p.account.id, p.account.caller),
        told=lambda a: (a.get("Account", UNKNOWN), a.get("Arn", UNKNOWN)),
    ),
}
