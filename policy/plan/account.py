"""Reads the account of a plan."""

from mwaa.model.platform import UNKNOWN, Account, Maybe
from policy.plan.resources import Plan, Resource


def account(plan: Plan, item: Resource, now: Maybe[float]) -> Account:
    """What ARNs and the provider's settings say about the account, before any call is made."""
    region = item.text("region") or item.provider.get("region")
    fields: list[str] = []
    for holder in (item, *plan.resources):
        for key in ("executionRoleArn", "arn", "sourceBucketArn"):
            value = holder.props.get(key)
            if isinstance(value, str) and value.startswith("arn:") and not fields:
                candidate = value.split(":")
                fields = candidate if len(candidate) > 5 and candidate[4].isdigit() else []
    return Account(
        id=fields[4] if fields else UNKNOWN,
        partition=fields[1] if fields else UNKNOWN,
        region=region if isinstance(region, str) else UNKNOWN,
        now=now,
    )
