"""A need of the execution role."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.rules.facts.permissions import missing_permissions
from policy.rules.rule import Finding, Fix, Rule
from policy.rules.sources import GUIDE


class MayPublishMetrics(Rule):
    id = "mwaa-identity-may-publish-metrics"
    title = "The execution role may publish the environment's health metrics"
    enforcement = "mandatory"
    severity = "high"
    why = "MWAA judges the environment's health by them (AWS's sample for customer keys lacks it)."
    fix = Fix(
        setting="existingRoleArn: empty, to have the role made",
        command="aws iam put-role-policy --role-name ROLE --policy-name mwaa"
        " --policy-document ROLE_POLICY (airflow:PublishMetrics on the environment's ARN)",
    )
    source = GUIDE + "mwaa-create-role.html"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        return missing_permissions(platform, "metrics")
