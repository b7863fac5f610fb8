"""A need of the execution role with a secrets backend."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, need
from checks.permitted import permitted
from checks.sources import GUIDE
from mwaa.subject import Subject


class MayReadSecrets(Check):
    id = "mwaa-identity-may-read-secrets"
    title = "With a secrets backend the execution role may read secrets of its prefixes"
    severity = "advisory"
    why = "Else every connection and variable in Secrets Manager is not found."
    remedy = Remedy(
        setting="secretsBackend and secretsPrefix",
        command="aws iam put-role-policy ... (four secretsmanager actions on secret:PREFIX/*)",
    )
    source = GUIDE + "connections-secrets-manager.html"

    def judge(self, subject: Subject) -> Iterator[Finding]:
        need(subject.environment.options, "the Airflow options")
        return permitted(subject, "secrets")
