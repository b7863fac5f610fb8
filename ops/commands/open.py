"""``mwaa open``: open the Airflow UI in a browser, logged in.

The login address carries a token, so it is neither printed by default nor put on a command line,
where other users of the machine could read it: the browser is sent to a loopback address that
redirects once.
"""

import http.server
import secrets
import threading
import webbrowser
from typing import Annotated

import typer

from ops import options
from ops.errors import RefusedError
from ops.target import USABLE, resolve
from ops.terminal import Format, emit, say
from ops.web_server import login_url

PERMISSIONS = (
    "airflow:GetEnvironment",
    "airflow:ListEnvironments",
    "airflow:CreateWebLoginToken",
)
STATUSES = USABLE
EXAMPLES = ("mwaa open --stack prod", "mwaa open --environment prod --print")
TOKEN_SECONDS = 60.0  # https://docs.aws.amazon.com/mwaa/latest/userguide/call-mwaa-apis-web.html


def run(
    environment: options.Environment = "",
    stack: options.Stack = "",
    print_url: Annotated[
        bool, typer.Option("--print", help="Print the login address instead; it holds a token.")
    ] = False,
    profile: options.Profile = "",
    region: options.Region = "",
    form: options.Form = Format.TEXT,
) -> None:
    """Opens the UI with a login that is valid for 60 seconds. A private web server is reached only
    from inside its VPC or a VPN."""
    target = resolve(
        environment=environment, stack=stack, profile=profile, region=region, statuses=STATUSES
    )
    answer = target.aws.mwaa.create_web_login_token(Name=target.name)
    url = login_url(target, answer["WebServerHostname"], answer["WebToken"])
    if print_url:
        emit(form, {"environment": target.name, "url": url}, lambda: url)
        return
    redirect(url)
    host = answer["WebServerHostname"]
    home = f"{url.partition('//')[0]}//{host}/home"
    emit(form, {"environment": target.name, "host": host}, lambda: f"opened {home}")


def redirect(url: str, seconds: float = TOKEN_SECONDS) -> None:
    """Send the browser to ``url`` by way of a loopback address that answers once."""
    path = f"/{secrets.token_urlsafe(16)}"
    served = threading.Event()

    class Once(http.server.BaseHTTPRequestHandler):
        """Redirects the one request that knows the path."""

        def do_GET(self) -> None:
            """Answer with the redirect, or with 404."""
            if self.path != path or served.is_set():
                self.send_error(404)
                return
            self.send_response(302)
            self.send_header("Location", url)
            self.send_header("Cache-Control", "no-store")
            self.send_header("Referrer-Policy", "no-referrer")
            self.end_headers()
            served.set()

        def log_message(self, *_: object) -> None:
            """Nothing about a request with a token is logged."""

    server = http.server.HTTPServer(("127.0.0.1", 0), Once)
    server.timeout = 0.5
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1})
    thread.start()
    try:
        if not webbrowser.open(f"http://127.0.0.1:{server.server_port}{path}"):
            raise RefusedError(
                "no browser could be started here: use --print, and open the address"
            )
        say("waiting for the browser")
        if not served.wait(seconds):
            raise RefusedError("the browser did not come for the login: use --print")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
