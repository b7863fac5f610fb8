"""`python -m rehearsal.plugins.aws <engine address>`: what the engine starts as
`pulumi-resource-aws`."""

from __future__ import annotations

import sys

from rehearsal.plugins.aws.provider import AwsProvider
from rehearsal.plugins.protocol.serving import serve

if __name__ == "__main__":
    print("aws plugin: a stand-in for rehearsal and tests, not the published one", file=sys.stderr)
    serve(AwsProvider())
