"""`python -m rehearsal.plugins.awsx <engine address>`: what the engine starts as
`pulumi-resource-awsx`."""

from __future__ import annotations

import asyncio
import sys

from rehearsal.plugins.awsx.provider import serve

if __name__ == "__main__":
    print("awsx plugin: a stand-in for rehearsal and tests, not the published one", file=sys.stderr)
    asyncio.run(serve(sys.argv[1] if len(sys.argv) > 1 else ""))
