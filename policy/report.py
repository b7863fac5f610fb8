"""Judges a plan outside of the engine, whose own JSON leaves the findings of a pack out.

``pulumi preview --json --show-sames > plan.json`` writes what ``up`` would make, dependencies
included, and ``pulumi stack export > state.json`` what it has made; ``python -m policy.report`` and
the file's name reads either. Secrets are masked in both, and so are not judged.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from mwaa.exit_codes import ExitCode
from mwaa.model.platform import UNKNOWN
from mwaa.words import suggestion
from policy.formats import as_json, as_sarif, exit_code, text
from policy.plan.platform import read
from policy.plan.resources import Resource
from policy.plan.signatures import SIGNATURE, UNKNOWNS
from policy.profiles import ADVISORY, PROFILES
from policy.rules.catalog import Judgment, in_profile, judge
from policy.waivers import Waivers, WaiversError

MASKED = "[secret]"
FORMATS = {"text": text, "json": as_json, "sarif": as_sarif}


def resources(document: Mapping[str, Any]) -> tuple[Resource, ...]:
    """The resources of a preview (its steps' new states) or of an exported stack."""
    if "steps" in document:
        states = [step.get("newState") for step in document["steps"]]
    else:
        states = document.get("deployment", document).get("resources", [])
    # Of a replacement the last state counts; what is deleted has none, or says so.
    found = {item["urn"]: item for item in states if item and not item.get("delete")}
    return tuple(_resource(item) for item in found.values())


def _resource(item: Mapping[str, Any]) -> Resource:
    # What does not exist yet has no outputs; its inputs are all that is planned.
    props = dict(item.get("outputs") or item.get("inputs", {}))
    if not item.get("custom"):
        # What a component says now; its outputs are those of the last update.
        props |= item.get("inputs", {})
    if item.get("id"):
        props.setdefault("id", item["id"])
    timeouts = item.get("customTimeouts", {})
    return Resource(
        type=item["type"],
        name=item["urn"].rpartition("::")[2],
        urn=item["urn"],
        props={key: _clear(value) for key, value in props.items()},
        parent=item.get("parent", ""),
        dependencies=tuple(item.get("dependencies", ())),
        property_dependencies={
            key: tuple(urns or ()) for key, urns in item.get("propertyDependencies", {}).items()
        },
        protect=bool(item.get("protect")),
        timeouts={key: float(value) for key, value in timeouts.items() if value},
    )


def _clear(value: Any) -> Any:
    """``value`` with ``UNKNOWN`` for what is not known yet and for what is masked."""
    if isinstance(value, Mapping):
        if SIGNATURE in value:
            return UNKNOWN
        return {key: _clear(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_clear(item) for item in value]
    return UNKNOWN if value == MASKED or (isinstance(value, str) and value in UNKNOWNS) else value


def judgments(
    document: Mapping[str, Any], *, profile: str = "", now: float, waivers: Waivers | None = None
) -> list[Judgment]:
    """Every environment of a preview or state, judged by the rules of a profile."""
    known = waivers or Waivers()
    return [
        judgment
        for reading in read(resources(document), now=now)
        for judgment in known.apply(
            judge(reading.platform, in_profile(profile)), reading.platform, reading.urns
        )
    ]


def main(arguments: Sequence[str]) -> int:
    """Print the report; the exit code says whether a mandatory rule failed or is unknown.

    With the advisory rules it is ``DONE``, whatever they find. ``REFUSED`` is a file that holds no
    plan, or a plan without an environment: nothing was judged.
    """
    parser = argparse.ArgumentParser(prog="python -m policy.report", description=__doc__)
    parser.add_argument("file", type=Path, help="of `pulumi preview --json` or `stack export`")
    for option, names, default in (("--format", FORMATS, "text"), ("--rules", PROFILES, "private")):
        shown = f"{', '.join(names)} (default: {default})"
        parser.add_argument(option, type=_one_of(names), default=default, help=shown)
    options = parser.parse_args(arguments)
    try:
        document = json.loads(options.file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        how = "write it with `pulumi preview --json --show-sames`"
        print(f"{options.file}: {problem}; {how}", file=sys.stderr)
        return ExitCode.REFUSED
    try:
        waivers = Waivers.of_project()
    except WaiversError as problem:
        print(problem, file=sys.stderr)
        return ExitCode.REFUSED
    found = judgments(document, profile=options.rules, now=time.time(), waivers=waivers)
    if not found:
        print(f"{options.file}: declares no MWAA environment", file=sys.stderr)
        return ExitCode.REFUSED
    for words in waivers.unused(found):
        print(words, file=sys.stderr)
    sys.stdout.write(FORMATS[options.format](found))
    return ExitCode.DONE if options.rules == ADVISORY else exit_code(found)


def _one_of(names: Collection[str]) -> Callable[[str], str]:
    """Takes one of ``names``; anything else is answered with the nearest of them, and all."""

    def given(name: str) -> str:
        if name in names:
            return name
        raise argparse.ArgumentTypeError(
            f"{name}{suggestion(name, names)}; allowed: {', '.join(names)}"
        )

    return given


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
