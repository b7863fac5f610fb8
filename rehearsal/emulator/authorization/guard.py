"""Carries, allows or refuses what a running Airflow calls as the environment's execution role.

A call first needs a way out of the environment's subnets. Then decide the role's policies, its
boundary, the policies of bucket and key, and those of the endpoints that carry the call, as
``policy.analysis`` proves and evaluates them. What is not known is allowed, and said.
"""

from __future__ import annotations

import logging
from typing import Any, cast

from moto.sts.models import STSBackend, sts_backends

from mwaa.model.platform import Platform
from policy.analysis.iam import permissions
from policy.analysis.iam.evaluate import Decision
from policy.analysis.verdict import Verdict
from rehearsal.airflow.account import SESSION
from rehearsal.emulator.authorization import network
from rehearsal.emulator.authorization.calls import Call, UnmappedCallError
from rehearsal.emulator.gateway import Refusal, Unreachable
from rehearsal.emulator.mwaa import models, reading
from rehearsal.emulator.mwaa.environment import Environment
from rehearsal.emulator.wire import Request

log = logging.getLogger("rehearsal.emulator")

REFUSALS = {
    "s3": (403, "AccessDenied"),
    "s3control": (403, "AccessDenied"),
    "sqs": (403, "AccessDenied"),
    "cloudwatch": (403, "AccessDenied"),
}
"""Services whose code is not that of the JSON protocol:
https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html,
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html"""
OTHERS = (400, "AccessDeniedException")

KINDS = {
    "identity": "identity-based policy",
    "boundary": "permissions boundary",
    "resource": "resource-based policy",
    "endpoint": "VPC endpoint policy",
}
"""How AWS names the policy that withholds:
https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html"""

CHANGING = frozenset({"iam", "kms", "ec2", "s3", "mwaa"})
HARMLESS = (
    *("Get", "List", "Describe", "Head", "Simulate"),
    *("InvokeRestApi", "CreateCliToken", "CreateWebLoginToken"),
)
"""How the operations begin that change nothing of what is judged."""


class Guard:
    """Judges the calls of sessions named as MWAA names them; all others are allowed.

    The account is read once and again after a call that may have changed it.
    """

    def __init__(self) -> None:
        self._read: dict[tuple[str, str], Platform] = {}
        self._said: set[str] = set()

    def forget(self) -> None:
        """Read the account again at the next call."""
        self._read.clear()
        self._said.clear()

    def note(self, request: Request) -> None:
        """Forget what ``request`` may change; an object is none of it."""
        if request.service not in CHANGING or not request.operation:
            return
        if request.operation.startswith(HARMLESS) or "Key" in request.names:
            return
        self._read.clear()

    def refusal(self, request: Request) -> Refusal | Unreachable | None:
        """How the call is refused, or why it does not get there; None where it is allowed."""
        session = _session(request.access_key)
        if session is None:
            return None
        found = [
            environment
            for environment in models.environments()
            if environment.config["ExecutionRoleArn"] == session.role_arn
        ]
        # A role of several environments: nothing tells whose the session is.
        answers = [self._judge(environment, request, session.arn) for environment in found]
        return answers[0] if answers and None not in answers else None

    def database_obstacle(self, name: str) -> str | None:
        """What keeps the containers of the environments of this name from the database."""
        for environment in models.environments():
            if environment.name == name and environment.service:
                found = network.database_obstacle(self._platform(environment))
                if found:
                    return found
        return None

    def _judge(
        self, environment: Environment, request: Request, who: str
    ) -> Refusal | Unreachable | None:
        call = Call(request, environment, self._platform(environment))
        obstacle = network.obstacle(call.platform, request.service)
        if obstacle:
            self._say(f"{request.service} is not answered: {obstacle}")
            return Unreachable(obstacle)
        try:
            for required in call.asked():
                decision = permissions.decide(call.platform, required)
                what = required.resources[0] if isinstance(required.resources, tuple) else "*"
                if decision.verdict is Verdict.FAIL:
                    message = (
                        f"User: {who} is not authorized to perform: {required.action} on "
                        f"resource: {what} {_why(required.action, decision)}"
                    )
                    return (*REFUSALS.get(str(request.service), OTHERS), message)
                if decision.verdict is Verdict.UNKNOWN:
                    self._say(f"{required.action} on {what} is allowed: {decision.reason}")
        except UnmappedCallError as unmapped:
            self._say(f"{request.service} {request.operation} is allowed: {unmapped}")
        return None

    def _platform(self, environment: Environment) -> Platform:
        key = environment.arn, environment.status
        if key not in self._read:
            self._read[key] = reading.platform(environment)
        return self._read[key]

    def _say(self, text: str) -> None:
        if text not in self._said:
            self._said.add(text)
            log.warning("execution role: %s", text)


def _session(access_key: str | None) -> Any:
    """The session of an execution role whose key this is."""
    if not access_key:
        return None
    for _, _, backend in sts_backends.iter_backends():
        found = cast(STSBackend, backend).get_assumed_role_from_access_key(access_key)
        if found is not None:
            return found if found.session_name == SESSION else None
    return None


def _why(action: str, decision: Decision) -> str:
    kind = KINDS.get(decision.denied_by, KINDS["identity"])
    if decision.explicit:
        return f"with an explicit deny in a{'n' * (kind[0] == 'i')} {kind}"
    return f"because no {kind} allows the {action} action"
