"""A need of the execution role."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.rules.facts.permissions import missing_permissions
from policy.rules.rule import Finding, Fix, Rule
from policy.rules.sources import GUIDE


class MayPutMetrics(Rule):
    id = "mwaa-identity-may-put-metrics"
    title = "The execution role may put CloudWatch metrics"
    enforcement = "mandatory"
    severity = "high"
    why = "Workers scale by these metrics, and alarms watch them."
    fix = Fix(
        setting="existingRoleArn: empty, to have the role made",
        command="aws iam put-role-policy --role-name ROLE --policy-name mwaa"
        " --policy-document ROLE_POLICY (cloudwatch:PutMetricData on *)",
    )
    source = GUIDE + "mwaa-create-role.html"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        return missing_permissions(platform, "put-metrics")
