"""Names, ids, tags and classes as AWS has them."""

from __future__ import annotations

import json
import time
from functools import partial
from typing import Any

import pytest

from mwaa import iam_policies
from tests.rehearsal.emulator.patches.test_patches import code
from tests.rehearsal.emulator.platforms.customer import Customer

DOCUMENT = json.dumps(iam_policies.document(iam_policies.allow("S", ["sqs:*"], "*")))
TRUST = json.dumps({"Version": "2012-10-17", "Statement": []})
UPPER, LOWER = {"Key": "Team", "Value": "a"}, {"Key": "team", "Value": "b"}


@pytest.fixture
def iam(customer: Customer) -> Any:
    return customer.client("iam")


def test_the_accounts_details_tell_names_and_ids(iam: Any) -> None:
    iam.create_user(UserName="ann")
    iam.create_group(GroupName="team")
    iam.create_policy(PolicyName="own", PolicyDocument=DOCUMENT)
    found = iam.get_account_authorization_details(Filter=["LocalManagedPolicy", "User", "Group"])
    (user,), (group,) = found["UserDetailList"], found["GroupDetailList"]
    (policy,) = found["Policies"]
    assert policy["PolicyName"] == "own"
    ids = (user["UserId"], group["GroupId"], policy["PolicyId"])
    assert [one[:4] for one in ids] == ["AIDA", "AGPA", "ANPA"]
    assert all(len(one) == 21 and one.isupper() and one.isalnum() for one in ids)


def test_a_roles_tag_keys_differ_by_more_than_case(iam: Any) -> None:
    make = {"RoleName": "r", "AssumeRolePolicyDocument": TRUST}
    assert code(lambda: iam.create_role(**make, Tags=[UPPER, LOWER])) == "InvalidInput"
    iam.create_role(**make, Tags=[UPPER])
    iam.tag_role(RoleName="r", Tags=[LOWER])
    assert iam.list_role_tags(RoleName="r")["Tags"] == [LOWER]
    iam.untag_role(RoleName="r", TagKeys=["TEAM"])
    assert iam.list_role_tags(RoleName="r")["Tags"] == []


def test_a_users_tag_keys_differ_by_more_than_case(iam: Any) -> None:
    assert code(lambda: iam.create_user(UserName="u", Tags=[UPPER, LOWER])) == "InvalidInput"
    iam.create_user(UserName="u", Tags=[UPPER])
    assert code(lambda: iam.tag_user(UserName="u", Tags=[UPPER, LOWER])) == "InvalidInput"
    iam.tag_user(UserName="u", Tags=[LOWER])
    assert iam.list_user_tags(UserName="u")["Tags"] == [LOWER]
    iam.untag_user(UserName="u", TagKeys=["TEAM"])
    assert iam.list_user_tags(UserName="u")["Tags"] == []


def test_a_policys_tag_keys_may_differ_by_case(iam: Any) -> None:
    make = {"PolicyName": "p", "PolicyDocument": DOCUMENT}
    assert code(lambda: iam.create_policy(**make, Tags=[UPPER, UPPER])) == "InvalidInput"
    arn = iam.create_policy(**make, Tags=[UPPER])["Policy"]["Arn"]
    iam.tag_policy(PolicyArn=arn, Tags=[LOWER])
    assert iam.list_policy_tags(PolicyArn=arn)["Tags"] == [UPPER, LOWER]
    iam.untag_policy(PolicyArn=arn, TagKeys=["team"])
    assert iam.list_policy_tags(PolicyArn=arn)["Tags"] == [UPPER]


def test_a_log_group_has_a_class(customer: Customer) -> None:
    logs = customer.client("logs")
    logs.create_log_group(logGroupName="class-a")
    logs.create_log_group(logGroupName="class-b", logGroupClass="INFREQUENT_ACCESS")
    found = logs.describe_log_groups(logGroupNamePrefix="class-")["logGroups"]
    assert [one["logGroupClass"] for one in found] == ["STANDARD", "INFREQUENT_ACCESS"]


def test_events_are_filtered_by_prefix_and_told_in_their_order(customer: Customer) -> None:
    logs, group, now = customer.client("logs"), "filtered", 1000 * int(time.time())
    logs.create_log_group(logGroupName=group)
    for stream, at in (("worker_b", now), ("worker_a", now - 1), ("other", now)):
        logs.create_log_stream(logGroupName=group, logStreamName=stream)
        event = {"timestamp": at, "message": stream}
        logs.put_log_events(logGroupName=group, logStreamName=stream, logEvents=[event])

    def found(**wish: str) -> list[str]:
        return [e["message"] for e in logs.filter_log_events(logGroupName=group, **wish)["events"]]

    assert found(logStreamNamePrefix="worker_") == ["worker_a", "worker_b"]
    assert found(logStreamNamePrefix="none") == []
    assert len(found()) == 3


def test_mwaas_own_role_is_made_once_by_its_name(iam: Any) -> None:
    make = {"AWSServiceName": "airflow.amazonaws.com"}
    role = iam.create_service_linked_role(**make)["Role"]
    assert role["Arn"].endswith(
        ":role/aws-service-role/airflow.amazonaws.com/AWSServiceRoleForAmazonMWAA"
    )
    with pytest.raises(iam.exceptions.InvalidInputException, match="MWAA has been taken"):
        iam.create_service_linked_role(**make)


def test_a_log_groups_class_is_one_of_those_there_are_and_is_looked_for(customer: Customer) -> None:
    logs = customer.client("logs")
    logs.create_log_group(logGroupName="a")
    logs.create_log_group(logGroupName="b", logGroupClass="INFREQUENT_ACCESS")
    for asked, names in (("STANDARD", ["a"]), ("INFREQUENT_ACCESS", ["b"]), ("DELIVERY", [])):
        found = logs.describe_log_groups(logGroupClass=asked)["logGroups"]
        assert [one["logGroupName"] for one in found] == names
    make = partial(logs.create_log_group, logGroupName="c", logGroupClass="COLD")
    assert code(make) == "InvalidParameterException"
    assert len(logs.describe_log_groups()["logGroups"]) == 2
