"""Which changes replace an environment, and the words that refuse them.

MWAA can never change name, subnets, key and endpoint management: the provider would delete the
environment and create another, and its metadata database (run history, connections, variables)
would be gone. A rise of Airflow's major version is different: MWAA does it in place from 2.11, but
the published provider would replace the environment, so it is done outside of the provider. A fall
is an update to both. A stack therefore exports what it was last deployed with, and the next run
compares. Sources (read 2026-11-27):
https://docs.aws.amazon.com/mwaa/latest/API/API_UpdateEnvironment.html (what an update takes),
https://docs.aws.amazon.com/mwaa/latest/userguide/upgrading-environment.html (versions),
https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/mwaa/environment.go
(``ForceNewIfChange`` on a rise of the major version)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from mwaa.service.versions import (
    BRIDGE,
    VERSIONS,
    Standing,
    bridge,
    in_place,
    major,
    standing,
    supported,
)
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

    def export(
        self, *, key_arn: str | None, subnet_ids: Sequence[str], airflow_version: str | None = None
    ) -> dict[str, Any]:
        """The stack output ``replacementGuards``, with the real key and subnets behind the choices.

        Whoever later names these as existing ones changes nothing. ``airflow_version`` is the one
        in the engine's state, which the provider compares with; absent: the chosen one.
        """
        found = self.choices() | {"keyArn": key_arn or "", "subnetIds": sorted(subnet_ids)}
        return found | ({"airflowVersion": airflow_version} if airflow_version else {})

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
    """One changed choice: the guard, its value as deployed and its value now.

    ``way`` says how to get there without a replacement; empty where there is none.
    """

    guard: str
    old: str
    new: str
    way: str = ""

    def __str__(self) -> str:
        change = f"- {_SETTINGS[self.guard]}: deployed with {self.old}, now {self.new}"
        return f"{change}. {self.way}" if self.way else change


class ReplacementError(Exception):
    """The message that refuses a run: every change that would replace the environment."""


def rises(previous: Mapping[str, Any] | None, version: str) -> bool:
    """Whether ``version`` is of a later major than the environment was deployed with.

    Then, and only then, the version that the running environment runs matters.
    """
    deployed = (previous or {}).get("airflowVersion")
    return bool(deployed) and major(version) > major(str(deployed))


def replacements(
    previous: Mapping[str, Any], now: Guards, running: str | None = None
) -> list[Replacement]:
    """The changes between a stack's exported guards and the present choice that replace.

    ``previous`` may lack guards (an older export): what is not there is not compared. ``running``
    is the version of the running environment, None where it was not asked.
    """
    new = now.choices()
    found = []
    for guard in _SETTINGS:
        old = previous.get(guard)
        # An export of an earlier program may lack a guard.
        if old is None or _same(guard, old, new[guard], previous, running):
            continue
        way = _way(str(old), now.airflow_version, running) if guard == "airflowVersion" else ""
        found.append(Replacement(guard, _shown(old), _shown(new[guard]), way))
    return found


def refuse(
    previous: Mapping[str, Any] | None,
    now: Guards,
    *,
    allowed: bool,
    running: str | None = None,
) -> None:
    """Raises ``ReplacementError`` for changes that replace, unless they are allowed, and for a fall
    of Airflow's version that MWAA does not make.

    Without ``previous`` (a first deployment, or lost outputs) there is nothing to compare.
    """
    _refuse_fall(str((previous or {}).get("airflowVersion") or now.airflow_version), now)
    found = replacements(previous or {}, now, running)
    if not found or allowed:
        return
    changes = "\n".join(map(str, found))
    name = (previous or {}).get("name", now.name)
    fixed = [one for one in found if not one.way]
    reason = (
        "Allowed: the values it was deployed with, because MWAA cannot change them in place. "
        "Do: set them back, or build a second environment in another stack. "
        if fixed
        else ""
    )
    raise ReplacementError(
        f"The environment {name!r} would be replaced and its metadata database lost.\n{changes}\n"
        f"{reason}To lose run history, connections and variables knowingly, set "
        "mwaa:allowReplacement and mwaa:forceDestroy to true and mwaa:protect to false."
    )


def refuse_ended(
    version: str, previous: Mapping[str, Any] | None, *, adopts: bool, today: date | None = None
) -> None:
    """Raises ``ReplacementError`` for a version whose support ended, for a create or a change.

    An environment that has it may keep it, be updated with it and be taken over (``adopts``):
    https://docs.aws.amazon.com/mwaa/latest/userguide/airflow-versions.html (read 2026-11-27).
    """
    day = today or datetime.now(UTC).date()
    deployed = (previous or {}).get("airflowVersion")
    if standing(version, day) is not Standing.ENDED or adopts or deployed == version:
        return
    what = f"changes no environment from {deployed} to it" if deployed else "creates none with it"
    raise ReplacementError(
        f'mwaa:airflowVersion: got "{version}". Allowed: {", ".join(supported(day))}. Why: support '
        f"of {version} ended on {VERSIONS[version].end_of_support} and MWAA {what}. Do: choose a "
        "supported version; an environment that has it already is taken over with adoptEnvironment."
    )


def _way(deployed: str, wanted: str, running: str | None) -> str:
    """How an environment rises to another major version with its database."""
    if running and major(running) == major(wanted):
        return (
            f"The environment runs {running} by now. Do: set airflowVersion to {running}, run "
            f"`pulumi up --refresh`, then set {wanted}"
        )
    if not in_place(deployed, wanted):
        stone = bridge()
        return (
            f"MWAA reaches {major(wanted)}.x in place from {BRIDGE}.x only. Do: set airflowVersion "
            f"to {stone} and run `pulumi up` first; from there MWAA can. "
            f"`mwaa upgrade --to {wanted}` makes both steps"
        )
    return (
        "MWAA can do this in place, but the provider would delete the environment and create "
        f"another. Do: `mwaa upgrade --to {wanted}`; by hand "
        f"`aws mwaa update-environment --name NAME --airflow-version {wanted}`, "
        "`mwaa wait`, then `pulumi up --refresh` with this setting "
        "(docs/guides/upgrade.md)"
    )


def _refuse_fall(deployed: str, now: Guards) -> None:
    wanted = now.airflow_version
    if major(wanted) < major(deployed) and not in_place(deployed, wanted):
        raise ReplacementError(
            f"airflowVersion: deployed with {deployed}, now {wanted}. MWAA goes back from "
            f"{major(deployed)}.x to {BRIDGE}.x only: the metadata database cannot follow further. "
            f"Allowed: {major(deployed)}.x or {bridge()}. Do: set one of these, or build a second "
            f"environment with {wanted} in another stack."
        )


def _same(guard: str, old: Any, new: Any, previous: Mapping[str, Any], running: str | None) -> bool:
    if guard == "airflowVersion":
        # Only a rise replaces, unless the environment was brought there outside of the program.
        return major(str(new)) <= major(str(old)) or running == new
    if guard == "subnets":
        return sorted(new) in (sorted(old), sorted(previous.get("subnetIds") or []))
    if guard == "key":
        return new in (old, previous.get("keyArn") or old)
    return bool(old == new)


def _shown(value: Any) -> str:
    return ", ".join(sorted(value)) if isinstance(value, list | tuple) else str(value)
