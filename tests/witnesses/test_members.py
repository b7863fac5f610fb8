"""The emulated AWS answers with the members that AWS's recorded answers have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from ops.live.calls import CALLS
from tests.ops.emulated import emulated
from tests.witnesses import samples
from tests.witnesses.emulated import Listening, answers
from tests.witnesses.members import members, strange
from tests.witnesses.recordings import Call, recordings
from tests.witnesses.test_readings import ELSEWHERE

# Members of recorded answers that the emulated account's do not have, by the beginning of their
# path, each with the reason.
UNLIKE = "the account has nothing of this kind"
UNREAD = "no reader reads it"
NOT_LISTED = "moto lists AWS's prefix lists without their blocks, which the reader calls unknown"
EXCUSES: Mapping[Call, Mapping[str, str]] = {
    ("cloudwatch", "describe_alarms"): {
        "CompositeAlarms[]": UNLIKE,
        "MetricAlarms[].StateTransitionedTimestamp": UNREAD,
    },
    ("cloudwatch", "get_metric_data"): {"Messages": UNREAD},
    ("ec2", "describe_flow_logs"): {
        "FlowLogs[].DeliverLogsErrorMessage": UNLIKE,
    },
    ("ec2", "describe_network_interfaces"): {
        "NetworkInterfaces[].Attachment": UNREAD,
        "NetworkInterfaces[].DenyAllIgwTraffic": UNREAD,
        "NetworkInterfaces[].PrivateIpAddresses[].Association": UNLIKE,
    },
    ("ec2", "describe_prefix_lists"): {"PrefixLists[].Cidrs": NOT_LISTED},
    ("ec2", "describe_route_tables"): {
        "RouteTables[].PropagatingVgws": UNREAD,
        "RouteTables[].Routes[].NetworkInterfaceId": UNLIKE,
        "RouteTables[].Routes[].VpcPeeringConnectionId": UNLIKE,
    },
    ("ec2", "describe_subnets"): {
        "Subnets[].EnableDns64": UNREAD,
        "Subnets[].MapCustomerOwnedIpOnLaunch": UNREAD,
    },
    ("ec2", "describe_vpc_attribute"): {"EnableNetworkAddressUsageMetrics": UNREAD},
    ("ec2", "describe_vpcs"): {"Vpcs[].Ipv6CidrBlockAssociationSet[]": UNLIKE},
    ("iam", "get_policy"): {
        "Policy.Description": UNREAD,
        "Policy.PermissionsBoundaryUsageCount": UNREAD,
    },
    ("iam", "get_role"): {"Role.Description": UNREAD, "Role.RoleLastUsed": UNREAD},
    ("kms", "describe_key"): {"KeyMetadata.CurrentKeyMaterialId": UNREAD},
    ("logs", "describe_log_groups"): {"nextToken": "the reader takes all pages"},
    ("s3", "get_bucket_encryption"): {
        "ServerSideEncryptionConfiguration.Rules[].ApplyServerSideEncryptionByDefault"
        ".KMSMasterKeyID": "a new bucket has S3's own key",
    },
    ("s3", "get_bucket_lifecycle_configuration"): {
        "Rules[].AbortIncompleteMultipartUpload": UNREAD,
        "Rules[].Expiration.": UNLIKE,
        "Rules[].Filter.Tag": UNLIKE,
        "Rules[].Transitions": UNREAD,
    },
    ("service-quotas", "list_service_quotas"): {
        "Quotas[].Period": UNREAD,
        "Quotas[].QuotaArn": UNREAD,
        "Quotas[].Unit": UNREAD,
        "Quotas[].UsageMetric": UNREAD,
    },
}
# The zone that AWS itself makes for an endpoint is not listed, and the account has no other.
UNASKED = ELSEWHERE | {("route53", "list_resource_record_sets")}


@pytest.fixture(scope="module")
def heard() -> Iterator[Listening]:
    with emulated() as there:
        yield answers(there)


@pytest.fixture(scope="module")
def answered(heard: Listening) -> Mapping[Call, list[Mapping[str, Any]]]:
    return heard.heard


def recorded(call: Call) -> set[str]:
    """The members of all recorded answers of an operation."""
    shape = samples.output(*call)
    assert shape is not None
    answered = [one.answer for one in recordings().get(call, ()) if one.error is None]
    return {member for answer in answered for member in members(shape, answer)}


def test_the_emulated_account_answers_every_call(
    answered: Mapping[Call, list[Mapping[str, Any]]],
) -> None:
    assert set(CALLS) - set(answered) <= UNASKED


@pytest.mark.parametrize("call", sorted(set(CALLS) - UNASKED), ids="-".join)
def test_the_emulated_answer_holds_no_member_that_the_model_does_not_know(
    heard: Listening, call: Call
) -> None:
    found = {one for model, body in heard.bodies[call] for one in strange(model, body)}
    assert found == set()


def test_a_strange_member_is_found_in_either_form() -> None:
    vpcs = samples.operation("ec2", "describe_vpcs")
    answer = (
        b"<DescribeVpcsResponse><requestId>1</requestId><vpcSet><item><vpcId>vpc-1</vpcId>"
        b"<color>red</color></item></vpcSet></DescribeVpcsResponse>"
    )
    assert list(strange(vpcs, answer)) == ["vpcSet[].color"]
    roles = samples.operation("iam", "get_role")
    wrapped = b"<R><GetRoleResult><Role><Hue>1</Hue></Role><Shade/></GetRoleResult></R>"
    assert list(strange(roles, wrapped)) == ["Role.Hue", "Shade"]
    groups = samples.operation("logs", "describe_log_groups")
    assert list(strange(groups, b'{"logGroups": [{"arn": "a", "hue": 1}]}')) == ["logGroups[].hue"]


@pytest.mark.skipif(
    not recordings(), reason="recorded answers of AWS: ../shared/recorded is not here"
)
@pytest.mark.parametrize("call", sorted(set(CALLS) - UNASKED), ids="-".join)
def test_the_emulated_answer_has_the_members_of_the_recorded_one(
    answered: Mapping[Call, list[Mapping[str, Any]]], call: Call
) -> None:
    shape = samples.output(*call)
    assert shape is not None
    ours = {member for answer in answered[call] for member in members(shape, answer)}
    missing, excuses = recorded(call) - ours, EXCUSES.get(call, {})
    assert [one for one in sorted(missing) if not one.startswith(tuple(excuses))] == []
    unused = [start for start in excuses if not any(one.startswith(start) for one in missing)]
    assert unused == [], "an excuse for what is there"
