"""Reads a Pulumi plan as platforms: one per MWAA environment, whoever wrote the program."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeVar

from mwaa.model.platform import UNKNOWN, Environment, Maybe, Platform, known
from policy.plan import (
    access,
    account,
    alarms,
    environment,
    existing,
    identity,
    keys,
    logs,
    network,
    routes,
    storage,
)
from policy.plan.foreign import unread
from policy.plan.foreign.native import translated
from policy.plan.resources import Plan, Resource

T = TypeVar("T")


class InVpc(Protocol):
    """A fact that stands in a VPC."""

    @property
    def vpc(self) -> Maybe[str | None]: ...


Member = TypeVar("Member", bound=InVpc)


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One environment of the plan; ``urns`` leads from an identity back to its resource."""

    platform: Platform
    urn: str
    urns: Mapping[str, str]


def read(resources: Iterable[Resource], *, now: Maybe[float] = UNKNOWN) -> tuple[Reading, ...]:
    """Every MWAA environment of the plan with all that stands around it, then the unread ones.

    ``now`` is the time of the judgment in seconds since the epoch, for rules about ages.
    """
    # The engine registers resources side by side, in another order each time.
    declared = sorted(translated(resources), key=lambda resource: resource.urn)
    plan = Plan((*declared, *existing.looked_up(declared)))
    # A component may repeat the ids of its children as outputs: they name the children.
    own = [r for r in plan.resources if r.type.startswith("aws:")]
    urns = {
        name: r.looked_up_by or r.whole or r.urn for r in own for name in (r.urn, r.identity, r.arn)
    }
    read_ones = tuple(
        Reading(platform=_platform(plan, item, now), urn=item.urn, urns=urns)
        for item in plan.of(environment.ENVIRONMENT)
    )
    return (*read_ones, *(_unread(one) for one in unread.environments(plan)))


def _unread(one: unread.Declaration) -> Reading:
    """An environment of which nothing is known but where it is declared."""
    nothing = Environment(id=one.urn, name=UNKNOWN, airflow_version=UNKNOWN, environment_class=None)
    platform = Platform(origin="plan", environment=nothing, unread=one.words)
    return Reading(platform=platform, urn=one.urn, urns={})


def _platform(plan: Plan, item: Resource, now: Maybe[float]) -> Platform:
    described = environment.environment(plan, item)
    owner = account.account(plan, item, now)
    subnets = network.subnets(plan)
    chosen, used = _known(described.subnets), _known(described.security_groups)
    ours = {s.vpc for s in subnets if s.id in chosen and known(s.vpc)}
    if not ours:
        # A component's list of subnets says not which, but all that it may be are of one VPC.
        behind = {s.identity for s in plan.behind(item, "networkConfiguration", *network.SUBNETS)}
        homes = {s.vpc for s in subnets if s.id in behind}
        ours = {vpc for vpc in homes if known(vpc)} if len(homes) == 1 else set()
    made = {vpc.identity for vpc in plan.of(*network.VPCS) if not vpc.looked_up_by}
    managed = bool(ours) and ours <= made
    vpcs = tuple(v for v in network.vpcs(plan, item, owner.id) if v.id in ours)

    def within(facts: Iterable[Member]) -> tuple[Member, ...]:
        """The facts of the environment's VPC; all of them where it is not known which it is."""
        return tuple(f for f in facts if not ours or f.vpc in ours or f.vpc is UNKNOWN)

    def complete(facts: T) -> Maybe[T]:
        """A VPC outside of the plan may hold more than the plan declares."""
        return facts if managed else UNKNOWN

    groups = access.security_groups(plan)
    name = described.name
    prefix = f"airflow-{name}-" if isinstance(name, str) else ""
    return Platform(
        origin="plan",
        environment=described,
        account=owner,
        vpcs=vpcs if ours and {vpc.id for vpc in vpcs} == ours else UNKNOWN,
        dhcp_options=complete(network.dhcp_options(plan)),
        subnets=within(subnets) if ours else UNKNOWN,
        route_tables=complete(within(routes.route_tables(plan))),
        network_acls=complete(within(routes.network_acls(plan))),
        # That the environment's groups are of its VPC is a rule, and no fact.
        security_groups=tuple(g for g in groups if g.id in used or within((g,))),
        prefix_lists=access.prefix_lists(plan),
        endpoints=within(access.endpoints(plan, item, owner.id)),
        nat_gateways=complete(network.nat_gateways(plan)),
        internet_gateways=complete(within(network.internet_gateways(plan))),
        flow_logs=complete(network.flow_logs(plan)),
        hosted_zones=complete(network.hosted_zones(plan)),
        bucket=storage.bucket(plan, item),
        key=keys.key(plan, item, owner.id, owner.partition),
        role=identity.role(plan, item),
        access_policies=identity.access_policies(plan, item),
        log_groups=tuple(logs.log_groups(plan, prefix)),
        alarms=tuple(alarms.alarms(plan)),
        partial=frozenset() if managed else frozenset({"endpoints", "security_groups"}),
    )


def _known(values: Maybe[tuple[Maybe[str], ...]]) -> tuple[Maybe[str], ...]:
    return values if known(values) else ()
