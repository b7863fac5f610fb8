"""Keeps the key of the stacks' secrets, and answers at once.

A passphrase is stretched in every run of the engine, which takes as long as its start. A key that a
service keeps is asked for: here one that speaks as much of Vault's transit engine as the engine of
Pulumi needs. `make up` and its tests have the passphrase.
Source: https://developer.hashicorp.com/vault/api-docs/secret/transit
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

PROVIDER = "hashivault://tests"
# Guards nothing: what it encrypts are the made-up secrets of a state that ends with the tests.
_KEY = b64encode(b"one key for all stacks of a test".ljust(32)).decode()


class _Transit(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_PUT(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        wrapped = self.path.startswith("/v1/transit/encrypt/")
        data = {"ciphertext": "vault:v1:tests"} if wrapped else {"plaintext": _KEY}
        answer = json.dumps({"data": data}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Nothing: each run of the engine would be a line."""


@cache
def variables() -> Mapping[str, str]:
    """What the engine needs to ask for the key; the first call begins to answer, until the process
    ends."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Transit)
    Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    return {"VAULT_SERVER_URL": address, "VAULT_SERVER_TOKEN": "tests"}
