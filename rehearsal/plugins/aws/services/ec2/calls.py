"""What every EC2 table needs: describing one thing, and its tags."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rehearsal.plugins.aws.context import Context, GoneError
from rehearsal.plugins.aws.resource import State
from rehearsal.plugins.aws.tags import tag_list

_TAGS_PER_CALL = 50


def client(context: Context) -> Any:
    """The EC2 client in the resource's region."""
    return context.client("ec2")


def describe(context: Context, plural: str, **arguments: Any) -> dict[str, Any]:
    """The only answer of `Describe<plural>`. Raises GoneError when there is none."""
    operation = "describe_" + _snake(plural)
    found = getattr(client(context), operation)(**arguments).get(plural, [])
    if not found:
        raise GoneError(f"{operation} found nothing for {arguments}.")
    result: dict[str, Any] = found[0]
    return result


def filters(**wanted: str) -> list[dict[str, Any]]:
    """EC2's filters; underscores in names are hyphens."""
    return [{"Name": k.replace("_", "-"), "Values": [v]} for k, v in wanted.items()]


def tagged(kind: str, inputs: State) -> list[dict[str, Any]]:
    """The `TagSpecifications` of a create call; nothing when there are no tags."""
    tags = inputs.get("tagsAll")
    return [{"ResourceType": kind, "Tags": tag_list(tags)}] if tags else []


def retag(
    context: Context, resource_id: str, _state: State, tags: Mapping[str, str], gone: list[str]
) -> None:
    """Set and remove tags of anything EC2 tags by its id."""
    if gone:
        client(context).delete_tags(Resources=[resource_id], Tags=[{"Key": key} for key in gone])
    if tags:
        client(context).create_tags(Resources=[resource_id], Tags=tag_list(tags)[:_TAGS_PER_CALL])


def _snake(plural: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in plural).lstrip("_")
