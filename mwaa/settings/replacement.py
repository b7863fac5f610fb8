"""Which changes replace an environment, and the words that refuse them.

MWAA can never change name, subnets, key and endpoint management, and cannot rise to another major
Airflow version in place: the provider would delete the environment and create another, and its
metadata database (run history, connections, variables) would be gone. A stack therefore exports
what it was last deployed with, and the next run compares. Sources (read 2026-11):
https://docs.aws.amazon.com/mwaa/latest/API/API_UpdateEnvironment.html (what an update takes),
https://docs.aws.amazon.com/mwaa/latest/userguide/airflow-versions.html (upgrades)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from mwaa.service.versions import major
from mwaa.settings.values import Choices

# Guard -> the settings that decide it, as a stack file names them.
_SETTINGS = {
    "name": "environmentName",
    "subnets": "vpcCidr, availabilityZones, existingVpcId or existingSubnetIds",
    "key": "encryption or existingKeyArn",
    "endpointManagement": "endpointManagement",
    "airflowVersion": "airflowVersion",
}
# Guards that the environment's resource calls otherwise.
_RENAMED = {"subnets": "networkConfiguration", "key": "kmsKey"}

REPLACING: Final = {_RENAMED.get(guard, guard): text for guard, text in _SETTINGS.items()}
"""Property of the environment whose change replaces it -> the settings that decide it."""


@dataclass(frozen=True, kw_only=True)
class Guards:
    """The choices that an environment can never change, in a form that can be compared.

    ``subnets`` has one text per subnet, zone and block or id; order means nothing. ``key`` is
    ``customer-managed``, ``aws-owned`` or an ARN.
    """

    name: str
    subnets: tuple[str, ...]
    key: str
    endpoint_management: str
    airflow_version: str

    def export(self, *, key_arn: str | None, subnet_ids: Sequence[str]) -> dict[str, Any]:
        """The stack output ``replacementGuards``, with the real key and subnets behind the choices.

        Whoever later names these as existing ones changes nothing.
        """
        return self.choices() | {"keyArn": key_arn or "", "subnetIds": sorted(subnet_ids)}

    def choices(self) -> dict[str, Any]:
        """Each guard with its value."""
        return {
            "name": self.name,
            "subnets": sorted(self.subnets),
            "key": self.key,
            "endpointManagement": self.endpoint_management,
            "airflowVersion": self.airflow_version,
        }


def guards_of(settings: Choices) -> Guards:
    """The choices of a stack that its environment can never change."""
    plan = settings.address_plan
    return Guards(
        name=settings.environment_name,
        subnets=(
            settings.existing_subnet_ids
            if plan is None
            else tuple(
                f"{zone} {block}" for zone, block in zip(settings.zones, plan.private, strict=True)
            )
        ),
        key=settings.existing_key_arn or settings.encryption,
        endpoint_management=settings.endpoint_management,
        airflow_version=settings.airflow_version,
    )


@dataclass(frozen=True)
class Replacement:
    """One changed choice: the guard, its value as deployed and its value now."""

    guard: str
    old: str
    new: str

    def __str__(self) -> str:
        return f"- {_SETTINGS[self.guard]}: deployed with {self.old}, now {self.new}"


class ReplacementError(Exception):
    """The message that refuses a run: every change that would replace the environment."""


def replacements(previous: Mapping[str, Any], now: Guards) -> list[Replacement]:
    """The changes between a stack's exported guards and the present choice that replace.

    ``previous`` may lack guards (an older export): what is not there is not compared.
    """
    new = now.choices()
    found = []
    for guard in _SETTINGS:
        old = previous.get(guard)
        # An export of an earlier program may lack a guard.
        if old is None or _same(guard, old, new[guard], previous):
            continue
        found.append(Replacement(guard, _shown(old), _shown(new[guard])))
    return found


def refuse(previous: Mapping[str, Any] | None, now: Guards, *, allowed: bool) -> None:
    """Raises ``ReplacementError`` for changes that replace, unless they are allowed, and for a fall
    to an earlier major version of Airflow, which MWAA refuses.

    Without ``previous`` (a first deployment, or lost outputs) there is nothing to compare.
    """
    _refuse_fall(str((previous or {}).get("airflowVersion") or now.airflow_version), now)
    found = replacements(previous or {}, now)
    if not found or allowed:
        return
    changes = "\n".join(map(str, found))
    name = (previous or {}).get("name", now.name)
    raise ReplacementError(
        f"The environment {name!r} would be replaced and its metadata database lost.\n{changes}\n"
        "Allowed: the values it was deployed with, because MWAA cannot change them in place. "
        "Do: set them back, or build a second environment in another stack. To lose run history, "
        "connections and variables knowingly, set mwaa:allowReplacement and mwaa:forceDestroy to "
        "true and mwaa:protect to false."
    )


def _refuse_fall(deployed: str, now: Guards) -> None:
    if major(now.airflow_version) < major(deployed):
        raise ReplacementError(
            f"airflowVersion: deployed with {deployed}, now {now.airflow_version}. MWAA takes no "
            "environment to an earlier major version: its metadata database cannot follow. "
            f"Allowed: {major(deployed)}.x. Do: set it back, or build a second environment with "
            f"{now.airflow_version} in another stack."
        )


def _same(guard: str, old: Any, new: Any, previous: Mapping[str, Any]) -> bool:
    if guard == "airflowVersion":
        # Only a rise replaces, and minors update in place; `refuse` has its own words for a fall.
        return major(str(new)) <= major(str(old))
    if guard == "subnets":
        return sorted(new) in (sorted(old), sorted(previous.get("subnetIds") or []))
    if guard == "key":
        return new in (old, previous.get("keyArn") or old)
    return bool(old == new)


def _shown(value: Any) -> str:
    return ", ".join(sorted(value)) if isinstance(value, list | tuple) else str(value)
