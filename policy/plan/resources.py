"""A plan as data: its resources, and which resource an input refers to before ids exist.

Everything here is plain Python, so that a plan can be written down in a test. The rules:

* A property is absent (``None``), known, or ``UNKNOWN``. The engine hands over a resource's
  outputs; a property that the program did not set and that the provider computes is ``UNKNOWN``
  too. ``declares`` distinguishes the two: an input that is unknown depends on another resource, and
  the engine records on which.
* A reference is resolved by id where ids are known, otherwise through the property's
  dependencies. Where the dependencies leave a choice, the reference is ``UNKNOWN``.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mwaa.model.platform import UNKNOWN, Document, Maybe, known

# Types that others refer to by a name which the program may choose, and so know before the id.
NATURAL_NAMES = {
    "aws:s3/bucket:Bucket": "bucket",
    "aws:s3/bucketV2:BucketV2": "bucket",
    "aws:iam/role:Role": "name",
    "aws:cloudwatch/logGroup:LogGroup": "name",
}

# What a provider runs as, and not where and with whose credentials it works.
PLUGIN = frozenset({"version", "pluginDownloadURL", "__internal"})


@dataclass(frozen=True, kw_only=True)
class Resource:
    """One resource of a plan. ``props`` are camelCase; ``UNKNOWN`` may stand at any depth.

    ``secret`` names the secrets among the properties by dotted path. ``dependencies`` and the
    values of ``property_dependencies`` are URNs. ``timeouts`` are seconds per operation. ``whole``
    is the URN of the resource that this one is a part of, where a program declares both as one.
    ``looked_up_by`` is the component that looked it up where the stack only uses it, and then this
    is no more than what a lookup tells.
    """

    type: str
    name: str
    urn: str
    props: Mapping[str, Any]
    parent: str = ""
    dependencies: tuple[str, ...] = ()
    property_dependencies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    provider: Mapping[str, Any] = field(default_factory=dict)
    protect: bool = False
    timeouts: Mapping[str, float] = field(default_factory=dict)
    secret: frozenset[str] = frozenset()
    whole: str = ""
    looked_up_by: str = ""

    def get(self, key: str) -> Any:
        """The property, ``UNKNOWN``, or None where it is absent; empty text counts as absent."""
        value = self.props.get(key)
        return None if isinstance(value, str) and not value else value

    def shares_provider(self, other: "Resource") -> bool:
        """Whether both are made in the same place with the same credentials.

        A component of another package, such as ``awsx.ec2.Vpc``, brings a plugin of another
        version, and with it a default provider of its own that has the stack's settings.
        """

        def settings(provider: Mapping[str, Any]) -> dict[str, Any]:
            return {key: value for key, value in provider.items() if key not in PLUGIN}

        return settings(self.provider) == settings(other.provider)

    def declares(self, key: str) -> bool:
        """Whether the program set ``key``, as opposed to the provider computing it."""
        return self.get(key) is not None and (
            key in self.property_dependencies or self.props[key] is not UNKNOWN
        )

    def text(self, key: str) -> Maybe[str | None]:
        """A string property."""
        value = self.get(key)
        return value if value is None or not known(value) else str(value)

    def flag(self, key: str, default: bool = False) -> Maybe[bool]:
        """A boolean property; ``default`` where it is absent, as the provider documents."""
        value = self.get(key)
        if value is None:
            return default
        return value in (True, "true") if known(value) else value

    def number(self, key: str) -> Maybe[int | None]:
        """A whole-number property."""
        value = self.get(key)
        return value if value is None or not known(value) else int(value)

    def block(self, key: str) -> Maybe[Mapping[str, Any] | None]:
        """A nested object; the provider wraps some of them in a list of one."""
        value = self.get(key)
        if isinstance(value, list):
            value = value[0] if value else None
        return value if not known(value) or isinstance(value, Mapping) else None

    def blocks(self, key: str) -> Maybe[tuple[Mapping[str, Any], ...]]:
        """A list of nested objects; empty where the program set none and the provider computes."""
        value = self.get(key)
        if value is None or (not known(value) and not self.declares(key)):
            return ()
        if not known(value) or UNKNOWN in value:
            return UNKNOWN
        return tuple(value)

    def document(self, key: str) -> Maybe[Document | None]:
        """A policy document, parsed; ``UNKNOWN`` where any part of it is."""
        return parse_document(self.get(key))

    def ids(self) -> frozenset[str]:
        """Every known name under which others may refer to this resource."""
        keys = ("arn", NATURAL_NAMES.get(self.type, "id"))
        values = [self.real_id, *(self.props.get(key) for key in keys)]
        return frozenset(value for value in values if isinstance(value, str) and value)

    @property
    def real_id(self) -> str | None:
        """The id in AWS; where the provider does not repeat it, ARN and name contain it."""
        value, arn = self.props.get("id"), self.props.get("arn")
        if isinstance(value, str) and value:
            return value
        if not isinstance(arn, str):
            return None
        name = self.props.get(NATURAL_NAMES.get(self.type, ""))
        if isinstance(name, str):
            return name
        return arn.rpartition("/")[2] if arn.split(":")[2:3] == ["ec2"] else None

    @property
    def identity(self) -> str:
        """The real id where it is known, otherwise the URN."""
        return self.real_id or self.urn

    @property
    def arn(self) -> str:
        """The identity of what AWS names by ARN: the ARN where it is known, otherwise the URN."""
        value = self.props.get("arn")
        return value if isinstance(value, str) and value else self.urn


def parse_document(value: Any) -> Maybe[Document | None]:
    """A policy document from JSON text or an object; text that is no JSON object is unknown."""
    if value is None or not known(value):
        return value
    if isinstance(value, Mapping):
        return UNKNOWN if _holds_unknown(value) else value
    try:
        parsed = json.loads(value)
    except (TypeError, ValueError):
        return UNKNOWN
    return parsed if isinstance(parsed, dict) else UNKNOWN


def _holds_unknown(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(_holds_unknown(item) for item in value.values())
    if isinstance(value, (list, tuple)):
        return any(_holds_unknown(item) for item in value)
    return not known(value)


class Plan:
    """All resources of one stack, indexed by type, URN and known id."""

    def __init__(self, resources: Iterable[Resource]) -> None:
        self.resources = tuple(resources)
        self.by_urn = {resource.urn: resource for resource in self.resources}
        self._by_type: dict[str, list[Resource]] = {}
        self._by_id: dict[str, list[Resource]] = {}
        for resource in self.resources:
            self._by_type.setdefault(resource.type, []).append(resource)
            for known_id in resource.ids():
                self._by_id.setdefault(known_id, []).append(resource)

    def of(self, *types: str) -> list[Resource]:
        """All resources of the given types, in the order of the plan."""
        return [resource for kind in types for resource in self._by_type.get(kind, ())]

    def find(self, known_id: str, *types: str) -> Resource | None:
        """The resource of one of ``types`` with this id or ARN, if there is exactly one."""
        found = [item for item in self._by_id.get(known_id, ()) if item.type in types]
        return found[0] if len(found) == 1 else None

    def behind(self, resource: Resource, key: str, *types: str) -> list[Resource]:
        """The resources of the given types on which the property ``key`` depends."""
        urns = sorted(set(resource.property_dependencies.get(key, ())))
        found = (self.by_urn[urn] for urn in urns if urn in self.by_urn)
        return [item for item in found if item.type in types]

    def target(self, resource: Resource, key: str, *types: str) -> Resource | None:
        """The resource that the property refers to, if the plan holds it beyond doubt."""
        value = resource.get(key)
        if isinstance(value, str) and (found := self.find(value, *types)):
            return found
        behind = self.behind(resource, key, *types)
        # A known id that belongs to nothing in the plan is a resource outside of it, unless the
        # resource behind it has no known id that could have said so.
        if isinstance(value, str):
            behind = [item for item in behind if not item.ids()]
        return behind[0] if value is not None and len(behind) == 1 else None

    def refer(self, resource: Resource, key: str, *types: str) -> Maybe[str | None]:
        """The identity of what a single-valued property refers to."""
        value = resource.text(key)
        if value is None:
            return None
        found = self.target(resource, key, *types)
        return found.identity if found else value

    def refer_all(
        self,
        resource: Resource,
        key: str,
        *types: str,
        values: Any = None,
        count: int | None = None,
    ) -> Maybe[tuple[Maybe[str], ...]]:
        """The identities of what a list refers to; an entry that leaves a choice is ``UNKNOWN``.

        ``values`` replaces the property's own value (a list inside a nested object). A list that
        is unknown as a whole is taken to be the resources behind it when that is one resource, or
        ``count``, the number the service demands. More may be a component's output, which depends
        on all of the component's resources: those are never guessed from.
        """
        entries = resource.get(key) if values is None else values
        behind = self.behind(resource, key, *types)
        if entries is None:
            return ()
        if not known(entries):
            if not resource.declares(key):
                return ()
            if len(behind) not in (1, count):
                return UNKNOWN
            return tuple(item.identity for item in behind)
        found = {v: f for v in entries if isinstance(v, str) and (f := self.find(v, *types))}
        rest = [item for item in behind if item not in found.values()]
        unseen = sum(1 for value in entries if not known(value))
        strangers = [v for v in entries if isinstance(v, str) and v not in found]
        pairs: dict[int, Resource] = {}
        if unseen and unseen == len(rest):
            waiting = iter(rest)
            pairs = {i: next(waiting) for i, v in enumerate(entries) if not known(v)}
        elif not unseen and strangers and len(strangers) == len([r for r in rest if not r.ids()]):
            waiting = iter([r for r in rest if not r.ids()])
            pairs = {i: next(waiting) for i, v in enumerate(entries) if v in strangers}
        return tuple(
            pairs[i].identity
            if i in pairs
            else (found[v].identity if isinstance(v, str) and v in found else v)
            for i, v in enumerate(entries)
        )
