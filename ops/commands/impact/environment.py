"""What a change of the environment itself means, and which resources it stands on."""

from collections.abc import Iterable
from dataclasses import dataclass

from mwaa.settings.replacement import REPLACING
from ops.commands.impact import disruption
from ops.commands.impact.disruption import Disruption
from ops.commands.impact.preview import REPLACE, Step, top

_LOST = "the metadata database is lost (run history, connections, variables, users)"


@dataclass(frozen=True)
class Impact:
    """One change: the resource, the engine's ``operation``, its disruption and the words for it.

    ``inputs`` are the names that change, never their values; ``minutes`` is the documented span;
    ``workers`` says how an update replaces workers, ``GRACEFUL`` or ``FORCED``, if it does.
    """

    urn: str
    operation: str
    disruption: Disruption
    message: str = ""
    inputs: tuple[str, ...] = ()
    minutes: tuple[int, int] | None = None
    workers: str = ""
    possible: Disruption | None = None
    """The disruption where it comes, of what is not known before the update."""

    @property
    def resource(self) -> str:
        """Type and name as a person says them."""
        return f"{self.urn.split('::')[2].rpartition('$')[2]} {self.urn.rpartition('::')[2]}"

    @property
    def worst(self) -> Disruption:
        """What it may come to."""
        return self.possible or self.disruption

    def document(self) -> dict[str, object]:
        """The same as a JSON object."""
        return {
            "urn": self.urn,
            "operation": self.operation,
            "effect": self.disruption.name.lower(),
            "possible": self.possible.name.lower() if self.possible else None,
            "message": self.message,
            "inputs": list(self.inputs),
            "minutes": list(self.minutes) if self.minutes else None,
            "workers": self.workers or None,
        }


ROLE_PARTS = {
    "aws:iam/rolePolicy:RolePolicy",
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
}


@dataclass(frozen=True)
class Foundations:
    """The subnets and roles, by id and ARN, of the environments that exist before the change."""

    name: str
    account: str
    region: str
    subnets: frozenset[str]
    roles: frozenset[str]

    @classmethod
    def of(cls, steps: Iterable[Step]) -> "Foundations | None":
        """None where no environment is in the preview: then any resource may be its own."""
        found = [step.before for step in steps if step.type == disruption.ENVIRONMENT and step.old]
        if not found:
            return None
        arn = str(found[0].get("arn") or "").split(":")
        return cls(
            name=str(found[0].get("name", "")),
            account=arn[4] if len(arn) > 4 else "",
            region=arn[3] if len(arn) > 3 else str(found[0].get("region") or ""),
            subnets=frozenset(
                str(subnet)
                for one in found
                for subnet in (one.get("networkConfiguration") or {}).get("subnetIds") or ()
            ),
            roles=frozenset(str(one.get("executionRoleArn")) for one in found),
        )

    def include(self, step: Step) -> bool:
        """Whether an environment stands on the resource; also where that cannot be told."""
        before = step.before
        if step.type == "aws:ec2/subnet:Subnet":
            return step.old.get("id") in self.subnets
        if step.type == "aws:iam/role:Role":
            return before.get("arn") in self.roles
        if step.type in ROLE_PARTS:
            return any(arn.endswith(f"/{before.get('role')}") for arn in self.roles)
        return True


def assess(step: Step) -> Impact:
    """What one step of an environment means."""
    if step.operation in {"create", "import"}:
        minutes = disruption.CREATE_MINUTES if step.operation == "create" else None
        return _impact(step, Disruption.CREATE, "a new environment", minutes=minutes)
    if step.operation == "delete":
        return _impact(step, Disruption.LOSS, f"deleted: {_LOST}")
    if step.operation == REPLACE:
        return _replaced(step)
    return _updated(step)


def _impact(
    step: Step,
    kind: Disruption,
    message: str,
    *,
    minutes: tuple[int, int] | None = None,
    workers: str = "",
) -> Impact:
    inputs = tuple(sorted({top(one) for one in step.reasons})) or step.changed
    return Impact(step.urn, step.operation, kind, message, inputs, minutes, workers)


def _replaced(step: Step) -> Impact:
    reasons = sorted({top(one) for one in step.reasons})
    settings = "; ".join(REPLACING.get(one, one) for one in reasons)
    settings = settings or "the replacement of a resource that it depends on"
    return _impact(
        step,
        Disruption.LOSS,
        f"REPLACED, so {_LOST}. Caused by: {settings}. Take the change back, or export what must "
        "survive first",
        minutes=disruption.CREATE_MINUTES,
    )


def _version_change(step: Step) -> str:
    old, new = (
        (state.get("inputs") or {}).get("airflowVersion", "another version")
        for state in (step.old, step.new)
    )
    return (
        f"Airflow changes from {old} to {new}: all running tasks are ended, whatever the worker "
        "replacement strategy, and the environment cannot be used for up to two hours. Before: "
        "clean the metadata database (`airflow db clean` on Airflow 2), because migrating a large "
        "one may take too long. A migration that fails is rolled back: the environment then has "
        f"{old} again. Afterwards: check the slots of default_pool, which an upgrade may set back "
        f"to 128 ({disruption.POOL_SOURCE})"
    )


def _updated(step: Step) -> Impact:
    meaningful = [name for name in step.changed if name not in disruption.WITHOUT_UPDATE]
    if not meaningful:
        return _impact(step, Disruption.NOTHING, "no input of the service changes, no update")
    if set(meaningful) <= disruption.IN_PLACE:
        message = f"in place: {', '.join(meaningful)}; running tasks go on"
        return _impact(step, Disruption.IN_PLACE, message, minutes=disruption.UPDATE_MINUTES)
    if "airflowVersion" in meaningful:
        return _impact(
            step,
            Disruption.INTERRUPTION,
            _version_change(step),
            minutes=disruption.VERSION_MINUTES,
            workers="FORCED",
        )
    strategy = str(step.inputs.get("workerReplacementStrategy"))
    is_sent = "workerReplacementStrategy" in step.changed
    causes = [name for name in meaningful if name != "workerReplacementStrategy"]
    message = f"every container is replaced because of {', '.join(causes)}; "
    low, high = disruption.UPDATE_MINUTES
    if strategy == "GRACEFUL" and is_sent:
        hours = disruption.GRACEFUL_HOURS
        message += (
            f"GRACEFUL: running tasks may go on for up to {hours} h, and the update takes as long"
        )
        return _impact(
            step,
            Disruption.RESTART,
            message,
            minutes=(low, hours * 60 + high),
            workers="GRACEFUL",
        )
    message += "FORCED: running tasks are killed"
    if strategy == "GRACEFUL":
        message += (
            ". GRACEFUL is set and does not reach AWS: the last update carried it already, and the "
            "published provider sends it only when it changes "
            f"({disruption.STRATEGY_SOURCE}). `mwaa pause --wait 60` first and `mwaa resume` "
            "afterwards, or update at a quiet hour"
        )
    else:
        message += " (workerReplacementStrategy: GRACEFUL spares them)"
    return _impact(step, Disruption.RESTART, message, minutes=(low, high), workers="FORCED")
