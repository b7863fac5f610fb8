"""boto3 clients that talk to the emulated AWS inside this process, for any account and region.

The MWAA backend reads and changes its surroundings by Describe, Create and Delete calls, exactly
as the service does, and not through moto's model objects: AWS's API is the stable seam.
"""

import threading
from collections.abc import Callable
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import boto3
import botocore.session
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from botocore.config import Config
from botocore.loaders import Loader, create_loader
from werkzeug.test import EnvironBuilder, run_wsgi_app

Wsgi = Callable[[dict[str, Any], Any], Any]


@cache
def loader(folders: str | None = None) -> Loader:
    """Reads the models in botocore's folders and in those given, each once in this process."""
    return create_loader(folders)


class _RawBody:
    """The one method that botocore calls on the body of a response."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def stream(self, **_: Any) -> Any:
        yield self._body

    def read(self, _amount: int | None = None) -> bytes:
        body, self._body = self._body, b""
        return body


class Accounts:
    """Sessions by account. ``connect`` names the WSGI application that answers."""

    def __init__(self) -> None:
        self._wsgi: Wsgi | None = None
        self._sessions: dict[str, boto3.Session] = {}
        self._clients: dict[tuple[str, str, str], Any] = {}
        self._lock = threading.RLock()

    def connect(self, wsgi: Wsgi) -> None:
        """Let ``wsgi`` answer all clients made here."""
        self._wsgi = wsgi

    def session(self, account: str, region: str) -> boto3.Session:
        """A boto3 session whose every request is answered in this process."""
        core = botocore.session.Session()
        core.register_component("data_loader", loader())
        core.set_credentials("AKIAEMULATEDSERVICE0", "not-a-secret")
        core.set_config_variable("region", region)
        core.set_default_client_config(
            Config(
                inject_host_prefix=False,
                retries={"total_max_attempts": 1},
                s3={"addressing_style": "path"},
            )
        )

        def answer(request: AWSPreparedRequest, **_: Any) -> AWSResponse:
            return self._answer(account, request)

        # The same documented event that moto's own stubber answers.
        core.get_component("event_emitter").register_first("before-send", answer)
        return boto3.Session(botocore_session=core)

    def client(self, service: Any, account: str, region: str) -> Any:
        """A client of ``service`` as ``account`` in ``region``; made once."""
        key = (service, account, region)
        with self._lock:
            if key not in self._clients:
                session = self._sessions.get(account)
                if session is None:
                    session = self._sessions[account] = self.session(account, region)
                self._clients[key] = session.client(service, region_name=region)
            return self._clients[key]

    def _answer(self, account: str, request: AWSPreparedRequest) -> AWSResponse:
        if self._wsgi is None:
            raise RuntimeError("no application is connected: call connect() first")
        headers = {
            name: value.decode() if isinstance(value, bytes) else str(value)
            for name, value in request.headers.items()
        }
        headers["x-moto-account-id"] = account
        body: Any = request.body
        if hasattr(body, "read"):
            body = body.read()
        url = urlsplit(request.url)
        builder = EnvironBuilder(
            path=url.path or "/",
            method=request.method,
            query_string=url.query,
            headers=list(headers.items()),
            data=body.encode() if isinstance(body, str) else body,
            base_url=f"{url.scheme}://{url.netloc}",
        )
        answer, status, received = run_wsgi_app(self._wsgi, builder.get_environ(), buffered=True)
        return AWSResponse(
            request.url,
            int(status.split()[0]),
            HTTPHeaders.from_pairs(list(received)),
            _RawBody(b"".join(answer)),
        )
