"""Whose the execution role is."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.analysis.iam.request import account_of
from policy.rules.rule import Finding, Fix, Rule, fail, require
from policy.rules.sources import IAM


class SameAccount(Rule):
    id = "mwaa-identity-same-account"
    title = "The execution role belongs to the environment's account"
    enforcement = "mandatory"
    severity = "high"
    why = "A role is passed to a service in its own account only: the create is refused."
    fix = Fix(
        setting="existingRoleArn: a role of this account, or empty, to have it made",
        command="aws iam get-role --role-name ROLE (with credentials of the environment's account)",
    )
    source = IAM + "id_roles_use_passrole.html"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        arn = require(platform.environment.execution_role, "the execution role's ARN")
        if arn is None or not arn.startswith("arn:"):
            return
        account = require(platform.account.id, "the account")
        if account_of(arn) != account:
            found = f"the role belongs to account {account_of(arn)}, the environment to {account}"
            yield fail(found, arn)
