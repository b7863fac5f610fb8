"""Which of the account's policies give rights: not those that only bound."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from ops.aws import AwsSession
from ops.live.identity import access_policies
from ops.live.reader import AwsReader
from tests.fixtures.changes import items

ARN = "arn:aws:iam::123456789012:policy/limit"
WIDE = json.dumps({"Statement": [{"Effect": "Allow", "Action": "airflow:*", "Resource": "*"}]})


@pytest.mark.parametrize(
    ("attached", "bounds", "found"), [(0, 1, []), (1, 1, [ARN]), (0, 0, [ARN]), (1, 0, [ARN])]
)
def test_a_policy_that_only_bounds_gives_nobody_a_right(
    attached: int, bounds: int, found: list[str]
) -> None:
    client: Any = boto3.client(
        "iam", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x"
    )
    policy = {
        "Arn": ARN,
        "AttachmentCount": attached,
        "PermissionsBoundaryUsageCount": bounds,
        "PolicyVersionList": [{"Document": WIDE, "VersionId": "v1", "IsDefaultVersion": True}],
    }
    with Stubber(client) as stubber:
        stubber.add_response("get_account_authorization_details", {"Policies": [policy]})
        aws = AwsReader(AwsSession(region="us-east-1"), _clients={"iam": client})
        assert [one.arn for one in items(access_policies(aws, "prod", None))] == found
