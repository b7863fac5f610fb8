"""Reads what a program looked up: facts that a component repeats, as resources of the plan."""

from collections.abc import Iterable, Iterator

from mwaa.model import existing
from mwaa.model.unknown import known
from policy.plan.resources import Resource


def looked_up(resources: Iterable[Resource]) -> Iterator[Resource]:
    """What components say they found; a resource that the stack makes is not among it."""
    for holder in resources:
        facts = holder.get(existing.PROPERTY)
        if not holder.type.startswith("mwaa:components:") or facts is None or not known(facts):
            continue
        for number, fact in enumerate(facts):
            yield Resource(
                type=fact["type"],
                name=str(fact.get("id", number)),
                urn=f"{holder.urn}#{number}",
                props={key: value for key, value in fact.items() if key != "type"},
                looked_up_by=holder.urn,
            )
