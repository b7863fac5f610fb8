"""What the containers of an environment write when something is wrong, and what it means.

Sources, read 2026-11-27: MWAA's images at 9d2bebb (``python/mwaa/utils/user_requirements.py``,
``config/setup_environment.py``, ``subprocess/conditions.py``, ``logging/cloudwatch_handlers.py``,
``bin/airflow-user/post-startup-script-verification``; the same from 2.9.2 to 3.3.1) at
https://github.com/aws/amazon-mwaa-docker-images, pip's own messages in
https://github.com/pypa/pip/tree/main/src/pip/_internal, bash, botocore and psycopg2.
"""

import re
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Sign:
    """A message that tells a cause. ``meaning`` and ``fix`` may name what the pattern caught, as
    ``{0}``. ``stops``: whoever wrote it did not do its work; else it may have gone on."""

    pattern: re.Pattern[str]
    meaning: str
    fix: str
    stops: bool = True


def _sign(pattern: str, meaning: str, fix: str, *, stops: bool = True) -> Sign:
    return Sign(re.compile(pattern), meaning, fix, stops)


PIP_FAILED: Final = "ERROR: pip installation exited with a non-zero error code"
"""The image's own words; the container goes on without any of the requirements."""
_OFFLINE: Final = (
    "`mwaa build` brings the packages as wheels in plugins.zip; or open a way to the package index"
)
_PREFLIGHT: Final = "`mwaa preflight` resolves the requirements as MWAA does"

REQUIREMENTS: Final = (
    _sign(
        r"NewConnectionError|Network is unreachable|ConnectTimeoutError|Temporary failure in name",
        "pip cannot reach the package index",
        _OFFLINE,
        stops=False,
    ),
    _sign(
        r"40[13] (?:Client )?Error|User for \S+:",
        "the package index refuses the credentials, which may have expired",
        "export PIP_EXTRA_INDEX_URL with a fresh token in the startup script",
        stops=False,
    ),
    _sign(
        r"Could not open requirements file: .*?'?([^'\s]+)'?$",
        "a file that the requirements name is not there: {0}",
        "`mwaa sync` brings files of dags/; files of plugins.zip lie in /usr/local/airflow/plugins",
    ),
    _sign(
        r"Cannot install (.+?) because these package versions have conf|ResolutionImpossible",
        "versions exclude each other: {0}",
        _PREFLIGHT,
    ),
    _sign(
        r"(?:No matching distribution found for|satisfies the requirement) (\S+)",
        "there is no package {0} for this version of Python where pip looks",
        _PREFLIGHT + "; with --no-index the wheel must be in plugins.zip",
    ),
    _sign(
        r"subprocess-exited-with-error|Failed building wheel for (\S+)|Failed to build (\S+)",
        "a package must be built from source, for which the image has no tools: {0}",
        "choose a version that has a wheel, or bring a wheel of your own: `mwaa build`",
        stops=False,
    ),
    _sign(
        r"DO NOT MATCH THE HASHES",
        "a package is not the one whose hash the requirements give",
        "write the hashes anew: `uv pip compile --generate-hashes`",
    ),
    _sign(r"Invalid requirement: (.+)", "pip does not understand {0}", _PREFLIGHT),
    _sign(r"No space left on device", "the disk is full", "install fewer packages", stops=False),
)

