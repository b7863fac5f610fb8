"""The doctor says the same in the same order, however AWS orders its answers."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ops.live import platform as live
from ops.live.reader import Answer, AwsReader
from policy.formats import as_sarif, text
from policy.rules.catalog import judge
from tests.ops.emulated import Emulated, emulated

# What AWS itself answers in an order that means something.
ORDERED = {"Statement", "events", "Values", "DomainNameServers"}


def shuffled(value: Any, order: random.Random, name: str = "") -> Any:
    """``value`` with every list in it in another order."""
    if isinstance(value, Mapping):
        return {key: shuffled(one, order, key) for key, one in value.items()}
    if not isinstance(value, list):
        return value
    parts = [shuffled(one, order) for one in value]
    if name not in ORDERED:
        order.shuffle(parts)
    return parts


@dataclass
class ShufflingReader(AwsReader):
    """A reader whose answers come in an order of their own."""

    order: random.Random = field(default_factory=random.Random)

    def ask(
        self, service: str, operation: str, all_pages: bool, request: Mapping[str, Any]
    ) -> Answer:
        answer = AwsReader.ask(self, service, operation, all_pages, request)
        found: Answer = shuffled(answer, self.order)
        return found


def said(there: Emulated, aws: AwsReader) -> tuple[str, str]:
    judged = judge(live.read(aws, there.described()))
    return text(judged, passes=True), as_sarif(judged)


def damage(there: Emulated) -> None:
    """Several resources of one kind break the same rules."""
    ec2, customer = there.customer.client("ec2"), there.customer
    endpoints = ec2.describe_vpc_endpoints()["VpcEndpoints"]
    ec2.delete_vpc_endpoints(VpcEndpointIds=[one["VpcEndpointId"] for one in endpoints[:3]])
    groups = there.described()["NetworkConfiguration"]["SecurityGroupIds"]
    for block in ("0.0.0.0/0", "198.51.100.0/24"):
        ec2.authorize_security_group_ingress(
            GroupId=groups[0],
            IpPermissions=[
                {
                    "IpProtocol": "tcp",
                    "FromPort": port,
                    "ToPort": port,
                    "IpRanges": [{"CidrIp": block}],
                }
                for port in (22, 443)
            ],
        )
    customer.client("s3").put_bucket_versioning(
        Bucket=customer.names.bucket, VersioningConfiguration={"Status": "Suspended"}
    )


def test_the_order_of_answers_changes_nothing() -> None:
    with emulated() as there:
        damage(there)
        expected = said(there, there.aws())
        assert expected[0].count("FAIL ") > 5
        for seed in range(3):
            aws = ShufflingReader(
                there.account(),
                _clients=there.made,
                order=random.Random(seed),  # noqa: S311 - an order, no secret
            )
            assert said(there, aws) == expected
