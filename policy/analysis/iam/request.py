"""One call to AWS as the policy language sees it: action, resource, principal, context."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from mwaa.model.platform import UNKNOWN, Maybe, known
from policy.analysis.iam.match import Values

_DERIVED = (
    "aws:principalarn",
    "aws:principalaccount",
    "aws:principalisawsservice",
    "aws:username",
)
_ROLE_SESSION = re.compile(r"arn:(?P<p>[^:]+):sts::(?P<a>\d+):assumed-role/(?P<role>[^/]+)/.+")


@dataclass(frozen=True, kw_only=True)
class Request:
    """One call. ``principal`` is the ARN of a user, role or role session, or a service's name.

    ``context`` maps condition keys (any case) to a value, several values, None (the request has no
    such key) or ``UNKNOWN``. A tuple is for a key that is made for several values, which no
    operator without a quantifier matches. A key that is not there is not known, unless
    ``complete`` says that the context is complete; then it is absent. ``aws:PrincipalArn``,
    ``aws:PrincipalAccount``, ``aws:PrincipalIsAWSService`` and ``aws:username`` follow from the
    principal.
    ``resource_account`` owns the resource; None means the principal's account.
    """

    action: str
    resource: Maybe[str]
    principal: Maybe[str] = UNKNOWN
    context: Mapping[str, Maybe[str | tuple[str, ...] | None]] = field(default_factory=dict)
    complete: bool = False
    resource_account: str | None = None

    def __post_init__(self) -> None:
        lowered = {key.lower(): value for key, value in self.context.items()}
        object.__setattr__(self, "_context", lowered)

    def value(self, key: str) -> Values:
        """The values of a condition key, as the operators see them."""
        context: Mapping[str, Maybe[str | tuple[str, ...] | None]] = self.__dict__["_context"]
        name = key.lower()
        if name in context:
            return context[name]
        if name in _DERIVED:
            return self._derived(name)
        return None if self.complete else UNKNOWN

    def _derived(self, name: str) -> Values:
        if not known(self.principal):
            return UNKNOWN
        service = is_service(self.principal)
        if name == "aws:principalisawsservice":
            return str(service).lower()
        if service:
            return None
        if name == "aws:principalaccount":
            return account_of(self.principal)
        if name == "aws:username":
            return self.principal.rpartition("/")[2] if is_user(self.principal) else None
        return role_of(self.principal)


def is_service(principal: str) -> bool:
    return principal.endswith((".amazonaws.com", ".amazonaws.com.cn"))


def is_user(principal: str) -> bool:
    return principal.startswith("arn:") and principal.split(":", 5)[5].startswith("user/")


def account_of(arn: str) -> str:
    """The account id in an ARN; empty where the ARN has none."""
    parts = arn.split(":")
    return parts[4] if len(parts) > 4 else ""


def role_of(principal: str) -> str:
    """The role's ARN for a role session, anything else unchanged."""
    match = _ROLE_SESSION.fullmatch(principal)
    return f"arn:{match['p']}:iam::{match['a']}:role/{match['role']}" if match else principal


def is_role_of(arn: str, principal: str) -> bool:
    """Whether a role is the one behind a session: the session's ARN lacks the role's path."""
    match = _ROLE_SESSION.fullmatch(principal)
    if match is None:
        return False
    start = f"arn:{match['p']}:iam::{match['a']}:role/"
    return arn.startswith(start) and arn.rpartition("/")[2] == match["role"]
