"""What a scene is, and the things that many scenes stand on."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.rehearsal.plugins.aws.engine import Made

Need = Callable[[str, dict[str, Any]], Made]


Inputs = dict[str, Any]


Build = Callable[[Need, str], tuple[Inputs, Inputs]]


ZONES = ("us-east-1a", "us-east-1b")


TAGS = {"owner": "data", "stage": "test"}


TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": ["airflow-env.amazonaws.com", "airflow.amazonaws.com"]},
                "Action": "sts:AssumeRole",
            }
        ],
    }
)


@dataclass(frozen=True)
class Scene:
    """`build` creates what the type stands on and gives (inputs, the changed properties).

    `replaces`: the change needs a new resource. `rewritten`: properties AWS spells its own way.
    `not_returned`: properties the emulator does not return, so that an import does not know them.
    `lasting`: what it sets cannot be without a value, so a delete restores the default one.
    """

    type: str
    build: Build
    replaces: bool = False
    not_returned: frozenset[str] = frozenset()
    lasting: bool = False
    import_id: Callable[[Made], str] = lambda made: made.id


def document(action: str, resource: str = "*") -> str:
    statement = {"Effect": "Allow", "Action": [action], "Resource": [resource]}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def key_policy(*services: str) -> str:
    """The account may do everything with the key, the services may use it."""
    whos: list[dict[str, str]] = [{"AWS": "arn:aws:iam::123456789012:root"}]
    whos += [{"Service": service} for service in services]
    statements = [
        {"Effect": "Allow", "Principal": who, "Action": "kms:*", "Resource": "*"} for who in whos
    ]
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def some_vpc(need: Need) -> Made:
    return need("aws:ec2/vpc:Vpc", {"cidrBlock": "10.30.0.0/16", "enableDnsHostnames": True})


def some_subnet(need: Need, vpc: Made, index: int = 0) -> Made:
    block = {"cidrBlock": f"10.30.{index}.0/24", "availabilityZone": ZONES[index % 2]}
    return need("aws:ec2/subnet:Subnet", {"vpcId": vpc.id, **block})


def some_table(need: Need) -> tuple[Made, Made]:
    vpc = some_vpc(need)
    return vpc, need("aws:ec2/routeTable:RouteTable", {"vpcId": vpc.id})


def some_group(need: Need, vpc: Made, name: str) -> Made:
    return need("aws:ec2/securityGroup:SecurityGroup", {"vpcId": vpc.id, "name": name})


def some_bucket(need: Need, name: str) -> Made:
    made = need("aws:s3/bucket:Bucket", {"bucket": f"bucket-{name}", "forceDestroy": True})
    status = {"status": "Enabled"}
    need(
        "aws:s3/bucketVersioning:BucketVersioning",
        {"bucket": made.id, "versioningConfiguration": status},
    )
    return made


def some_role(need: Need, name: str) -> Made:
    return need("aws:iam/role:Role", {"name": f"role-{name}", "assumeRolePolicy": TRUST})


def some_topic(need: Need, name: str) -> Made:
    return need("aws:sns/topic:Topic", {"name": f"topic-{name}"})
