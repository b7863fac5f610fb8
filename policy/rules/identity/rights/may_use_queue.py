"""A need of the execution role."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.rules.facts.permissions import missing_permissions
from policy.rules.rule import Finding, Fix, Rule
from policy.rules.sources import GUIDE


class MayUseQueue(Rule):
    id = "mwaa-identity-may-use-queue"
    title = "The execution role may use the Celery queue in any account"
    enforcement = "mandatory"
    severity = "high"
    why = "The queue lives in an account of AWS; without these rights tasks stay queued."
    fix = Fix(
        setting="existingRoleArn: empty, to have the role made",
        command="aws iam put-role-policy --role-name ROLE --policy-name mwaa"
        " --policy-document ROLE_POLICY (six sqs actions on arn:aws:sqs:REGION:*:airflow-celery-*)",
    )
    source = GUIDE + "mwaa-create-role.html"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        return missing_permissions(platform, "queue")
