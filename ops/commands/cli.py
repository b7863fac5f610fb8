"""``mwaa cli``: run a command of Airflow's own command line.

The web server runs the command and answers with what it printed. Source:
https://docs.aws.amazon.com/mwaa/latest/userguide/airflow-cli-command-reference.html
"""

import base64
import binascii
import json
import shlex
import sys

import typer

from ops import options
from ops.errors import FailedError, RefusedError
from ops.target import USABLE, resolve
from ops.web_server import Answer, cli_server

PERMISSIONS = (
    "airflow:GetEnvironment",
    "airflow:ListEnvironments",
    "airflow:CreateCliToken",
)
STATUSES = USABLE
EXAMPLES = (
    "mwaa cli --stack prod -- dags list -o json",
    "mwaa cli --environment prod -- dags trigger hello",
    "mwaa cli -- variables set team data",
)
# From the first word that is no option on, all is Airflow's, with and without --.
CONTEXT = {"allow_extra_args": True, "allow_interspersed_args": False}
# What starts a process, or changes an installation that the service manages, runs nowhere on MWAA.
# The page above is the list that counts; it differs between versions.
UNSUPPORTED = {
    ("api-server",): "MWAA runs the processes",
    ("celery",): "MWAA runs the processes",
    ("dag-processor",): "MWAA runs the processes",
    ("kerberos",): "MWAA runs the processes",
    ("scheduler",): "MWAA runs the processes",
    ("standalone",): "MWAA runs the processes",
    ("triggerer",): "MWAA runs the processes",
    ("webserver",): "MWAA runs the processes",
    ("db", "init"): "MWAA owns the metadata database",
    ("db", "migrate"): "MWAA owns the metadata database",
    ("db", "reset"): "MWAA owns the metadata database",
    ("db", "shell"): "there is no terminal behind the web server",
    ("db", "upgrade"): "MWAA owns the metadata database",
    ("rotate-fernet-key",): "MWAA owns the fernet key",
    ("users", "create"): "users are IAM identities",
    ("users", "delete"): "users are IAM identities",
    ("users", "reset-password"): "users are IAM identities",
}


def run(
    context: typer.Context,
    environment: options.Environment = "",
    stack: options.Stack = "",
    profile: options.Profile = "",
    region: options.Region = "",
) -> None:
    """Everything after -- goes to Airflow. Standard output, standard error and the exit code are
    those of the command. The web server must be reachable from here. Commands that start processes
    or change the installation are not supported by MWAA and are refused."""
    words = list(context.args)
    if words[:1] == ["airflow"]:
        words = words[1:]
    if not words:
        raise RefusedError("which command? Write it after --, as in `mwaa cli -- dags list`")
    _supported(words)
    target = resolve(
        environment=environment, stack=stack, profile=profile, region=region, statuses=STATUSES
    )
    answer = cli_server(target).request(
        "POST", "/aws_mwaa/cli", shlex.join(words).encode(), {"Content-Type": "text/plain"}
    )
    if answer.status in {401, 403}:
        raise RefusedError(
            f"the web server refused the token ({answer.status}): the identity needs "
            f"airflow:CreateCliToken on {target.description['Arn']}"
        )
    printed, complaints = _streams(answer)
    sys.stdout.write(printed)
    sys.stderr.write(complaints)
    if answer.status >= 400:
        raise FailedError("")


def _supported(words: list[str]) -> None:
    for command, why in UNSUPPORTED.items():
        if tuple(words[: len(command)]) == command:
            names = ", ".join(" ".join(one) for one in UNSUPPORTED)
            raise RefusedError(
                f"MWAA does not support `airflow {' '.join(command)}`: {why}. Unsupported are "
                f"{names}"
            )


def _streams(answer: Answer) -> tuple[str, str]:
    """Standard output and standard error; both come as base64 in a JSON object."""
    try:
        document = json.loads(answer.body)
        out, err = (
            base64.b64decode(document.get(name) or "").decode("utf-8", "replace")
            for name in ("stdout", "stderr")
        )
        return out, err
    except (ValueError, AttributeError, binascii.Error):
        # A proxy, or a web server that is not up yet, answers with a page.
        raise RefusedError(
            f"the web server answered {answer.status} with something that is no CLI result: "
            f"{answer.body[:200].decode('utf-8', 'replace')!r}"
        ) from None
