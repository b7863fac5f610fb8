"""Where the calls of the request log went: account, region, and what the state knows of EC2."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Asked = tuple[str, str, Mapping[str, str]]
"""Action, ARN, condition keys beside those of every call."""


@dataclass(frozen=True)
class Place:
    """Where the calls went. ``tags`` are those of each EC2 resource, by id; ``links`` are the
    subnet and the table of each association."""

    account: str
    region: str
    tags: Mapping[str, Mapping[str, str]]
    links: Mapping[str, tuple[str, ...]]

    def arn(self, service: str, resource: str) -> str:
        """An ARN of this account and region."""
        return f"arn:aws:{service}:{self.region}:{self.account}:{resource}"

    def iam(self, resource: str) -> str:
        """An ARN of IAM, which has no regions."""
        return f"arn:aws:iam::{self.account}:{resource}"


def place_of(resources: list[dict[str, Any]], account: str, region: str) -> Place:
    """What the state knows of the EC2 resources that the calls name."""
    tags: dict[str, Mapping[str, str]] = {}
    links: dict[str, tuple[str, ...]] = {}
    for one in resources:
        if not one["type"].startswith("aws:ec2/"):
            continue
        outputs = one.get("outputs", {})
        tags[one["id"]] = outputs.get("tagsAll") or outputs.get("tags") or {}
        if one["type"].endswith(":RouteTableAssociation"):
            links[one["id"]] = tuple(
                outputs[each] for each in ("subnetId", "routeTableId") if outputs.get(each)
            )
    return Place(account, region, tags, links)
