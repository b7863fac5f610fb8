"""Reads the account of a plan."""

from mwaa.model.platform import UNKNOWN, Account, Maybe
from policy.plan.resources import Plan, Resource


def account(plan: Plan, item: Resource, now: Maybe[float]) -> Account:
    """What ARNs and the provider's settings say about the account, before any call is made."""
    region = item.text("region") or item.provider.get("region")
    # What the account holds tells whose it is; what the environment only names may be another's.
    holders = (item, *(r for r in plan.resources if not r.looked_up_by))
    named = [holder.props.get("arn") for holder in holders]
    named += [holder.props.get("executionRoleArn") for holder in holders]
    fields = next((found for value in named if (found := _fields(value))), None)
    # Who looked something up says where.
    stated = next((r.text("account") for r in plan.resources if r.looked_up_by), None)
    return Account(
        id=stated if isinstance(stated, str) else fields[4] if fields else UNKNOWN,
        partition=fields[1] if fields else UNKNOWN,
        region=region if isinstance(region, str) else UNKNOWN,
        now=now,
    )


def _fields(arn: object) -> list[str] | None:
    """The parts of an ARN that names an account; AWS's own policies and buckets name none."""
    parts = arn.split(":") if isinstance(arn, str) and arn.startswith("arn:") else []
    return parts if len(parts) > 5 and parts[4].isdigit() else None
