"""The conditions of the role's trust."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from mwaa.model.platform import Platform, known
from policy.analysis.iam.match import strings
from policy.analysis.iam.statements import statements
from policy.rules.facts.resources import role
from policy.rules.rule import Finding, Fix, Rule, fail, require, undecided
from policy.rules.sources import GUIDE

KEYS = ("aws:sourcearn", "aws:sourceaccount")
WILDCARDS = frozenset("*?")


class TrustBoundToEnvironment(Rule):
    id = "mwaa-identity-trust-bound-to-environment"
    title = "The role's trust names the account and the environments it is for"
    enforcement = "advisory"
    severity = "medium"
    why = "Without conditions MWAA could be made to use the role for somebody else's environment."
    fix = Fix(
        setting="existingRoleArn: empty, to have the role made",
        command="aws iam update-assume-role-policy --role-name ROLE --policy-document"
        " TRUST_POLICY (and the statements of others that use the role)",
    )
    source = GUIDE + "cross-service-confused-deputy-prevention.html"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        found = role(platform)
        for _, statement in statements(require(found.trust, "the role's trust policy")):
            if not known(statement):
                undecided("a statement of the role's trust policy cannot be known yet")
            if statement.get("Effect") != "Allow" or _is_of_people(statement):
                continue
            condition = require(statement.get("Condition", {}), "a condition of the role's trust")
            values = {key: list(_values(condition, key)) for key in KEYS}
            if missing := [key for key, found_values in values.items() if not found_values]:
                yield fail(f"no condition on {' and '.join(missing)}", found.id)
            for account in values["aws:sourceaccount"]:
                if WILDCARDS & set(account):
                    yield fail(f"aws:SourceAccount {account} names no account", found.id)
            environments = {arn.rpartition("/")[2] for arn in values["aws:sourcearn"]}
            for name in sorted(environments):
                if WILDCARDS & set(name):
                    yield fail(f"aws:SourceArn names no one environment, but {name!r}", found.id)
            for arn in _gone(platform, values["aws:sourcearn"]):
                yield fail(f"aws:SourceArn names {arn}, which does not exist", found.id)


def _gone(platform: Platform, arns: Iterable[str]) -> Iterator[str]:
    """Environments of this region that the account had: several may share a role, but whoever
    makes one of a free name gets it too. A plan does not see the account's environments."""
    account, own = platform.account, platform.environment.name
    if not known(account.environments) or not known(account.region):
        return
    for arn in sorted(set(arns)):
        region, name = (*arn.split(":"), "", "", "", "")[3], arn.rpartition("/")[2]
        is_seen = region == account.region and not WILDCARDS & set(name)
        if is_seen and name != own and name not in account.environments:
            yield arn


def _is_of_people(statement: Mapping[str, Any]) -> bool:
    """Whether no service is let in: only a service names the environment that it works for."""
    principal = statement.get("Principal")
    return isinstance(principal, Mapping) and set(principal) == {"AWS"}


def _values(condition: Mapping[str, Any], key: str) -> Iterator[str]:
    """What the condition demands of a key; a test of what it must not be demands nothing."""
    for operator, tests in condition.items():
        plain = operator.lower().rpartition(":")[2]
        if plain == "null" or "not" in plain:
            continue
        for name, wanted in require(tests, "a condition of the role's trust").items():
            if name.lower() == key:
                for value in require(strings(wanted), f"the value of {key}"):
                    yield require(value, f"the value of {key}")
