"""Reads ``pulumi preview --json``: its steps, and which of them are certain.

The form is the engine's own, seen with 3.259 and 3.274: ``steps`` with ``op``, ``urn``,
``oldState``, ``newState``, ``replaceReasons`` and ``detailedDiff``, then ``changeSummary`` and the
stack's ``config``. A replacement is three steps, of which ``replace`` is the one that counts.

A value that the update itself makes is not known at preview. The engine takes it for a change, so
an input that may not change announces a replacement that may never come. A replacement is certain
where an input that is known, or comes from a resource that is certainly replaced, asks for it.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ops.errors import RefusedError
from policy.plan.signatures import UNKNOWNS

# Parts of a replacement, and what changes nothing.
UNCOUNTED = {"same", "read", "refresh"}
PARTS = {"create-replacement", "delete-replaced", "discard-replaced"}
REPLACE = "replace"
_VIOLATION = "preview failed"
_KEY = re.compile(r'[^.\[\]"]+')


@dataclass(frozen=True)
class Step:
    """One step, in the engine's words; ``is_certain`` is False where it may not come at all."""

    urn: str
    operation: str
    old: Mapping[str, Any] = field(default_factory=dict)
    new: Mapping[str, Any] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()
    """The inputs that ask for a replacement; none where it follows from that of another."""
    paths: tuple[str, ...] = ()
    """What differs, down to the entry of a mapping."""
    is_certain: bool = True

    @property
    def type(self) -> str:
        """The type token of the resource."""
        parts = self.urn.split("::")
        return parts[2].rpartition("$")[2] if len(parts) > 2 else ""

    @property
    def changed(self) -> tuple[str, ...]:
        """The inputs that differ, sorted."""
        return tuple(sorted({top(path) for path in self.paths}))

    @property
    def inputs(self) -> Mapping[str, Any]:
        """The inputs that are wanted."""
        found: Mapping[str, Any] = self.new.get("inputs") or {}
        return found

    @property
    def before(self) -> Mapping[str, Any]:
        """Inputs and outputs as the state has them; empty for what does not exist yet."""
        return {**(self.old.get("inputs") or {}), **(self.old.get("outputs") or {})}


@dataclass(frozen=True)
class Preview:
    """A whole preview. ``violates`` says that the engine ended it because of a policy."""

    steps: tuple[Step, ...]
    counts: Mapping[str, int]
    """How many resources each operation has, as the engine itself counts them."""
    config: Mapping[str, str] = field(default_factory=dict)
    violates: bool = False


def top(path: str) -> str:
    """The input that a path begins with."""
    return re.split(r"[.\[]", path, maxsplit=1)[0]


def parse(text: str) -> Preview:
    """Raises ``RefusedError`` with the cause for a preview that failed, and for anything else."""
    if not text.strip():
        raise RefusedError(
            "the preview is empty: `pulumi preview --json` printed nothing, so it failed, and "
            "what the change would do is not known. Run it again and read what it says on "
            "standard error"
        )
    try:
        # The engine may print lines before the document, and a failed preview ends after it.
        document: Any = json.loads(text[text.index("{") :])
        diagnostics = list(document.get("diagnostics") or [])
    except (ValueError, AttributeError):
        raise _no_preview() from None
    errors = [
        str(one.get("message", "")).strip().removeprefix("error: ")
        for one in diagnostics
        if one.get("severity") == "error"
    ]
    # A failed preview holds the steps before the failure, so it says nothing of the rest. Only a
    # violated policy ends a preview that is whole; its one error is this.
    if causes := [error for error in errors if error != _VIOLATION]:
        raise _failed("\n".join(causes))
    counts = document.get("changeSummary")
    if counts is None:
        if document.keys() & {"steps", "diagnostics", "config"}:
            # The engine counts when it is done, also where nothing changes.
            raise _failed("the engine stopped before its end and gave no reason (no changeSummary)")
        raise _no_preview()
    steps = tuple(_certain(_step(one) for one in document.get("steps") or []))
    return Preview(steps, counts, document.get("config") or {}, bool(errors))


def _no_preview() -> RefusedError:
    return RefusedError(
        "this is not the output of `pulumi preview --json`; make it with "
        "`pulumi preview --json > plan.json`"
    )


def _failed(cause: str) -> RefusedError:
    return RefusedError(f"the preview failed, so what the change would do is not known:\n{cause}")


def _step(raw: Mapping[str, Any]) -> Step:
    return Step(
        urn=str(raw.get("urn", "")),
        operation=str(raw.get("op", "")),
        old=raw.get("oldState") or {},
        new=raw.get("newState") or {},
        reasons=tuple(raw.get("replaceReasons") or ()),
        paths=tuple(raw.get("detailedDiff") or raw.get("diffReasons") or ()),
    )


def _certain(steps: Iterable[Step]) -> Iterator[Step]:
    """The steps in the engine's order, in which a resource follows what it depends on."""
    replaced: dict[str, bool] = {}
    for step in steps:
        if step.operation == REPLACE:
            replaced[step.urn] = is_certain = _is_certain(step, replaced)
            yield Step(**{**step.__dict__, "is_certain": is_certain})
        else:
            yield step


def _is_certain(step: Step, replaced: Mapping[str, bool]) -> bool:
    if step.reasons:
        return any(
            not unknown(_value(step.inputs, path)) or _follows(step, top(path), replaced)
            for path in step.reasons
        )
    # The engine replaces it because it first deletes what it depends on, or because it was asked.
    causes = _dependencies(step, None)
    relevant = replaced if causes is None else {u: replaced[u] for u in causes if u in replaced}
    if relevant and (causes is not None or unknown(step.inputs)):
        return any(relevant.values())
    return True


def _follows(step: Step, name: str, replaced: Mapping[str, bool]) -> bool:
    """Whether the input ``name`` comes from a resource that is certainly replaced."""
    causes = _dependencies(step, name)
    return any(
        is_certain for urn, is_certain in replaced.items() if causes is None or urn in causes
    )


def _dependencies(step: Step, name: str | None) -> frozenset[str] | None:
    """What the resource, or one of its inputs, depends on; None where the preview does not say."""
    by_input = step.new.get("propertyDependencies")
    if name is not None and by_input is not None:
        return frozenset(by_input.get(name) or ())
    found = step.new.get("dependencies")
    return None if found is None and by_input is None else frozenset(found or ())


def _value(inputs: Any, path: str) -> Any:
    """What stands at ``path``; where the way there is not known, that."""
    for key in _KEY.findall(path):
        if isinstance(inputs, Mapping):
            inputs = inputs.get(key)
        elif isinstance(inputs, list) and key.isdigit() and int(key) < len(inputs):
            inputs = inputs[int(key)]
        else:
            break
    return inputs


def unknown(value: Any) -> bool:
    """Whether a value, or a part of it, is not known before the update."""
    if isinstance(value, Mapping):
        return any(map(unknown, value.values()))
    if isinstance(value, list):
        return any(map(unknown, value))
    return isinstance(value, str) and value in UNKNOWNS
