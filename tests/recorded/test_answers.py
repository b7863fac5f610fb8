"""Answers that AWS was recorded to give, as cases of this project.

From recordings of github.com/cloud-custodian/cloud-custodian, tests/data/placebo (read 2026-11);
``tests/witnesses`` reads all of them where they lie.
"""

from __future__ import annotations

from typing import Any

import pytest

from mwaa.model.unknown import UNKNOWN
from ops.live.access import endpoint, security_group
from ops.live.environment import environment
from ops.live.storage import region_of


@pytest.mark.parametrize(
    ("location", "region"),
    [(None, "us-east-1"), ("EU", "eu-west-1"), ("us-west-2", "us-west-2"), (UNKNOWN, UNKNOWN)],
)
def test_the_places_of_old_buckets_are_regions(location: Any, region: Any) -> None:
    assert region_of(location) == region


def test_a_default_group_admits_itself_and_an_address_that_somebody_added() -> None:
    found = security_group(
        {
            "GroupId": "sg-6c7fa917",
            "GroupName": "default",
            "VpcId": "vpc-d2d616b5",
            "IpPermissions": [
                {
                    "IpProtocol": "-1",
                    "IpRanges": [{"CidrIp": "108.56.181.242/32"}],
                    "UserIdGroupPairs": [{"UserId": "644160558196", "GroupId": "sg-6c7fa917"}],
                    "Ipv6Ranges": [],
                    "PrefixListIds": [],
                }
            ],
            "IpPermissionsEgress": [],
        }
    )
    peers = {(rule.cidr, rule.group) for rule in found.ingress if rule.protocol == "-1"}  # type: ignore[union-attr]
    assert peers == {("108.56.181.242/32", None), (None, "sg-6c7fa917")}


def test_an_endpoint_of_2018_has_no_tags_and_no_owner() -> None:
    found = endpoint(
        {
            "VpcEndpointId": "vpce-04d9e6bcab6d21762",
            "VpcEndpointType": "Gateway",
            "VpcId": "vpc-d2d616b5",
            "ServiceName": "com.amazonaws.us-east-1.s3",
            "State": "available",
            "RouteTableIds": [],
            "SubnetIds": [],
            "Groups": [],
            "PrivateDnsEnabled": False,
            "NetworkInterfaceIds": [],
            "DnsEntries": [],
        }
    )
    assert (found.tags, found.policy, found.state) == ({}, None, "available")


def test_a_public_environment_of_2021_has_no_key_and_no_web_server_count() -> None:
    found = environment(
        {
            "Name": "testEnvironment",
            "Arn": "arn:aws:airflow:us-east-1:644160558196:environment/testEnvironment",
            "AirflowVersion": "2.0.2",
            "AirflowConfigurationOptions": {},
            "Status": "AVAILABLE",
            "WebserverAccessMode": "PUBLIC_ONLY",
            "Tags": {},
        }
    )
    assert (found.kms_key, found.min_webservers, found.last_update) == (None, None, None)
    assert (found.options, found.tags) == ({}, {})
