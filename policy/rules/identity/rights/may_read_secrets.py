"""A need of the execution role with a secrets backend."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.rules.facts.permissions import missing_permissions
from policy.rules.rule import Finding, Fix, Rule, require
from policy.rules.sources import GUIDE


class MayReadSecrets(Rule):
    id = "mwaa-identity-may-read-secrets"
    title = "With a secrets backend the execution role may read secrets of its prefixes"
    enforcement = "advisory"
    severity = "high"
    why = "Else every connection and variable in Secrets Manager is not found."
    fix = Fix(
        setting="secretsBackend and secretsPrefix",
        command="aws iam put-role-policy --role-name ROLE --policy-name mwaa"
        " --policy-document ROLE_POLICY (four secretsmanager actions on secret:PREFIX/*)",
    )
    source = GUIDE + "connections-secrets-manager.html"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        require(platform.environment.options, "the Airflow options")
        return missing_permissions(platform, "secrets")
