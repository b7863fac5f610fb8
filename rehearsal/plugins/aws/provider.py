"""The provider service of the stand-in: the engine's requests, answered from the tables.

Source: https://github.com/pulumi/pulumi/blob/master/proto/pulumi/provider.proto
"""

from __future__ import annotations

import json
import os
import threading
from importlib.metadata import version
from typing import Any, NoReturn

import grpc
from google.protobuf.empty_pb2 import Empty

from rehearsal.plugins.aws.configuration import (
    Configuration,
    configuration_problems,
    read_configuration,
)
from rehearsal.plugins.aws.context import Context, PluginError, Session, explain, require_loopback
from rehearsal.plugins.aws.crud import CreatedError, create, delete, live_state, update
from rehearsal.plugins.aws.diff import PropertyDiff, differences, live_inputs, planned
from rehearsal.plugins.aws.inputs import checked, deletes_first, problems
from rehearsal.plugins.aws.registry import FUNCTIONS, RESOURCES, find_function, find_resource
from rehearsal.plugins.aws.resource import DEFAULTS, ResourceType, State
from rehearsal.plugins.protocol.properties import decode, encode
from rehearsal.plugins.protocol.stubs import plugin_pb2, provider_pb2, provider_pb2_grpc, status_pb2
from rehearsal.plugins.protocol.values import UNKNOWN, Path, Value, conceal, reveal, secret_paths

ServicerContext = Any
_UNIMPLEMENTED = grpc.StatusCode.UNIMPLEMENTED


