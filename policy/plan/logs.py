"""Reads the log groups of a plan."""

from collections.abc import Iterator

from mwaa.model.platform import LogGroup, known, or_unknown
from policy.plan import keys
from policy.plan.resources import Plan

LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"


def log_groups(plan: Plan, prefix: str) -> Iterator[LogGroup]:
    """The groups whose names begin with ``prefix``, and those whose names are not known yet."""
    for item in plan.of(LOG_GROUP):
        name, arn = item.text("name"), item.text("arn")
        if isinstance(name, str) and not name.startswith(prefix):
            continue
        days = item.number("retentionInDays")
        yield LogGroup(
            id=item.identity,
            name=or_unknown(name),
            arn=or_unknown(arn),
            retention_days=days if not known(days) or days else None,
            key=keys.key_reference(plan, item, "kmsKeyId", item.get("kmsKeyId")),
            protected=item.protect,
            retained=item.flag("skipDestroy"),
        )
