"""Turns what the engine sends an analyzer into plain resources, each property visited once.

The engine marks unknown values, secrets and assets inside ordinary values. Source:
https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/plugin/rpc.go
"""

from collections.abc import Iterable, Mapping
from typing import Any

from pulumi.runtime import proto
from pulumi_policy import PolicyResource
from pulumi_policy.proxy import UnknownValueError

from mwaa.model.platform import UNKNOWN
from policy.plan.resources import Resource
from policy.plan.signatures import OUTPUT, SECRET, SIGNATURE, UNKNOWNS


def from_request(request: proto.AnalyzeStackRequest) -> tuple[Resource, ...]:
    """The resources of one ``AnalyzeStack`` call."""
    return tuple(_resource(item) for item in request.resources)


def _resource(item: proto.AnalyzerResource) -> Resource:
    secrets: set[str] = set()
    options = item.options
    timeouts = options.customTimeouts
    seconds = {"create": timeouts.create, "update": timeouts.update, "delete": timeouts.delete}
    return Resource(
        type=item.type,
        name=item.name,
        urn=item.urn,
        props=_struct(item.properties, "", secrets),
        parent=item.parent,
        dependencies=tuple(item.dependencies),
        property_dependencies={
            key: tuple(value.urns) for key, value in item.propertyDependencies.items()
        },
        provider=_struct(item.provider.properties, "", set()),
        protect=options.protect,
        timeouts={key: value for key, value in seconds.items() if value},
        secret=frozenset(secrets),
    )


def _struct(value: Any, path: str, secrets: set[str]) -> dict[str, Any]:
    return {
        key: _value(item, f"{path}.{key}" if path else key, secrets)
        for key, item in value.fields.items()
    }


def _value(value: Any, path: str, secrets: set[str]) -> Any:
    kind = value.WhichOneof("kind")
    if kind == "string_value":
        return UNKNOWN if value.string_value in UNKNOWNS else value.string_value
    if kind == "number_value":
        number = value.number_value
        return int(number) if number.is_integer() else number
    if kind == "bool_value":
        return value.bool_value
    if kind == "list_value":
        return [_value(item, path, secrets) for item in value.list_value.values]
    if kind != "struct_value":
        return None
    fields = value.struct_value.fields
    signature = fields[SIGNATURE].string_value if SIGNATURE in fields else ""
    if signature in (SECRET, OUTPUT):
        if signature == SECRET or fields["secret"].bool_value:
            secrets.add(path)
        return _value(fields["value"], path, secrets) if "value" in fields else UNKNOWN
    return _struct(value.struct_value, path, secrets)


def from_policy_resources(resources: Iterable[PolicyResource]) -> tuple[Resource, ...]:
    """The same from the objects of ``pulumi_policy``, which do not say what was secret."""
    return tuple(
        Resource(
            type=item.resource_type,
            name=item.name,
            urn=item.urn,
            props=_plain(item.props),
            parent=item.parent.urn if item.parent else "",
            dependencies=tuple(other.urn for other in item.dependencies),
            property_dependencies={
                key: tuple(other.urn for other in others)
                for key, others in item.property_dependencies.items()
            },
            provider=_plain(item.provider.props) if item.provider else {},
            protect=item.opts.protect,
            timeouts={
                "create": item.opts.custom_timeouts.create_seconds,
                "update": item.opts.custom_timeouts.update_seconds,
                "delete": item.opts.custom_timeouts.delete_seconds,
            },
        )
        for item in resources
    )


def _plain(value: Any) -> Any:
    """A copy without the proxies, which raise where a value is unknown."""
    if isinstance(value, Mapping):
        return {key: _at(value, key) for key in value}
    if isinstance(value, (str, bytes)) or not hasattr(value, "__getitem__"):
        return value
    return [_at(value, index) for index in range(len(value))]


def _at(container: Any, key: Any) -> Any:
    try:
        return _plain(container[key])
    except UnknownValueError:
        return UNKNOWN