class AwsProvider(provider_pb2_grpc.ResourceProviderServicer):
    """One provider instance; the engine configures it once, then asks from many threads."""

    def __init__(self) -> None:
        self._configuration: Configuration | None = None
        self._session: Session | None = None
        self._canceled = threading.Event()

    # --- the provider itself -------------------------------------------------------------------

    def Handshake(self, request: Any, context: ServicerContext) -> Any:  # noqa: N802
        return provider_pb2.ProviderHandshakeResponse(accept_secrets=True)

    def GetPluginInfo(self, request: Any, context: ServicerContext) -> Any:  # noqa: N802
        return plugin_pb2.PluginInfo(version=version("pulumi-aws"))

    def GetSchema(self, request: Any, context: ServicerContext) -> Any:  # noqa: N802
        schema = {
            "name": "aws",
            "version": version("pulumi-aws"),
            "description": "Stand-in for rehearsal and tests: the types it has, not their schemas.",
            "resources": {token: {} for token in RESOURCES},
            "functions": {token: {} for token in FUNCTIONS},
        }
        return provider_pb2.GetSchemaResponse(schema=json.dumps(schema))

    def CheckConfig(self, request: Any, context: ServicerContext) -> Any:  # noqa: N802
        news = decode(request.news)
        failures = [
            provider_pb2.CheckFailure(property=name, reason=reason)
            for name, reason in configuration_problems(reveal(news))
        ]
        return provider_pb2.CheckResponse(inputs=encode(news), failures=failures)

    def DiffConfig(self, request: Any, context: ServicerContext) -> Any:  # noqa: N802
        old = reveal(decode(request.old_inputs or request.olds))
        new = reveal(decode(request.news))
        changed = sorted(key for key in {**old, **new} if old.get(key) != new.get(key))
        # Resources of another region are other resources: the provider itself is replaced.
        replaces = [key for key in changed if key == "region"]
        return provider_pb2.DiffResponse(
            changes=_some(bool(changed)), diffs=changed, replaces=replaces
        )

    def Configure(self, request: Any, context: ServicerContext) -> Any:  # noqa: N802
        try:
            endpoint = require_loopback(os.environ.get("AWS_ENDPOINT_URL"))
            configuration = read_configuration(reveal(decode(request.args)))
        except PluginError as error:
            self._refuse(context, error, grpc.StatusCode.INVALID_ARGUMENT)
        self._configuration = configuration
        self._session = Session(endpoint, configuration.region, configuration.credentials)
        try:
            # As the published provider: who is asking comes before anything is asked. An emulated
            # AWS that is gone is reported here, once, and not by every resource.
            configuration.admit(self._session.identity()["Account"])
        except Exception as error:
            self._refuse(context, error)
        return provider_pb2.ConfigureResponse(acceptSecrets=True, supportsPreview=True)

    def Parameterize(self, request: Any, context: ServicerContext) -> Any:  # noqa: N802
        context.abort(_UNIMPLEMENTED, "The aws provider takes no parameters.")

    def Construct(self, request: Any, context: ServicerContext) -> Any:  # noqa: N802
        context.abort(_UNIMPLEMENTED, f"The aws provider has no component {request.type}.")

    def Call(self, request: Any, context: ServicerContext) -> Any:  # noqa: N802
        context.abort(_UNIMPLEMENTED, f"The aws provider has no method {request.tok}.")

    def GetMapping(self, request: Any, context: ServicerContext) -> Any:  # noqa: N802
        return provider_pb2.GetMappingResponse()

    def GetMappings(self, request: Any, context: ServicerContext) -> Any:  # noqa: N802
        return provider_pb2.GetMappingsResponse()

    def Cancel(self, request: Any, context: ServicerContext) -> Any:  # noqa: N802
        self._canceled.set()
        return Empty()

    # --- functions -----------------------------------------------------------------------------

    def Invoke(self, request: Any, context: ServicerContext) -> Any:  # noqa: N802
        given = decode(request.args)
        arguments = {key: item for key, item in reveal(given).items() if item is not None}
        response = provider_pb2.InvokeResponse()
        try:
            function = find_function(request.tok)
            region = arguments.pop("region", None)
            unknown = sorted(set(arguments) - function.arguments)
            if unknown:
                raise PluginError(
                    f"{request.tok}: the stand-in does not know the argument {', '.join(unknown)}. "
                    f"Allowed: {', '.join(sorted(function.arguments)) or 'none'}."
                )
            result = function.run(self._context(region), arguments)
            if region or "region" not in result:
                result = {**result, "region": region or self._configured().region}
        except Exception as error:
            self._refuse(context, error)
        getattr(response, "return").CopyFrom(encode(result))
        return response

    # --- resources -----------------------------------------------------------------------------

    def Check(self, request: Any, context: ServicerContext) -> Any:  # noqa: N802
        news = decode(request.news)
        marks = list(secret_paths(news))
        try:
            kind = find_resource(_type(request))
            inputs = checked(
                kind,
                {key: item for key, item in reveal(news).items() if item is not None},
                reveal(decode(request.olds)),
                self._configured(),
                name=_name(request),
                seed=request.randomSeed,
                proposed=request.autonaming.proposed_name,
            )
        except PluginError as error:
            self._refuse(context, error, grpc.StatusCode.INVALID_ARGUMENT)
        failures = [
            provider_pb2.CheckFailure(property=name, reason=reason)
            for name, reason in problems(kind, inputs)
        ]
        return provider_pb2.CheckResponse(inputs=_encode(inputs, marks), failures=failures)

    def Diff(self, request: Any, context: ServicerContext) -> Any:  # noqa: N802
        kind = find_resource(_type(request))
        # Against the state, as the published provider does: what AWS has, not what was asked for.
        news = reveal(decode(request.news))
        found = _heeded(kind, reveal(decode(request.olds)), news, request)
        detailed = {}
        for diff in found:
            suffix = "_REPLACE" if diff.replace else ""
            value = getattr(provider_pb2.PropertyDiff, diff.kind + suffix)
            detailed[diff.path] = provider_pb2.PropertyDiff(kind=value, inputDiff=True)
        return provider_pb2.DiffResponse(
            changes=_some(bool(found)),
            diffs=sorted({_top(diff.path) for diff in found}),
            replaces=[diff.path for diff in found if diff.replace],
            deleteBeforeReplace=deletes_first(kind, news),
            detailedDiff=detailed,
            hasDetailedDiff=True,
        )

    def Create(self, request: Any, context: ServicerContext) -> Any:  # noqa: N802
        given = decode(request.properties)
        inputs, marks = reveal(given), list(secret_paths(given))
        try:
            kind = find_resource(_type(request))
            if request.preview:
                unset = {name for name, spec in kind.inputs.items() if spec.computed}
                unknown = dict.fromkeys(("id", *kind.outputs, *unset), UNKNOWN)
                plan = {**unknown, **inputs}
                plan.pop(DEFAULTS, None)
                return provider_pb2.CreateResponse(properties=_encode(plan, marks))
            made, state = create(kind, self._resource_context(request, inputs), inputs)
        except CreatedError as error:
            self._fail_incomplete(context, error, inputs, marks)
        except Exception as error:
            self._refuse(context, error)
        return provider_pb2.CreateResponse(id=made, properties=_encode(state, marks))

    def Read(self, request: Any, context: ServicerContext) -> Any:  # noqa: N802
        given, state = decode(request.inputs), decode(request.properties)
        marks = [*secret_paths(given), *secret_paths(state)]
        inputs, known = reveal(given), {**reveal(state), **reveal(given)}
        try:
            kind = find_resource(_type(request))
            known = known or kind.from_id(request.id)
            aws = self._resource_context(request, known)
            found = live_state(kind, aws, request.id, known, self._configured())
        except Exception as error:
            self._refuse(context, error)
        if found is None:
            return provider_pb2.ReadResponse()
        return provider_pb2.ReadResponse(
            id=request.id,
            properties=_encode(found, marks),
            inputs=_encode(
                {**live_inputs(kind, inputs, found), DEFAULTS: inputs.get(DEFAULTS, [])}, marks
            ),
        )

    def Update(self, request: Any, context: ServicerContext) -> Any:  # noqa: N802
        given, state = decode(request.news), decode(request.olds)
        marks = [*secret_paths(given), *secret_paths(state)]
        new, old = reveal(given), reveal(state)
        try:
            kind = find_resource(_type(request))
            changed = frozenset(_top(found.path) for found in _heeded(kind, old, new, request))
            if request.preview:
                plan = planned(kind, old, new, changed)
                return provider_pb2.UpdateResponse(properties=_encode(plan, marks))
            aws = self._resource_context(request, new)
            result = update(kind, aws, request.id, old, new, changed)
        except CreatedError as error:
            self._fail_incomplete(context, error, new, marks)
        except Exception as error:
            self._refuse(context, error)
        return provider_pb2.UpdateResponse(properties=_encode(result, marks))

    def Delete(self, request: Any, context: ServicerContext) -> Any:  # noqa: N802
        state = {**reveal(decode(request.properties)), **reveal(decode(request.old_inputs))}
        try:
            kind = find_resource(_type(request))
            aws = self._resource_context(request, state)
            delete(kind, aws, request.id, state)
        except Exception as error:
            self._refuse(context, error)
        return Empty()

    # --- within --------------------------------------------------------------------------------

    def _configured(self) -> Configuration:
        if self._configuration is None:
            raise PluginError("The provider was asked for a resource before it was configured.")
        return self._configuration

    def _context(self, region: Any, name: str = "", timeout_seconds: float = 0) -> Context:
        configuration = self._configured()
        if self._session is None:
            raise PluginError("The provider was asked for AWS before it was configured.")
        return Context(
            self._session,
            region or configuration.region,
            name=name,
            timeout_seconds=timeout_seconds,
            canceled=self._canceled,
        )

    def _resource_context(self, request: Any, state: State) -> Context:
        return self._context(state.get("region"), _name(request), request.timeout)

    def _refuse(
        self,
        context: ServicerContext,
        error: Exception,
        code: grpc.StatusCode = grpc.StatusCode.UNKNOWN,
    ) -> NoReturn:
        context.abort(code, explain(error, self._session))
        raise AssertionError("abort always raises")

    def _fail_incomplete(
        self, context: ServicerContext, error: CreatedError, inputs: State, marks: list[Path]
    ) -> NoReturn:
        """Tell the engine that the resource exists although the operation failed."""
        reason = explain(error.cause, self._session)
        detail = provider_pb2.ErrorResourceInitFailed(
            id=error.id,
            properties=_encode(error.state, marks),
            inputs=_encode(inputs, marks),
            reasons=[reason],
        )
        status = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=reason)
        status.details.add().Pack(detail)
        context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
        context.abort(grpc.StatusCode.UNKNOWN, reason)
        raise AssertionError("abort always raises")


def _type(request: Any) -> str:
    return str(request.type or request.urn.split("::")[2].rsplit("$", 1)[-1])


def _name(request: Any) -> str:
    return str(request.name or request.urn.split("::", 3)[-1])


def _heeded(kind: ResourceType, old: State, new: State, request: Any) -> list[PropertyDiff]:
    """The differences but those that the program asks to ignore (`ignore_changes`)."""
    ignored = tuple(request.ignoreChanges)
    return [
        found
        for found in differences(kind, old, new)
        if not any(
            found.path == path or found.path.startswith((f"{path}.", f"{path}["))
            for path in ignored
        )
    ]


def _top(path: str) -> str:
    return path.split(".", 1)[0].split("[", 1)[0]


def _some(changed: bool) -> Any:
    changes = provider_pb2.DiffResponse
    return changes.DIFF_SOME if changed else changes.DIFF_NONE


def _encode(state: dict[str, Value], marks: list[Path]) -> Any:
    # What is derived from secret tags is as secret as they are.
    derived = [("tagsAll", *path[1:]) for path in marks if path[0] == "tags"]
    return encode(conceal(state, [*marks, *derived]))
