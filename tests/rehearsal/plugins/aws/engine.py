"""A tiny engine: asks the provider over gRPC what the real one asks, in the same order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import grpc
from google.protobuf.struct_pb2 import Struct

from rehearsal.plugins.protocol.properties import decode, encode
from rehearsal.plugins.protocol.stubs import provider_pb2, provider_pb2_grpc, status_pb2

SEED = b"0123456789abcdef"


class CheckError(Exception):
    """The provider refused the inputs; `failures` maps properties to reasons."""

    def __init__(self, failures: dict[str, str]) -> None:
        super().__init__(str(failures))
        self.failures = failures


@dataclass
class Made:
    """A resource as the engine's state holds it; values keep their secret marks."""

    type: str
    name: str
    id: str
    inputs: dict[str, Any]
    outputs: dict[str, Any]


class Engine:
    """Drives one provider over one channel."""

    def __init__(self, port: int) -> None:
        self.channel = grpc.insecure_channel(f"127.0.0.1:{port}")
        self.stub = provider_pb2_grpc.ResourceProviderStub(self.channel)

    def configure(self, **settings: Any) -> None:
        self.stub.Configure(
            provider_pb2.ConfigureRequest(args=encode(settings), acceptSecrets=True)
        )

    def check(self, type_: str, name: str, news: dict[str, Any], olds: Any = None) -> Any:
        answer = self.stub.Check(
            provider_pb2.CheckRequest(
                urn=_urn(type_, name),
                type=type_,
                name=name,
                olds=encode(olds or {}),
                news=encode(news),
                randomSeed=SEED,
            )
        )
        if answer.failures:
            raise CheckError({found.property: found.reason for found in answer.failures})
        return decode(answer.inputs)

    def plan(self, type_: str, inputs: dict[str, Any], name: str = "it") -> dict[str, Any]:
        inputs = self.check(type_, name, inputs)
        return decode(self._create(type_, name, inputs, preview=True).properties)

    def create(self, type_: str, inputs: dict[str, Any], name: str = "it") -> Made:
        inputs = self.check(type_, name, inputs)
        answer = self._create(type_, name, inputs, preview=False)
        return Made(type_, name, answer.id, inputs, decode(answer.properties))

    def _create(self, type_: str, name: str, inputs: dict[str, Any], *, preview: bool) -> Any:
        return self.stub.Create(
            provider_pb2.CreateRequest(
                urn=_urn(type_, name),
                type=type_,
                name=name,
                properties=encode(inputs),
                preview=preview,
                timeout=20,
            )
        )

    def diff(self, made: Made, news: dict[str, Any]) -> Any:
        checked = self.check(made.type, made.name, news, made.inputs)
        return self.stub.Diff(
            provider_pb2.DiffRequest(
                id=made.id,
                urn=_urn(made.type, made.name),
                type=made.type,
                name=made.name,
                olds=encode(made.outputs),
                old_inputs=encode(made.inputs),
                news=encode(checked),
            )
        )

    def changes(self, made: Made, news: dict[str, Any]) -> dict[str, str]:
        """Path -> kind of every difference."""
        detailed = self.diff(made, news).detailedDiff
        kinds = provider_pb2.PropertyDiff.Kind
        return {path: kinds.Name(found.kind) for path, found in detailed.items()}

    def update(self, made: Made, news: dict[str, Any], *, preview: bool = False) -> Made:
        checked = self.check(made.type, made.name, news, made.inputs)
        answer = self.stub.Update(
            provider_pb2.UpdateRequest(
                id=made.id,
                urn=_urn(made.type, made.name),
                type=made.type,
                name=made.name,
                olds=encode(made.outputs),
                old_inputs=encode(made.inputs),
                news=encode(checked),
                preview=preview,
                timeout=20,
            )
        )
        return Made(made.type, made.name, made.id, checked, decode(answer.properties))

    def read(self, made: Made) -> Made | None:
        """A refresh; None when the resource is gone."""
        return self._read(made.type, made.name, made.id, made.inputs, made.outputs)

    def adopt(self, type_: str, resource_id: str, name: str = "it") -> Made | None:
        """An import."""
        return self._read(type_, name, resource_id, {}, {})

    def _read(self, type_: str, name: str, id_: str, inputs: Any, outputs: Any) -> Made | None:
        answer = self.stub.Read(
            provider_pb2.ReadRequest(
                id=id_,
                urn=_urn(type_, name),
                type=type_,
                name=name,
                inputs=encode(inputs),
                properties=encode(outputs),
            )
        )
        if not answer.id:
            return None
        return Made(type_, name, answer.id, decode(answer.inputs), decode(answer.properties))

    def delete(self, made: Made) -> None:
        self.stub.Delete(
            provider_pb2.DeleteRequest(
                id=made.id,
                urn=_urn(made.type, made.name),
                type=made.type,
                name=made.name,
                properties=encode(made.outputs),
                old_inputs=encode(made.inputs),
                timeout=20,
            )
        )

    def invoke(self, token: str, **arguments: Any) -> dict[str, Any]:
        answer = self.stub.Invoke(provider_pb2.InvokeRequest(tok=token, args=encode(arguments)))
        result: Struct = getattr(answer, "return")
        return decode(result)


def init_failure(error: grpc.RpcError) -> Any:
    """The `ErrorResourceInitFailed` in the error's details, or None."""
    for key, value in error.trailing_metadata() or ():
        if key == "grpc-status-details-bin":
            status = status_pb2.Status.FromString(value)
            detail = provider_pb2.ErrorResourceInitFailed()
            status.details[0].Unpack(detail)
            return detail
    return None


def _urn(type_: str, name: str) -> str:
    return f"urn:pulumi:test::mwaa::{type_}::{name}"
