"""A need of the execution role."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.rules.facts.permissions import missing_permissions
from policy.rules.rule import Finding, Fix, Rule
from policy.rules.sources import GUIDE


class MayWriteLogs(Rule):
    id = "mwaa-identity-may-write-logs"
    title = "The execution role may write and read all five log groups"
    enforcement = "mandatory"
    severity = "high"
    why = "Else logs stay blank: Could not read remote logs from log_group."
    fix = Fix(
        setting="existingRoleArn: empty, to have the role made",
        command="aws iam put-role-policy --role-name ROLE --policy-name mwaa"
        " --policy-document ROLE_POLICY (seven logs actions on log-group:airflow-NAME-*)",
    )
    source = GUIDE + "mwaa-create-role.html"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        return missing_permissions(platform, "logs", "log-groups")
