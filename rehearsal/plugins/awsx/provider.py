"""The provider service of the awsx stand-in: it constructs components and nothing else."""

from __future__ import annotations

import asyncio
import signal
import sys
from importlib.metadata import version
from typing import Any

import grpc
import pulumi
import pulumi.provider as provider
from pulumi.errors import InputPropertyError
from pulumi.provider.server import ProviderServicer
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from rehearsal.plugins.awsx.layout import LayoutError
from rehearsal.plugins.awsx.vpc import TOKEN, Vpc
from rehearsal.plugins.protocol.serving import MESSAGE_BYTES


class AwsxProvider(provider.Provider):
    """Constructs `awsx:ec2:Vpc`; any other component is refused by name."""

    def __init__(self) -> None:
        super().__init__(version("pulumi-awsx"))

    def construct(
        self,
        name: str,
        resource_type: str,
        inputs: pulumi.Inputs,
        options: pulumi.ResourceOptions | None = None,
    ) -> provider.ConstructResult:
        if resource_type != TOKEN:
            raise InputPropertyError(
                "", f"The stand-in for rehearsal has only {TOKEN}, not {resource_type}."
            )
        try:
            vpc = Vpc(name, inputs, options or pulumi.ResourceOptions())
        except LayoutError as error:
            raise InputPropertyError(error.property, error.reason) from error
        return provider.ConstructResult(vpc.urn, vpc.state())


class AwsxServicer(ProviderServicer):
    """The SDK's servicer, with answers to what it leaves unanswered and would log as failures."""

    async def Handshake(self, request: Any, context: Any) -> Any:  # noqa: N802
        self.engine_address = request.engine_address or self.engine_address
        return provider_pb2.ProviderHandshakeResponse(
            accept_secrets=True, accept_resources=True, accept_outputs=True
        )

    async def CheckConfig(self, request: Any, context: Any) -> Any:  # noqa: N802
        return provider_pb2.CheckResponse(inputs=request.news)

    async def DiffConfig(self, request: Any, context: Any) -> Any:  # noqa: N802
        return provider_pb2.DiffResponse(changes=provider_pb2.DiffResponse.DIFF_NONE)

    async def GetPluginInfo(self, request: Any, context: Any) -> Any:  # noqa: N802
        return plugin_pb2.PluginInfo(version=version("pulumi-awsx"))


async def serve(engine_address: str) -> None:
    """Announce the port on stdout and serve until SIGINT or SIGTERM; ends quietly."""
    server = grpc.aio.server(
        options=[
            ("grpc.max_receive_message_length", MESSAGE_BYTES),
            ("grpc.max_send_message_length", MESSAGE_BYTES),
        ]
    )
    servicer = AwsxServicer(AwsxProvider(), [], engine_address=engine_address)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer, server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ended.set)
    await ended.wait()
    await server.stop(grace=None)
