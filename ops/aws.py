"""The AWS account a verb speaks to: clients with one configuration, made when first needed.

boto3 is imported on first use: it costs more than everything else a verb loads.
"""

import os
from dataclasses import dataclass
from functools import cache, cached_property
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from ops.credentials import ProviderCredentials

if TYPE_CHECKING:
    import boto3
    from botocore.config import Config
    from botocore.loaders import Loader
    from botocore.session import Session
    from mypy_boto3_mwaa import MWAAClient
    from mypy_boto3_s3 import S3Client

CONNECTIONS = 32
ASK_FROM = 1 << 20  # bytes; S3 is asked before a larger body is sent


@dataclass(frozen=True)
class AwsSession:
    """Credentials and region: ``profile`` and ``region`` empty mean the SDK's own defaults.

    ``provider`` are a provider's credentials, to ask as it does instead of as ``profile``.
    ``attempts`` is how often a request may be sent; 1 for one that must not take effect twice.
    """

    profile: str = ""
    region: str = ""
    attempts: int = 8
    provider: ProviderCredentials | None = None

    @cached_property
    def core(self) -> "Session":
        """botocore's session, which boto3's wraps: a tenth of a second quicker to have alone."""
        # The SDK reads AWS_DEFAULT_REGION only; other AWS tools and the provider AWS_REGION.
        region = self.region or os.environ.get("AWS_REGION", "")
        made = (self.provider or ProviderCredentials(profile=self.profile)).session(region)
        made.register_component("data_loader", _loader(made.get_config_variable("data_path")))
        return made

    @cached_property
    def session(self) -> "boto3.Session":
        """The session every client shares, in boto3's form."""
        import boto3

        return boto3.Session(botocore_session=self.core)

    @cached_property
    def config(self) -> "Config":
        """Retries that outlast throttling, and connections for many threads."""
        return client_config(
            os.environ.get("AWS_ENDPOINT_URL", ""),
            retries={"mode": "standard", "total_max_attempts": self.attempts},
            max_pool_connections=CONNECTIONS,
            connect_timeout=10,
            read_timeout=60,
        )

    @cached_property
    def mwaa(self) -> "MWAAClient":
        """The MWAA client."""
        client: MWAAClient = self.client("mwaa")
        return client

    @cached_property
    def s3(self) -> "S3Client":
        """The S3 client; thread-safe, shared by transfers."""
        client: S3Client = self.client("s3")
        client.meta.events.register_last("before-call.s3", _send_at_once)
        return client

    @property
    def region_name(self) -> str:
        """The region that is asked; ``NoRegionError`` where none is set."""
        from botocore.exceptions import NoRegionError

        name: str | None = self.session.region_name
        if not name:
            raise NoRegionError
        return name

    def client(self, service: str) -> Any:
        """A new client; ``service`` is a name that the typed overloads do not know."""
        wrapped = self.__dict__.get("session")
        make: Any = wrapped.client if wrapped else self.core.create_client
        return make(service, config=self.config)


def client_config(endpoint: str, **options: Any) -> "Config":
    """How a client speaks to ``endpoint``; empty: to AWS. ``options`` are botocore's own."""
    from botocore.config import Config

    # MWAA puts `api.` or `env.` before the host, which no loopback address resolves.
    if (urlsplit(endpoint).hostname or "") in {"127.0.0.1", "localhost", "::1"}:
        options["inject_host_prefix"] = False
    return Config(**options)


def _send_at_once(params: dict[str, Any], **_: Any) -> None:
    # botocore asks before every upload whether the body may follow, and waits for the answer. For
    # small files, as DAGs are, asking takes longer than sending.
    body = params.get("body")
    if isinstance(body, BytesIO) and body.getbuffer().nbytes <= ASK_FROM:
        params["headers"].pop("Expect", None)


@cache
def _loader(paths: str | None) -> "Loader":
    """The SDK's loader of service descriptions, without its look into each of 400 folders.

    To know a service's name it lists every one of them, twice; that takes longer than all else a
    client needs. The folders' names suffice: an absent description is still an error of its own.
    """
    from botocore.loaders import Loader

    class Names(Loader):
        def list_available_services(self, type_name: str) -> list[str]:
            roots = [Path(path) for path in dict.fromkeys(self.search_paths)]
            return sorted(
                {entry.name for root in roots if root.is_dir() for entry in root.iterdir()}
            )

    extra = [os.path.expandvars(path) for path in (paths or "").split(os.pathsep) if path]
    return Names(extra_search_paths=[str(Path(path).expanduser()) for path in extra])
