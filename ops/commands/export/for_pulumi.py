"""A file for ``pulumi import --file``: objects that a stack names, and Airflow has already.

The engine asks a provider for what it imports, and gives a dynamic provider of Python nothing to
find it by. It asks nothing where the file holds inputs and outputs. So they are written here, from
the plan and from Airflow; secrets are empty in it, and the next refresh reads what Airflow gives.
Seen in the source of engine 3.274.1 (pkg/resource/deploy/step.go, ImportStep), and tried with it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from mwaa.service.airflow_objects import KINDS, Kind, item_path, rights_of
from ops.airflow import document
from ops.airflow.api import Airflow
from ops.commands.impact.preview import Step
from ops.commands.permissions.deployed import AIRFLOW_OBJECT
from ops.errors import RefusedError
from policy.plan.signatures import SECRET, SIGNATURE

COMPONENT: Final = "mwaa:components:AirflowObjects"
_EMPTY: Final = {SIGNATURE: SECRET, "plaintext": '""'}
_PARENTS: Final = "parent-of-objects"


@dataclass(frozen=True)
class ImportFile:
    """What the engine shall import: ``resources`` and the names of their parents."""

    resources: list[dict[str, Any]]
    parents: dict[str, str]

    @property
    def names(self) -> list[str]:
        """The objects, each as its id in Pulumi."""
        return [one["id"] for one in self.resources if "id" in one]

    def write(self, path: Path) -> None:
        """Write the file."""
        document.write(path, {"nameTable": self.parents, "resources": self.resources})


def of_plan(steps: Iterable[Step], airflow: Airflow) -> ImportFile:
    """The objects that the plan would create, and Airflow has. Raises ``RefusedError`` for a plan
    in which the environment itself is not there yet."""
    # The engine plans resources side by side, in no order.
    made = sorted((one for one in steps if one.operation == "create"), key=lambda one: one.urn)
    components = {one.urn: one for one in made if one.type == COMPONENT}
    found = ImportFile([], {})
    for step in made:
        if step.type == AIRFLOW_OBJECT and (resource := _resource(step, airflow)):
            parent = str(step.new.get("parent"))
            found.resources.append({**resource, "parent": _parent(found, parent, components)})
    return found


def _parent(found: ImportFile, urn: str, components: Mapping[str, Step]) -> str:
    """What the file calls the parent; one that is not in the state yet is imported with them."""
    name = urn.rpartition("::")[2]
    if urn not in components:
        found.parents[name] = urn
    elif all(one["name"] != name for one in found.resources):
        above = str(components[urn].new.get("parent"))
        found.parents[_PARENTS] = above
        component = {"type": COMPONENT, "name": name, "component": True, "parent": _PARENTS}
        found.resources.insert(0, component)
    return name


def _resource(step: Step, airflow: Airflow) -> dict[str, Any] | None:
    inputs = step.inputs
    kind = str(inputs["kind"])
    of = KINDS[kind]
    if inputs.get("environment") != airflow.target.name:
        raise RefusedError(
            f"the plan makes objects in an environment that is not {airflow.target.name}: run "
            "`pulumi up` first"
        )
    name = str(inputs[of.key])
    path = item_path(kind, name, is_3=airflow.is_3)
    answer = airflow.send("GET", path, accepts=(404,)) if path else None
    if answer is None or not answer.is_good:
        return None
    place = {name: value for name, value in inputs.items() if name not in of.members}
    state = {**place, **_members(of, inputs, answer.document)}
    return {
        "type": AIRFLOW_OBJECT,
        "name": step.urn.rpartition("::")[2],
        "id": f"{airflow.target.name}/{kind}/{name}",
        "inputs": state,
        "outputs": state,
    }


def _members(of: Kind, wanted: Mapping[str, Any], there: Mapping[str, Any]) -> dict[str, Any]:
    """The members that the program names, as they are in Airflow."""
    found: dict[str, Any] = {}
    for name, form in of.members.items():
        if name not in wanted:
            continue
        if name in of.secret:
            found[name] = _EMPTY
        elif form == "pairs":
            found[name] = rights_of(there)
        elif there.get(name) is not None:
            found[name] = there[name]
    return found
