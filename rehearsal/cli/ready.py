"""Waits until an environment of the emulated account is AVAILABLE."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from rehearsal.cli.workspace import RehearsalError

WAIT_SECONDS = 600
FAILED = ("CREATE_FAILED", "UPDATE_FAILED", "UNAVAILABLE", "DELETED")


def status(name: str, environment: Mapping[str, str]) -> tuple[str, str]:
    """The environment's status and its last error, both as the service words them."""
    import boto3
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError

    client = boto3.client(
        "mwaa",
        endpoint_url=environment["AWS_ENDPOINT_URL"],
        region_name=environment["AWS_REGION"],
        aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
        config=Config(inject_host_prefix=False, proxies={}, retries={"total_max_attempts": 2}),
    )
    try:
        facts = client.get_environment(Name=name)["Environment"]
    except client.exceptions.ResourceNotFoundException:
        return "DELETED", "the account holds no environment of this name"
    except (BotoCoreError, ClientError) as error:
        raise RehearsalError(f"the emulated AWS does not answer for {name}: {error}") from error
    update = facts.get("LastUpdate", {})
    return facts.get("Status", "UNKNOWN"), update.get("Error", {}).get("ErrorMessage", "")


def wait(name: str, environment: Mapping[str, str], progress: Callable[[str], object]) -> None:
    """Return when the environment is AVAILABLE.

    Raises `RehearsalError` when it has failed, or is not ready within `WAIT_SECONDS`.
    """
    started = time.monotonic()
    while True:
        state, message = status(name, environment)
        if state == "AVAILABLE":
            return
        if state in FAILED:
            raise RehearsalError(f"environment {name} is {state}: {message or 'no reason given'}")
        waited = time.monotonic() - started
        if waited > WAIT_SECONDS:
            raise RehearsalError(
                f"environment {name} is still {state} after {WAIT_SECONDS} s; see make status"
            )
        progress(f"environment {name}: {state}, {round(waited)} s")
        time.sleep(0.2)
