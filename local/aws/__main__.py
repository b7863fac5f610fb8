"""`python -m local.aws <engine address>`: what the engine starts as `pulumi-resource-aws`."""

from __future__ import annotations

import sys

from local.aws.provider import AwsProvider
from local.protocol.serving import serve

if __name__ == "__main__":
    print("aws plugin: a stand-in for rehearsal and tests, not the published one", file=sys.stderr)
    serve(AwsProvider())
