"""What each step of a preview means to Airflow, the worst first."""

import hashlib
from collections.abc import Iterable

from mwaa.service.artifacts import EMPTY
from ops.commands.impact import disruption, environment
from ops.commands.impact.disruption import Disruption
from ops.commands.impact.environment import Foundations, Impact
from ops.commands.impact.preview import PARTS, REPLACE, UNCOUNTED, Step
from ops.commands.impact.resources import KEPT, UNTIL, disruption_of

TAGS = {"tags", "tagsAll"}
RULES = {
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
}
ANY_PROTOCOL = "-1"
ANYWHERE = "0.0.0.0/0"


def assess(steps: Iterable[Step]) -> list[Impact]:
    """One impact for each resource that the engine counts as changed."""
    steps = tuple(steps)
    foundations = Foundations.of(steps)
    wide = {_opened(step) for step in steps} - {None}
    found = [
        _impact(step, foundations, covered=step.operation == "delete" and _scope(step) in wide)
        for step in steps
        if step.operation not in UNCOUNTED | PARTS
    ]
    return sorted(found, key=lambda one: (-one.disruption, one.urn))


def _scope(step: Step) -> tuple[str, str] | None:
    """The type of a rule and the group that has it; None for anything but a rule."""
    group = step.before.get("securityGroupId") or step.inputs.get("securityGroupId")
    return (step.type, str(group)) if step.type in RULES and group else None


def _opened(step: Step) -> tuple[str, str] | None:
    """The scope in which the rule of this step, new or kept, allows all."""
    wanted = step.inputs
    is_wide = wanted.get("ipProtocol") == ANY_PROTOCOL and wanted.get("cidrIpv4") == ANYWHERE
    return _scope(step) if is_wide and step.operation != "delete" else None


def _impact(step: Step, foundations: Foundations | None, *, covered: bool) -> Impact:
    if covered:
        return Impact(
            step.urn, step.operation, Disruption.NOTHING, "another rule allows what it allowed"
        )
    if step.operation == "update" and step.paths and set(step.changed) <= TAGS:
        names = {path.partition(".")[2] for path in step.paths} - {""}
        return Impact(
            step.urn, step.operation, Disruption.NOTHING, _tags(sorted(names)), step.changed
        )
    found = (
        environment.assess(step)
        if step.type == disruption.ENVIRONMENT
        else _other(step, foundations)
    )
    if step.is_certain or found.disruption < Disruption.INTERRUPTION:
        return found
    causes = f"{', '.join(step.reasons)} of it" if step.reasons else "what it depends on"
    return Impact(
        step.urn,
        step.operation,
        Disruption.UNKNOWN,
        f"the engine announces a replacement, because {causes} is not known yet. Where the value "
        f"turns out to be another than now, {found.message}",
        found.inputs,
        found.minutes,
        possible=found.disruption,
    )


def _tags(names: list[str]) -> str:
    return f"only tags change ({', '.join(names)})" if names else "only tags change"


def _other(step: Step, foundations: Foundations | None) -> Impact:
    """What a step of anything but an environment means."""

    def impact(words: tuple[Disruption, str]) -> Impact:
        return Impact(step.urn, step.operation, *words, step.reasons or step.changed)

    if empty := _no_longer_named(step):
        return impact((Disruption.NOTHING, empty))
    known = disruption_of(step.type)
    if step.operation in {"create", "import"}:
        kind = Disruption.CREATE if step.operation == "create" else Disruption.NOTHING
        return impact((kind, ""))
    if known is None:
        return impact((Disruption.NOTHING, ""))
    if known.beside and foundations and not foundations.include(step):
        return impact(known.beside)
    if step.operation == "update":
        return impact(known.updated)
    if step.old.get("retainOnDelete") is True and step.operation != REPLACE:
        return impact(KEPT)
    kind, words = known.replaced
    if step.operation != REPLACE:
        words = words.removesuffix(UNTIL)
    return impact((kind, words))


def _no_longer_named(step: Step) -> str:
    """What the upload of an empty stand-in means; ``""`` for everything else."""
    for kind, content in EMPTY.items():
        if step.inputs.get("sourceHash") == hashlib.sha256(content).hexdigest():
            return (
                f"{kind}File is no longer set, and MWAA takes no file away again: an empty "
                f"{step.inputs.get('key')} stands in, so the environment loses what the old one "
                "brought"
            )
    return ""
