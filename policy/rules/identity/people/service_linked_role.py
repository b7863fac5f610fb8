"""MWAA's own role in the account."""

from collections.abc import Iterator

from mwaa.model.platform import Platform, known
from policy.rules.rule import LIVE, Finding, Fix, Rule, fail, require
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
        rights = platform.account.caller_rights
        allowed = known(rights) and any(
            right.action == "iam:CreateServiceLinkedRole" and right.allowed for right in rights
        )
        if not allowed:
            yield fail("AWSServiceRoleForAmazonMWAA does not exist")
