"""Who may assume the execution role: nobody else, but whom a statement of that name lets in."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from mwaa.iam_policies import TRUSTED_SID
from mwaa.model.platform import Platform, known
from policy.analysis.iam.request import account_of
from policy.analysis.iam.statements import statements
from policy.rules.facts.resources import role
from policy.rules.rule import Finding, Fix, Rule, fail, require, undecided
from policy.rules.sources import GUIDE

# One user or role; an account, a session or a wildcard stands for more than one.
ONE = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:(role|user)/[^*?]+")
SERVICES = {"airflow.amazonaws.com", "airflow-env.amazonaws.com"}


class TrustOnlyMwaa(Rule):
    id = "mwaa-identity-trust-only-mwaa"
    title = "Nobody but MWAA, and whom the account names on purpose, may assume the execution role"
    enforcement = "mandatory"
    severity = "critical"
    why = "Whoever else assumes it reads every DAG, queue and log of the environment."
    fix = Fix(
        setting="existingRoleArn: empty, to have the role made; who finds faults with the role's"
        " rights: additionalTrustedPrincipalArns",
        command="aws iam update-assume-role-policy --role-name ROLE --policy-document TRUST_POLICY"
        f" (a role or user of the account may stand in a statement with the Sid {TRUSTED_SID})",
    )
    source = GUIDE + "mwaa-create-role.html"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        found = role(platform)
        for _, statement in statements(require(found.trust, "the role's trust policy")):
            if not known(statement):
                undecided("a statement of the role's trust policy cannot be known yet")
            if statement.get("Effect") != "Allow":
                continue
            named = statement.get("Sid") == TRUSTED_SID
            for stranger in sorted(_principals(statement) - SERVICES):
                if not (named and ONE.fullmatch(stranger)):
                    yield fail(f"the trust policy lets {stranger} in", found.id)
                elif account_of(stranger) != require(platform.account.id, "the account"):
                    yield fail(f"the trust policy lets {stranger} of another account in", found.id)


def _principals(statement: Mapping[str, Any]) -> set[str]:
    if "NotPrincipal" in statement:
        return {"all but a list"}
    principal = statement.get("Principal", {})
    groups = principal.values() if isinstance(principal, Mapping) else [principal]
    return {
        str(name) for group in groups for name in ([group] if isinstance(group, str) else group)
    }
