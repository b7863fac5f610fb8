"""What an environment of the emulated account is doing, and the wait until it is AVAILABLE."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from rehearsal.cli.workspace import RehearsalError

WAIT_SECONDS = 600
LOOK_SECONDS = 0.2


def status(name: str, environment: Mapping[str, str]) -> tuple[str, str]:
    """The environment's status and its last error, both as the service words them."""
    from botocore.exceptions import BotoCoreError, ClientError

    from ops.target import find

    try:
        found = find(client(environment, "mwaa"), name)
    except (BotoCoreError, ClientError) as error:
        raise RehearsalError(f"the emulated AWS does not answer for {name}: {error}") from error
    if found is None:
        return "DELETED", "the account holds no environment of this name"
    update = found.get("LastUpdate", {})
    return found.get("Status", "UNKNOWN"), update.get("Error", {}).get("ErrorMessage", "")


def wait(name: str, environment: Mapping[str, str], progress: Callable[[str], object]) -> None:
    """Return when the environment is AVAILABLE.

    Raises `RehearsalError` when it has failed, or is not ready within `WAIT_SECONDS`.
    """
    from ops.errors import FailedError
    from ops.follow import follow

    try:
        follow(
            client(environment, "mwaa"),
            name,
            timeout_seconds=WAIT_SECONDS,
            interval_seconds=LOOK_SECONDS,
            strict=False,
            tell=progress,
        )
    except FailedError as failure:
        raise RehearsalError(f"environment {failure}") from failure


def client(environment: Mapping[str, str], service: str) -> Any:
    """A client of the emulated account."""
    import boto3

    from ops.aws import client_config

    endpoint = environment["AWS_ENDPOINT_URL"]
    make: Any = boto3.client
    return make(
        service,
        endpoint_url=endpoint,
        region_name=environment["AWS_REGION"],
        aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
        config=client_config(endpoint, proxies={}, retries={"total_max_attempts": 2}),
    )
