"""Whether settings, options and files work with the version of a step, asked before the first.

``problems`` stop an upgrade; ``advice`` is what one should know. The files are judged as
``mwaa preflight`` does, with the real Airflow of the version.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mwaa.model.platform import known
from mwaa.service.airflow_options import locked
from mwaa.service.known_defects import DEFECTS
from mwaa.service.versions import VERSIONS, at_least, major
from mwaa.settings.load import Settings
from mwaa.settings.problems import SettingsError
from ops import project
from ops.commands.permissions.deployed import AIRFLOW_OBJECT
from ops.commands.preflight import Place, examine
from ops.commands.upgrade.airflow_3_options import DEFAULTS, MOVED, REMOVED
from ops.commands.upgrade.way import Step
from ops.errors import RefusedError
from ops.stack import StackFile, of_program
from policy.rules.rule import Verdict


@dataclass
class Proof:
    """What is known of one step before it is made."""

    step: Step
    problems: list[str] = field(default_factory=list)
    advice: list[str] = field(default_factory=list)

    def document(self) -> dict[str, Any]:
        """The same as a JSON object."""
        return {
            "from": self.step.old,
            "to": self.step.new,
            "minutes": list(self.step.minutes),
            "python": list(self.step.python) if self.step.python else None,
            "problems": self.problems,
            "advice": self.advice,
        }


def of_environment(step: Step, described: Mapping[str, Any]) -> Proof:
    """What the environment's own configuration says of a step."""
    found = Proof(step)
    options: Mapping[str, str] = described.get("AirflowConfigurationOptions") or {}
    mode = described.get("WebserverAccessMode")
    if mode == "PUBLIC_AND_PRIVATE" and not at_least(step.new, "3.2"):
        found.problems.append(
            f"the web server is {mode}, which needs Airflow 3.2: set webserverAccessMode to "
            "another mode first"
        )
    found.advice += [
        f"the option {name} has no effect with {step.new}: {why}"
        for name in sorted(options)
        if (why := locked(name, step.new)) and not locked(name, step.old)
    ]
    if step.is_major and major(step.new) > major(step.old):
        found.advice += _of_airflow_3(options)
    if step.is_major and major(step.new) < major(step.old):
        found.advice += [
            f"the option {new} is called {old} in Airflow 2"
            for old, new in MOVED.items()
            if new in options and old not in options
        ]
    found.advice += _general(step)
    return found


def of_stack(proof: Proof, settings: StackFile) -> None:
    """Whether the stack's settings are valid with the new version; adds to ``proof``."""
    values = settings.values
    wanted = of_program(values) | {"airflowVersion": proof.step.new}
    try:
        Settings.load(wanted, region=values.get("aws:region", ""), base=project.root())
    except SettingsError as problem:
        proof.problems.append(f"the stack's settings do not fit {proof.step.new}: {problem}")
        return
    # A setting with an encrypted part is not among the values.
    if major(proof.step.old) < 3 <= major(proof.step.new) and (roles := _roles(settings)):
        proof.problems.append(
            f"the stack has roles of Airflow ({', '.join(roles)}), which the API of Airflow 3 does "
            "not take: take them out of airflowObjects first (`pulumi state delete` keeps them in "
            "Airflow)"
        )


def _roles(settings: StackFile) -> list[str]:
    objects = [one["inputs"] for one in settings.resources() if one["type"] == AIRFLOW_OBJECT]
    return sorted(str(one["name"]) for one in objects if one.get("kind") == "roles")


def of_files(proof: Proof, source: Path, place: Place, *, imports: bool) -> None:
    """Whether requirements, plugins, startup script and DAGs work; adds to ``proof``."""
    version = proof.step.new
    if version not in VERSIONS:
        proof.problems.append(
            f"{version} is newer than this catalog, so its image is not known here and the files "
            "cannot be proved: --unproved goes on without"
        )
        return
    try:
        judged, platform, _ = examine(source, version, place, imports=imports)
    except RefusedError as refusal:
        proof.problems.append(f"the files could not be proved: {refusal}")
        return
    for one in judged:
        if one.verdict is Verdict.FAIL:
            places = "; ".join(finding.found for finding in one.findings)
            line = f"{one.rule.id}: {one.rule.title}: {places}. Fix: {one.rule.fix}"
            mandatory = one.rule.enforcement == "mandatory"
            (proof.problems if mandatory else proof.advice).append(line)
    faults = platform.trial.import_faults
    if imports and (not known(faults) or "import_faults" in platform.trial.untried):
        proof.problems.append(
            f"the DAGs could not be imported by Airflow {version} on this machine: --no-import "
            "goes on without that proof"
        )


def _of_airflow_3(options: Mapping[str, str]) -> list[str]:
    found = [
        f"the option {name} is called {MOVED[name]} in Airflow 3: set it under that name"
        for name in sorted(options)
        if name in MOVED
    ]
    found += [
        f"the option {name} is gone in Airflow 3 and has no effect there"
        for name in sorted(options)
        if name in REMOVED
    ]
    found += [
        f"{name} was {old} and is {new} in Airflow 3: set it where DAGs rely on it"
        for name, (old, new) in DEFAULTS.items()
        if name not in options
    ]
    return found


def _general(step: Step) -> list[str]:
    return [
        f"a defect that images of {step.new} had until {one.fixed}: {one.symptom} ({one.source})"
        for one in DEFECTS
        if one.concerns(step.new) and "pool" in one.symptom
    ]
