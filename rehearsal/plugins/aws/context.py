"""What a resource type may use while it serves one request: clients, identity, waiting.

Clients are made once per service and region and shared by all threads. botocore is loaded on the
first use, not at start: a preview that asks AWS nothing never pays for it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from mwaa.names import partition_of
from ops.aws import client_config
from ops.credentials import ProviderCredentials

# Loose on purpose: clients are generated from service models at run time.
Client = Any


class PluginError(Exception):
    """The request cannot be served; the text is for the user as it stands."""


class GoneError(PluginError):
    """The resource is not in the account (any more)."""


def require_loopback(endpoint: str | None) -> str:
    """The endpoint itself. Raises PluginError unless it is an address of this machine."""
    if not endpoint:
        raise PluginError(
            "AWS_ENDPOINT_URL is not set. This plugin is a stand-in for rehearsal and works only "
            "with the emulated AWS on this machine, for example http://127.0.0.1:5000. "
            'Set up the shell with: eval "$(make -s env)". For a real account use the published '
            "aws plugin (a shell without the rehearsal's PULUMI_HOME)."
        )
    host = urlsplit(endpoint).hostname or ""
    try:
        loopback = host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        raise PluginError(
            f"AWS_ENDPOINT_URL is {endpoint!r}. Allowed: a loopback address such as "
            "http://127.0.0.1:5000, because this plugin is a stand-in for rehearsal and must never "
            'reach a real account. Set up the shell with: eval "$(make -s env)".'
        )
    return endpoint


class Session:
    """The emulated account behind one configured provider. Safe for many threads."""

    def __init__(self, endpoint: str, region: str, credentials: ProviderCredentials) -> None:
        self.endpoint = endpoint
        self.region = region
        self._credentials = credentials
        self._clients: dict[tuple[str, str], Client] = {}
        self._identity: dict[str, str] | None = None
        self._boto: Any = None
        self._lock = threading.RLock()

    def client(self, service: str, region: str) -> Client:
        """The shared client of a service (boto's name of it) in a region."""
        key = (service, region)
        with self._lock:
            if key not in self._clients:
                self._clients[key] = self._make(service, region)
            return self._clients[key]

    def _make(self, service: str, region: str) -> Client:
        if self._boto is None:
            self._boto = self._credentials.session(self.region)
        return self._boto.create_client(
            service,
            region_name=region,
            endpoint_url=self.endpoint,
            config=client_config(
                self.endpoint,
                max_pool_connections=64,
                connect_timeout=5,
                retries={"total_max_attempts": 3},
                s3={"addressing_style": "path"},
            ),
        )

    def identity(self) -> dict[str, str]:
        """The caller: `Account`, `Arn`, `UserId`. Asked once."""
        with self._lock:
            if self._identity is None:
                answer = self.client("sts", self.region).get_caller_identity()
                self._identity = {key: answer[key] for key in ("Account", "Arn", "UserId")}
            return self._identity


class Context:
    """One request: `name` is the resource's logical name, `timeout_seconds` 0 is none."""

    def __init__(
        self,
        session: Session,
        region: str,
        *,
        name: str = "",
        timeout_seconds: float = 0,
        canceled: threading.Event | None = None,
    ) -> None:
        self.session = session
        self.region = region
        self.name = name
        self.timeout_seconds = timeout_seconds
        self.made: str | None = None
        self._canceled = canceled or threading.Event()

    def client(self, service: str) -> Client:
        """The service's client in the resource's region."""
        return self.session.client(service, self.region)

    @property
    def account(self) -> str:
        """The account's twelve digits."""
        return self.session.identity()["Account"]

    @property
    def partition(self) -> str:
        """The partition of the resource's region."""
        return partition_of(self.region)

    def arn(self, service: str, resource: str, *, account: bool = True) -> str:
        """An ARN in the resource's region; S3 has neither region nor account."""
        where = f"{self.region}:{self.account}" if account else ":"
        return f"arn:{self.partition}:{service}:{where}:{resource}"

    def created(self, resource_id: str) -> str:
        """Note that the resource exists from here on, so that a later failure keeps it in state."""
        self.made = resource_id
        return resource_id

    def wait(
        self,
        done: Callable[[], bool],
        what: str,
        *,
        default_seconds: float,
        longest_pause: float = 1.0,
    ) -> None:
        """Ask until done; pauses double from 50 ms up to `longest_pause` seconds.

        Raises PluginError when the resource's timeout is over or the update was canceled.
        """
        seconds = self.timeout_seconds or default_seconds
        end = time.monotonic() + seconds
        pause_seconds = 0.05
        while not done():
            if time.monotonic() > end:
                raise PluginError(
                    f"Waited {seconds:.0f} s (the resource's timeout) for {what} without success."
                )
            if self._canceled.wait(pause_seconds):
                raise PluginError(f"Canceled while waiting for {what}.")
            pause_seconds = min(pause_seconds * 2, longest_pause)

    def wait_deleted(self, state: Callable[[], str], what: str, *, default_seconds: float) -> None:
        """Ask until ``state`` is "deleted", or AWS knows no such thing any more; see ``wait``."""

        def gone() -> bool:
            try:
                return state() == "deleted"
            except Exception as error:
                if is_gone(error):
                    return True
                raise

        self.wait(gone, f"{what} to be deleted", default_seconds=default_seconds)


_GONE = ("NotFound", "NotFoundException", "NotFoundError", "404")
_GONE_PREFIXES = ("NoSuch",)


def is_gone(error: Exception) -> bool:
    """Whether AWS's answer means that the thing does not exist."""
    code = error_code(error)
    return code.endswith(_GONE) or code.startswith(_GONE_PREFIXES) or isinstance(error, GoneError)


def error_code(error: Exception) -> str:
    """AWS's error code, or an empty string for any other error."""
    response = getattr(error, "response", None)
    return str(response["Error"].get("Code", "")) if isinstance(response, dict) else ""


def explain(error: Exception, session: Session | None) -> str:
    """One line for the user."""
    response = getattr(error, "response", None)
    if isinstance(response, dict):
        operation = getattr(error, "operation_name", "the operation")
        detail = response["Error"]
        return f"AWS refused {operation}: {detail.get('Code')}: {detail.get('Message')}"
    if type(error).__name__ in ("EndpointConnectionError", "ConnectionClosedError"):
        where = session.endpoint if session else "its address"
        return (
            f"The emulated AWS at {where} does not answer. Start it again with: make up "
            "(or python -m rehearsal serve)."
        )
    if isinstance(error, PluginError | ValueError | OSError):
        return str(error)
    return f"The rehearsal's aws plugin failed: {type(error).__name__}: {error}"
