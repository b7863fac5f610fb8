"""What a verb says when it cannot do its work: one message, and an exit code of its own.

AWS errors are translated here and nowhere else, so every verb says a missing permission, a missing
environment or an unreachable endpoint in the same words.
"""

import json
import re
from collections.abc import Iterable
from typing import ClassVar

from mwaa.exit_codes import ExitCode
from mwaa.service.iam_actions import actions_named
from mwaa.service.regions import READ_ON, REGIONS
from mwaa.words import suggestion

DENIED = {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "403", "Forbidden"}
_AUTHORIZED = re.compile(r"not authorized to perform: (\S+?)(?: on resource: (\S+))?(?:\s|$)")

_REGION = re.compile(r"\.([a-z]+(?:-[a-z]+)*-\d+)\.amazonaws\.")


class VerbError(Exception):
    """A verb ends otherwise than well; ``code`` says how."""

    code: ClassVar[ExitCode]


class RefusedError(VerbError):
    """The verb did nothing and says why: what was given, what is allowed, what to do."""

    code = ExitCode.REFUSED


class FailedError(VerbError):
    """The verb ran and its answer is no: an update failed, a finding, a drift."""

    code = ExitCode.FAILED


def explain(error: BaseException, permissions: Iterable[str]) -> RefusedError | None:
    """The refusal that ``error`` means for a user, or ``None`` for a defect of this program.

    ``permissions`` are the IAM actions of the verb; they name the missing one where AWS does not.
    """
    if isinstance(error, RefusedError):
        return error
    # Imported late: a verb that never spoke to AWS has not loaded botocore.
    from botocore import exceptions as aws

    if isinstance(error, aws.ClientError):
        return _client_error(error, tuple(permissions))
    if isinstance(error, aws.NoCredentialsError | aws.PartialCredentialsError):
        return RefusedError(
            "no AWS credentials were found: sign in (aws sso login) or name a profile with "
            "--profile"
        )
    if isinstance(error, aws.ProfileNotFound):
        return RefusedError(
            f"{error}: `aws configure list-profiles` shows the names this machine knows"
        )
    if isinstance(error, aws.NoRegionError):
        return RefusedError("no AWS region is set: give --region, or set AWS_REGION")
    if isinstance(error, aws.HTTPClientError | aws.ConnectionError):
        return RefusedError(
            f"AWS could not be reached: {error}. {_elsewhere(str(error))}Check the network, a "
            "proxy and AWS_ENDPOINT_URL"
        )
    if isinstance(error, aws.BotoCoreError):
        return RefusedError(f"AWS client: {error}")
    if isinstance(error, FileNotFoundError):
        return RefusedError(f"file not found: {error.filename}")
    if isinstance(error, IsADirectoryError | NotADirectoryError):
        return RefusedError(f"not a file, or not in a folder: {error.filename}")
    if isinstance(error, PermissionError):
        return RefusedError(f"no permission to use the file {error.filename}")
    return None


def _elsewhere(words: str) -> str:
    """Whether the address that nobody answers at is of a region where MWAA is not known."""
    found = _REGION.search(words)
    if found is None or found[1] in REGIONS:
        return ""
    meant = suggestion(found[1], REGIONS)
    return f"On {READ_ON} MWAA was not offered in {found[1]}{meant}. "


def statement(actions: Iterable[str], resource: str = "*") -> str:
    """The IAM statement that allows ``actions``, as JSON to paste into a policy."""
    return json.dumps({"Effect": "Allow", "Action": sorted(actions), "Resource": resource})


def code(error: BaseException) -> str:
    """The AWS error code of ``error``, or ``""``."""
    answer = getattr(error, "response", None) or {}
    return str(answer.get("Error", {}).get("Code", ""))


def _client_error(error: BaseException, permissions: tuple[str, ...]) -> RefusedError:
    operation = str(getattr(error, "operation_name", ""))
    if code(error) in DENIED:
        found = _AUTHORIZED.search(str(error))
        action = found.group(1) if found else _action(operation, permissions)
        resource = (found.group(2) if found else None) or "*"
        return RefusedError(
            f"permission missing: {action}. Add to the policy of the identity that runs this "
            f"verb:\n  {statement([action], resource)}"
        )
    if code(error) in {"ExpiredToken", "ExpiredTokenException", "RequestExpired"}:
        return RefusedError("the AWS credentials have expired: sign in again")
    return RefusedError(f"AWS refused {operation}: {error}")


def _action(operation: str, permissions: tuple[str, ...]) -> str:
    named = actions_named(operation)
    if named:
        return next((action for action in named if action in permissions), named[0])
    for action in permissions:
        if action.split(":")[-1] == operation:
            return action
    return operation
