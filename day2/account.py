"""The AWS account a verb speaks to: clients with one configuration, made when first needed.

boto3 is imported on first use: it costs more than everything else a verb loads.
"""

import os
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    import boto3
    from botocore.config import Config
    from mypy_boto3_mwaa import MWAAClient
    from mypy_boto3_s3 import S3Client

CONNECTIONS = 32


@dataclass(frozen=True)
class Account:
    """Credentials and region: ``profile`` and ``region`` empty mean the SDK's own defaults."""

    profile: str = ""
    region: str = ""

    @cached_property
    def session(self) -> "boto3.Session":
        """The session every client shares."""
        import boto3

        return boto3.Session(
            profile_name=self.profile or None,
            # The SDK reads AWS_DEFAULT_REGION only; other AWS tools and the provider AWS_REGION.
            region_name=self.region or os.environ.get("AWS_REGION") or None,
        )

    @cached_property
    def config(self) -> "Config":
        """Retries that outlast throttling; no host prefix where the endpoint is loopback."""
        from botocore.config import Config

        host = urlsplit(os.environ.get("AWS_ENDPOINT_URL", "")).hostname or ""
        options: dict[str, Any] = {
            "retries": {"mode": "standard", "total_max_attempts": 8},
            "max_pool_connections": CONNECTIONS,
            "connect_timeout": 10,
            "read_timeout": 60,
        }
        # MWAA puts `api.` or `env.` before the host, which no loopback address resolves.
        if host in {"127.0.0.1", "localhost", "::1"}:
            options["inject_host_prefix"] = False
        return Config(**options)

    @cached_property
    def mwaa(self) -> "MWAAClient":
        """The MWAA client."""
        return self.session.client("mwaa", config=self.config)

    @cached_property
    def s3(self) -> "S3Client":
        """The S3 client; thread-safe, shared by transfers."""
        return self.session.client("s3", config=self.config)
