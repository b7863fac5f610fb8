"""Credentials in Airflow options."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, fail, need
from checks.sources import GUIDE
from mwaa.options import looks_secret
from mwaa.subject import Subject, known


class OptionsHoldNoSecrets(Check):
    id = "mwaa-environment-options-hold-no-secrets"
    title = "No Airflow option holds a credential"
    severity = "mandatory"
    why = "Whoever may call airflow:GetEnvironment reads every option in clear."
    remedy = Remedy(
        setting="secretsBackend: secrets-manager, and the value as a secret there",
        command="aws secretsmanager create-secret --name PREFIX/connections/ID --secret-string ...",
    )
    source = GUIDE + "connections-secrets-manager.html"
    frameworks = ("CIS Controls 3.11", "NIST 800-53 IA-5(7)")

    def judge(self, subject: Subject) -> Iterator[Finding]:
        for key, value in need(subject.environment.options, "the Airflow options").items():
            # A value the program keeps secret is still judged by its key.
            reason = looks_secret(key, value if known(value) else "hidden")
            if reason:
                yield fail(f"option {key} seems to hold a credential: {reason}")
