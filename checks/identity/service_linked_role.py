"""MWAA's own role in the account."""

from collections.abc import Iterator

from checks.check import LIVE, Check, Finding, Remedy, fail, need
from checks.sources import GUIDE
from mwaa.subject import Subject, known


class ServiceLinkedRole(Check):
    id = "mwaa-identity-service-linked-role"
    title = "MWAA's service-linked role exists, or the caller may create it"
    severity = "mandatory"
    why = "MWAA makes endpoints and interfaces with it; without it the create is refused."
    remedy = Remedy(
        command="aws iam create-service-linked-role --aws-service-name airflow.amazonaws.com"
    )
    source = GUIDE + "mwaa-slr.html"
    origins = LIVE

    def judge(self, subject: Subject) -> Iterator[Finding]:
        if need(subject.account.has_service_linked_role, "the service-linked role"):
            return
        rights = subject.account.caller_rights
        allowed = known(rights) and any(
            right.action == "iam:CreateServiceLinkedRole" and right.allowed for right in rights
        )
        if not allowed:
            yield fail("AWSServiceRoleForAmazonMWAA does not exist")
