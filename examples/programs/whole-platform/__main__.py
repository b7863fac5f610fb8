"""The whole platform inside a program of your own: settings in code, one component."""

from pathlib import Path

import pulumi
from mwaa.components import Platform, PlatformArgs, Settings

# The keys and texts of a stack file, judged as one: all problems are named before any call.
settings = Settings.load(
    {
        "environmentName": "orders",
        "airflowVersion": "2.10.3",
        "availabilityZones": '["eu-west-1a", "eu-west-1b"]',
        "webserverClientCidrs": '["10.64.0.0/16"]',
    },
    region="eu-west-1",
    base=Path(__file__).parent,
)
platform = Platform("orders", PlatformArgs(settings=settings))

pulumi.export("webserverUrl", platform.environment.webserver_url)
pulumi.export("bucket", platform.outputs["bucketName"])
