"""MWAA's own role in the account."""

from collections.abc import Iterator

from mwaa.model.platform import Platform, known
from policy.rules.rule import LIVE, Finding, Fix, Rule, fail, require, undecided
from policy.rules.sources import GUIDE


class ServiceLinkedRole(Rule):
    id = "mwaa-identity-service-linked-role"
    title = "MWAA's service-linked role exists, or the caller may create it"
    enforcement = "mandatory"
    severity = "high"
    why = "MWAA makes endpoints and interfaces with it; without it the create is refused."
    fix = Fix(command="aws iam create-service-linked-role --aws-service-name airflow.amazonaws.com")
    source = GUIDE + "mwaa-slr.html"
    origins = LIVE
    of_account = True

    def judge(self, platform: Platform) -> Iterator[Finding]:
        if require(platform.account.has_service_linked_role, "the service-linked role"):
            return
        missing = "AWSServiceRoleForAmazonMWAA does not exist"
        what = f"{missing}, and whether the caller may create it"
        rights = require(platform.account.caller_rights, what)
        asked = [right for right in rights if right.action == "iam:CreateServiceLinkedRole"]
        if not asked:
            undecided(f"not known: {what}")
        for right in asked:
            if not known(right.allowed):
                undecided(f"not known: {what} ({right.reason})")
            if not right.allowed:
                yield fail(f"{missing}, and {platform.account.caller} may not create it")
