"""The messages load without the SDK, and the SDK still loads after them."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import sys
from rehearsal.plugins.protocol import stubs
assert "pulumi" not in sys.modules, "the SDK was loaded"
import pulumi
from pulumi.runtime.proto import provider_pb2
assert pulumi.Output is not None
assert provider_pb2 is stubs.provider_pb2, "two sets of messages"
"""


def test_messages_load_without_the_sdk() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