STARTUP: Final = (
    _sign(
        r"Failed to locate environment variables file from startup script",
        "the script ended the shell before its last line (set -e, exec), so the container stops",
        "leave out `set -e` and `exec`; `mwaa preflight` finds them",
    ),
    _sign(
        r"Failed to load environment variables from startup script",
        "what the script exports cannot be read, so the container stops",
        "export plain text: no functions and no bytes that are not UTF-8",
    ),
    _sign(
        r"Startup script execution time: (29[4-9]|[3-9]\d\d|\d{4,})",
        "the script was stopped after {0} of 295 seconds",
        "do less in the script: it has five minutes",
    ),
    _sign(
        r"Validation Error: (.+) expected",
        "the script replaced what MWAA needs: {0} is expected",
        "install packages by requirements.txt, or into a virtual environment",
    ),
    _sign(
        r"syntax error(?: near)? (.+)|unexpected (?:EOF|end of file)",
        "the script is no valid shell: {0}",
        "`bash -n startup.sh` names the line",
    ),
    _sign(
        r"([\w./-]+): command not found",
        "the script calls a command that the image does not have: {0}",
        "look at $MWAA_AIRFLOW_COMPONENT and at what the image has; bring {0} in plugins.zip",
    ),
    _sign(
        r"Could not resolve host|Failed to connect to|Connection timed out|NewConnectionError",
        "the script fetches what cannot be reached from here",
        "bring it in plugins.zip; a private environment has no internet",
    ),
    _sign(
        r"(\S+): Permission denied",
        "the script may not use {0}: it runs as the user airflow",
        "write below /usr/local/airflow or /tmp",
        stops=False,
    ),
    _sign(
        r"(\S+): No such file or directory",
        "the script uses a file that is not there: {0}",
        "below /usr/local/airflow plugins.zip is unpacked into plugins/, and the DAGs lie in dags/",
        stops=False,
    ),
)

COMPONENTS: Final = (
    _sign(
        r"Couldn't connect to database|psycopg2\.OperationalError|sqlalchemy\.exc\.OperationalError"
        r"|connection to server at",
        "the metadata database cannot be reached",
        "open port 5432 between the subnets: the security group's rule for itself, network ACLs, "
        "and MWAA's database endpoint",
    ),
    _sign(
        r"is not authorized to perform: ([\w:]+)",
        "the execution role, or a policy on the way, does not allow {0}",
        "`mwaa permissions` prints what the execution role needs; allow {0} there",
    ),
    _sign(
        r"\((?:AccessDenied|AccessDeniedException|AuthorizationError|UnauthorizedOperation)\)"
        r".*?calling the (\w+) operation",
        "AWS refuses {0} to the execution role",
        "allow {0} in the role's policy, the endpoint's, the key's or the bucket's",
    ),
    _sign(
        r"KMS\.(?:AccessDenied|Disabled|NotFound|KMSInvalidState)\w*|KMSAccessDenied",
        "the environment's key cannot be used",
        "enable the key, and allow it to the execution role",
    ),
    _sign(
        r"(?:Could not connect to the|(?:Connect|Read) timeout on|Connection was closed before we "
        r"received a valid response from) endpoint URL: \"([^\"]+)\"",
        "{0} cannot be reached",
        "an endpoint of the VPC, or a route through NAT, and the security groups on the way",
    ),
    _sign(
        r"Unable to locate credentials|NoCredentialsError",
        "the containers get no credentials of the execution role",
        "the role's trust policy must name both of MWAA's principals",
    ),
    _sign(
        r"No module named '([\w.]+)'",
        "the Python module {0} is missing",
        "requirements.txt or plugins.zip must bring {0}; if they do, pip failed: see its stream",
    ),
    _sign(
        r"No space left on device",
        "a disk is full",
        "update the environment (any update starts new containers); keep big files out of /tmp",
    ),
    _sign(
        r"WorkerLostError|SIGKILL|likely due to running out of memory|MemoryError",
        "a process was killed, most likely for want of memory",
        "a larger environmentClass, or fewer tasks at once (celery.worker_autoscale)",
    ),
    _sign(
        r"DagFileProcessorManager \(PID=.+\) last sent a heartbeat .+ seconds ago",
        "a DAG file takes so long to parse that the DAG processor is started again",
        "move work out of the top level of the DAG files",
    ),
    _sign(
        r"DagBag import timeout for (\S+)",
        "importing {0} takes longer than core.dagbag_import_timeout",
        "move work out of the top level of the file",
    ),
    _sign(
        r"Permission denied: '([^']+)'",
        "the user airflow may not use {0}",
        "write below /usr/local/airflow or /tmp",
    ),
)
TRACEBACK: Final = "Traceback (most recent call last)"
