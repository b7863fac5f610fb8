"""One pass over a platform: records by identity and by association, and answers already proved.

Rules ask the same questions again and again, and a platform may hold thousands of records, so each
platform is indexed once (``index_of``) and each proof is remembered in ``Index.memo``.
"""

import weakref
from collections.abc import Callable, Hashable, Iterable
from typing import Any, Protocol, TypeVar, cast

from mwaa.model.platform import (
    UNKNOWN,
    Endpoint,
    HostedZone,
    InternetGateway,
    Maybe,
    NatGateway,
    NetworkAcl,
    Platform,
    PrefixList,
    RouteTable,
    SecurityGroup,
    Subnet,
    Vpc,
    known,
)

T = TypeVar("T")


class _Identified(Protocol):
    @property
    def id(self) -> str: ...


class _Associated(_Identified, Protocol):
    @property
    def vpc(self) -> Maybe[str]: ...

    @property
    def subnets(self) -> Maybe[tuple[Maybe[str], ...]]: ...


I = TypeVar("I", bound=_Identified)  # noqa: E741
A = TypeVar("A", bound=_Associated)


def _by_id(records: Maybe[tuple[I, ...]]) -> dict[str, I]:
    return {record.id: record for record in records} if known(records) else {}


class Index:
    """Lookups over one platform; None means that no record with that identity was read."""

    def __init__(self, platform: Platform) -> None:
        self.vpcs: dict[str, Vpc] = _by_id(platform.vpcs)
        self.subnets: dict[str, Subnet] = _by_id(platform.subnets)
        self.route_tables: dict[str, RouteTable] = _by_id(platform.route_tables)
        self.network_acls: dict[str, NetworkAcl] = _by_id(platform.network_acls)
        self.groups: dict[str, SecurityGroup] = _by_id(platform.security_groups)
        self.prefix_lists: dict[str, PrefixList] = _by_id(platform.prefix_lists)
        self.endpoints: dict[str, Endpoint] = _by_id(platform.endpoints)
        self.nat_gateways: dict[str, NatGateway] = _by_id(platform.nat_gateways)
        self.internet_gateways: dict[str, InternetGateway] = _by_id(platform.internet_gateways)
        self.hosted_zones: dict[str, HostedZone] = _by_id(platform.hosted_zones)
        self.tables_of = _associations(platform.route_tables)
        self.acls_of = _associations(platform.network_acls)
        # The key None holds what may be anything: a service name that is not known yet.
        self.endpoints_of: dict[str | None, list[Endpoint]] = {}
        for endpoint in self.endpoints.values():
            service = endpoint.service if known(endpoint.service) else None
            self.endpoints_of.setdefault(service, []).append(endpoint)
        self.memo: dict[Hashable, object] = {}

    def remember(self, question: Hashable, answer: Callable[[], T]) -> T:
        """``answer()``, computed the first time the question is asked about this platform."""
        if question not in self.memo:
            self.memo[question] = answer()
        return cast(T, self.memo[question])


def _associations(records: Maybe[tuple[A, ...]]) -> dict[str | None, list[A]]:
    """Records by associated subnet; the key None holds those with an association not known."""
    found: dict[str | None, list[A]] = {}
    for record in records if known(records) else ():
        subnets: Iterable[Maybe[str]] = record.subnets if known(record.subnets) else (UNKNOWN,)
        for subnet in subnets:
            found.setdefault(subnet if known(subnet) else None, []).append(record)
    return found


_INDEXES: dict[int, tuple[weakref.ref[Any], Index]] = {}


def index_of(platform: Platform) -> Index:
    """The index of a platform, built once and dropped with the platform."""
    # Subjects hold mappings and so cannot be hashed; identity is what a frozen record offers.
    key = id(platform)
    entry = _INDEXES.get(key)
    if entry is None or entry[0]() is not platform:
        reference = weakref.ref(platform, lambda _: _INDEXES.pop(key, None))
        entry = (reference, Index(platform))
        _INDEXES[key] = entry
    return entry[1]


def associated(
    by_subnet: dict[str | None, list[A]],
    everyone: Iterable[A],
    subnet: Subnet,
    is_default: Callable[[A], Maybe[bool]],
) -> Maybe[A]:
    """The record that serves ``subnet``: the one associated with it, else its VPC's default.

    ``UNKNOWN`` when an association is not known that could be this subnet's, or when the VPC's
    default was not read.
    """
    explicit = by_subnet.get(subnet.id, [])
    if explicit:
        return explicit[0] if len(explicit) == 1 else UNKNOWN
    if any(_same(record.vpc, subnet.vpc) is not False for record in by_subnet.get(None, [])):
        return UNKNOWN
    candidates = [
        (record, is_default(record), _same(record.vpc, subnet.vpc))
        for record in everyone
        if is_default(record) is not False and _same(record.vpc, subnet.vpc) is not False
    ]
    sure = [record for record, default, here in candidates if default is True and here]
    return sure[0] if len(sure) == 1 else UNKNOWN


def _same(one: Maybe[str], other: Maybe[str]) -> bool | None:
    return one == other if known(one) and known(other) else None
