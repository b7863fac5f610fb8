"""HTTP/1.1 with kept connections around the gateway."""

import socket
import sys
from contextlib import suppress
from typing import Any, cast

from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.serving import ThreadedWSGIServer

from rehearsal.emulator.gateway import LostAnswerError


class Handler(MotoRequestHandler):
    """Keep-alive, which werkzeug's own handler does not do: it cannot know whether an
    application has read the whole request, and the gateway always has. No line per request:
    the request log is better at that."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # an answer leaves in one piece
    disable_nagle_algorithm = True

    def run_wsgi(self) -> None:
        if cast("Server", self.server).is_closing:
            self.close_connection = True  # came in on a kept connection, too late to count
            return
        answer: list[Any] = []

        def start(*head: Any) -> Any:
            answer.extend(head)

        try:
            body = b"".join(self.server.app(self.make_environ(), start))
        except LostAnswerError:
            # A client must not wait for the rest of it.
            self.close_connection = True
            return
        except Exception:
            self.send_error(500)  # and the traceback to the server's own log
            raise
        status, headers, *_ = answer
        code, _, reason = status.partition(" ")
        self.send_response(int(code), reason)
        for name, value in headers:
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":  # its answer ends with the headers
            self.wfile.write(body)

    def handle_expect_100(self) -> bool:
        may_go_on = super().handle_expect_100()
        self.wfile.flush()
        return may_go_on

    def log_request(self, *_: Any) -> None:
        pass

    def log(self, type: str, message: str, *args: Any) -> None:
        if type == "error":
            sys.stderr.write(f"emulated AWS: {message % args if args else message}\n")


class Server(ThreadedWSGIServer):
    """A thread for each connection. A connection is kept until its client or the server ends it."""

    daemon_threads = True
    # Otherwise every answered connection is remembered until the end.
    block_on_close = False

    def __init__(self, host: str, port: int, app: Any) -> None:
        self.is_closing = False
        self._open: set[socket.socket] = set()
        super().__init__(host, port, app, Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def server_close(self) -> None:
        """No request on a kept connection after this; those begun get their answer."""
        self.is_closing = True
        super().server_close()
        for kept in tuple(self._open):
            with suppress(OSError):
                kept.shutdown(socket.SHUT_RD)

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)
