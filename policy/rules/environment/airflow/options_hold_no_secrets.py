"""Credentials in Airflow options."""

from collections.abc import Iterator

from mwaa.model.platform import Platform, known
from mwaa.service.airflow_options import looks_secret
from policy.rules.rule import Finding, Fix, Rule, fail, require
from policy.rules.sources import GUIDE


class OptionsHoldNoSecrets(Rule):
    id = "mwaa-environment-options-hold-no-secrets"
    title = "No Airflow option holds a credential"
    enforcement = "mandatory"
    severity = "critical"
    why = "Whoever may call airflow:GetEnvironment reads every option in clear."
    fix = Fix(
        setting="secretsBackend: secrets-manager, and the value as a secret there",
        command="aws secretsmanager create-secret --name PREFIX/connections/ID --secret-string"
        " file://secret.txt",
    )
    source = GUIDE + "connections-secrets-manager.html"
    frameworks = ("CIS Controls 3.11", "NIST 800-53 IA-5(7)")

    def judge(self, platform: Platform) -> Iterator[Finding]:
        for key, value in require(platform.environment.options, "the Airflow options").items():
            # A value the program keeps secret is still judged by its key.
            reason = looks_secret(key, value if known(value) else "hidden")
            if reason:
                yield fail(f"option {key} seems to hold a credential: {reason}")
