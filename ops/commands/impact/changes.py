"""Reads ``pulumi preview --json`` and says what each step means.

The form is the engine's own, seen with 3.259 and 3.274: ``steps`` with ``op``, ``urn``,
``oldState``, ``newState``, ``replaceReasons`` and ``detailedDiff``. A replacement is three steps,
of which ``replace`` is the one that counts.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from mwaa.service.artifacts import EMPTY
from mwaa.settings.replacement import REPLACING
from ops.commands.impact import effects
from ops.commands.impact.effects import Effect
from ops.errors import RefusedError

IGNORED = {"same", "read", "refresh", "create-replacement", "delete-replaced", "discard-replaced"}


@dataclass(frozen=True)
class Impact:
    """One change: the resource, the engine's ``operation``, its effect and the words for it.

    ``inputs`` are the names that change, never their values; ``minutes`` is the documented span;
    ``workers`` says how an update replaces workers, ``GRACEFUL`` or ``FORCED``, if it does.
    """

    urn: str
    operation: str
    effect: Effect
    message: str
    inputs: tuple[str, ...] = ()
    minutes: tuple[int, int] | None = None
    workers: str = ""

    @property
    def resource(self) -> str:
        """Type and name as a person says them."""
        return f"{self.urn.split('::')[2].rpartition('$')[2]} {self.urn.rpartition('::')[2]}"

    def document(self) -> dict[str, Any]:
        """The same as a JSON object."""
        return {
            "urn": self.urn,
            "operation": self.operation,
            "effect": self.effect.name.lower(),
            "message": self.message,
            "inputs": list(self.inputs),
            "minutes": list(self.minutes) if self.minutes else None,
            "workers": self.workers or None,
        }


def parse(text: str) -> list[Mapping[str, Any]]:
    """The steps of a preview. Raises ``RefusedError`` for anything else."""
    try:
        # The engine may print lines before the document, and a failed preview ends after it.
        document: Any = json.loads(text[text.index("{") :])
        steps: list[Mapping[str, Any]] = document.get("steps") or []
        # A preview without changes may omit its steps, not its summary; a failed one has neither.
        if not document.keys() & {"steps", "changeSummary", "diagnostics"}:
            raise ValueError("another document")
    except (ValueError, AttributeError):
        raise RefusedError(
            "this is not the output of `pulumi preview --json`; make it with "
            "`pulumi preview --json > plan.json`"
        ) from None
    errors = [
        str(one.get("message", "")).strip().removeprefix("error: ")
        for one in document.get("diagnostics") or []
        if one.get("severity") == "error"
    ]
    # A failed preview holds the steps before the failure, so it says nothing of the rest. Only a
    # violated policy ends a preview that is whole; its one error is this.
    if causes := [error for error in errors if error != "preview failed"]:
        raise RefusedError(
            "the preview failed, so what the change would do is not known:\n" + "\n".join(causes)
        )
    return steps


def impacts(steps: Iterable[Mapping[str, Any]]) -> list[Impact]:
    """What the steps mean, the worst first."""
    found = [
        _impact(step)
        for step in steps
        if step.get("op") not in IGNORED and "::pulumi:" not in str(step.get("urn"))
    ]
    return sorted((one for one in found if one), key=lambda one: (-one.effect, one.urn))


def environment_name(steps: Iterable[Mapping[str, Any]]) -> str:
    """The name of the environment that exists before the change, or ``""``."""
    for step in steps:
        if _type(str(step.get("urn", ""))) == effects.ENVIRONMENT and step.get("oldState"):
            state = step["oldState"]
            inputs = {**state.get("inputs", {}), **state.get("outputs", {})}
            return str(inputs.get("name", ""))
    return ""


def _type(urn: str) -> str:
    parts = urn.split("::")
    return parts[2].rpartition("$")[2] if len(parts) > 2 else ""


def _changed(step: Mapping[str, Any]) -> tuple[str, ...]:
    names = step.get("detailedDiff") or {}
    if not names:
        names = {**dict.fromkeys(step.get("diffReasons") or [])}
    return tuple(sorted({name.split(".")[0].split("[")[0] for name in names}))


def _impact(step: Mapping[str, Any]) -> Impact | None:
    urn, operation = str(step.get("urn", "")), str(step.get("op", ""))
    if _type(urn) == effects.ENVIRONMENT:
        return _environment(step, urn, operation)
    gone = _no_longer_named(step)
    if gone:
        return Impact(urn, operation, Effect.NOTHING, gone, _changed(step))
    consequence = effects.RESOURCES.get(_type(urn))
    if operation in {"create", "import"} or (consequence is None and operation == "update"):
        effect = Effect.CREATE if operation == "create" else Effect.NOTHING
        return Impact(urn, operation, effect, "", _changed(step))
    if operation == "update" and consequence:
        effect, message = consequence.changed
        return Impact(urn, operation, effect, message, _changed(step))
    if consequence is None:
        return Impact(urn, operation, Effect.NOTHING, "")
    effect, message = consequence.gone
    retained = ((step.get("oldState") or {}).get("retainOnDelete")) is True
    if retained and operation != "replace":
        return Impact(urn, operation, Effect.NOTHING, "it leaves the stack and stays in AWS")
    return Impact(urn, operation, effect, message, tuple(step.get("replaceReasons") or ()))


def _no_longer_named(step: Mapping[str, Any]) -> str:
    """What the upload of an empty stand-in means; ``""`` for everything else."""
    inputs = (step.get("newState") or {}).get("inputs") or {}
    for kind, content in EMPTY.items():
        if inputs.get("sourceHash") == hashlib.sha256(content).hexdigest():
            return (
                f"{kind}File is no longer set, and MWAA takes no file away again: an empty "
                f"{inputs.get('key')} stands in, so the environment loses what the old one brought"
            )
    return ""


def _environment(step: Mapping[str, Any], urn: str, operation: str) -> Impact | None:
    if operation in {"create", "import"}:
        minutes = effects.CREATE_MINUTES if operation == "create" else None
        return Impact(urn, operation, Effect.CREATE, "a new environment", (), minutes)
    if operation == "delete":
        return Impact(urn, operation, Effect.LOSS, f"deleted: {_LOST}")
    if operation == "replace":
        reasons = tuple(sorted({one.split(".")[0] for one in step.get("replaceReasons") or ()}))
        settings = "; ".join(REPLACING.get(one, one) for one in reasons)
        return Impact(
            urn,
            operation,
            Effect.LOSS,
            f"REPLACED, so {_LOST}. Caused by: {settings or 'unknown'}. Take the change back, or "
            "export what must survive first",
            reasons,
            effects.CREATE_MINUTES,
        )
    return _update(step, urn, operation)


def _version_change(step: Mapping[str, Any]) -> str:
    old, new = (
        (step.get(state) or {}).get("inputs", {}).get("airflowVersion", "another version")
        for state in ("oldState", "newState")
    )
    return (
        f"Airflow changes from {old} to {new}: all running tasks are ended, whatever the worker "
        "replacement strategy, and the environment cannot be used for up to two hours. A large "
        "metadata database takes longer and may be rolled back: clean it first (`airflow db "
        "clean` on Airflow 2), and look at the pools afterwards"
    )


_LOST = "the metadata database is lost (run history, connections, variables, users)"


def _update(step: Mapping[str, Any], urn: str, operation: str) -> Impact | None:
    changed = _changed(step)
    meaningful = [name for name in changed if name not in effects.WITHOUT_UPDATE]
    if not meaningful:
        return Impact(urn, operation, Effect.NOTHING, "tags only, no update", changed)
    if set(meaningful) <= effects.IN_PLACE:
        message = f"in place: {', '.join(meaningful)}; running tasks go on"
        return Impact(urn, operation, Effect.IN_PLACE, message, changed, effects.UPDATE_MINUTES)
    if "airflowVersion" in meaningful:
        return Impact(
            urn,
            operation,
            Effect.INTERRUPTION,
            _version_change(step),
            changed,
            effects.VERSION_MINUTES,
            "FORCED",
        )
    strategy = str((step.get("newState") or {}).get("inputs", {}).get("workerReplacementStrategy"))
    is_sent = "workerReplacementStrategy" in changed
    causes = [name for name in meaningful if name != "workerReplacementStrategy"]
    message = f"every container is replaced because of {', '.join(causes)}; "
    if strategy == "GRACEFUL" and is_sent:
        message += (
            f"GRACEFUL: running tasks may go on for up to {effects.GRACEFUL_HOURS} h, and the "
            "update takes as long"
        )
        longest = effects.GRACEFUL_HOURS * 60 + effects.UPDATE_MINUTES[1]
        minutes = (effects.UPDATE_MINUTES[0], longest)
        return Impact(urn, operation, Effect.RESTART, message, changed, minutes, "GRACEFUL")
    message += "FORCED: running tasks are killed"
    if strategy == "GRACEFUL":
        message += (
            ". GRACEFUL is set and does not reach AWS: the last update carried it already, and the "
            f"published provider sends it only when it changes ({effects.STRATEGY_SOURCE}). "
            "`mwaa pause --wait 60` first and `mwaa resume` afterwards, or update at a quiet hour"
        )
    else:
        message += " (workerReplacementStrategy: GRACEFUL spares them)"
    minutes = effects.UPDATE_MINUTES
    return Impact(urn, operation, Effect.RESTART, message, changed, minutes, "FORCED")
