"""How a plugin starts: bind a loopback port, announce it on the first line of stdout, serve.

Source: https://pulumi-developer-docs.readthedocs.io/latest/docs/references/plugins.html
"""

from __future__ import annotations

import signal
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from types import FrameType

import grpc

from rehearsal.plugins.protocol.stubs import provider_pb2_grpc

# Plans hold whole policy documents and assets; the engine itself allows this much.
MESSAGE_BYTES = 400 * 1024 * 1024
# One thread per request in flight. The engine's default parallelism is a few times the cores, and
# a request that waits for AWS sleeps.
WORKERS = 64


def bind(servicer: provider_pb2_grpc.ResourceProviderServicer) -> tuple[grpc.Server, int]:
    """A started server for the provider, and its port on 127.0.0.1."""
    server = grpc.server(
        ThreadPoolExecutor(max_workers=WORKERS, thread_name_prefix="provider"),
        options=[
            ("grpc.max_receive_message_length", MESSAGE_BYTES),
            ("grpc.max_send_message_length", MESSAGE_BYTES),
        ],
    )
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    return server, port


def serve(servicer: provider_pb2_grpc.ResourceProviderServicer) -> None:
    """Announce the provider to the engine and serve until SIGINT or SIGTERM; ends quietly."""
    ended = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        ended.set()

    signal.signal(signal.SIGINT, end)
    signal.signal(signal.SIGTERM, end)
    server, port = bind(servicer)
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    ended.wait()
    server.stop(grace=None)
