"""Credentials in DAGs."""

from collections.abc import Iterator

from mwaa.model.platform import Platform, known
from policy.analysis.artifacts.dags import look, secrets_in
from policy.analysis.artifacts.text import SETTINGS
from policy.rules.facts.artifacts import texts
from policy.rules.rule import FILES, Finding, Fix, Rule, fail, unknown
from policy.rules.sources import GUIDE


class DagsHoldNoSecrets(Rule):
    id = "mwaa-delivery-dags-hold-no-secrets"
    title = "No file among the DAGs and plugins holds a token or a password"
    enforcement = "mandatory"
    severity = "critical"
    why = "Everyone who reads the bucket or the web server's code view can read it."
    fix = Fix(
        setting="secretsBackend: secrets-manager; and replace the value, since it is known now",
        command="aws secretsmanager create-secret --name PREFIX/connections/NAME",
    )
    source = GUIDE + "connections-secrets-manager.html"
    origins = FILES

    def judge(self, platform: Platform) -> Iterator[Finding]:
        unread = 0
        for name, text in texts(platform):
            if not known(text):
                unread += 1
                continue
            if name.endswith(".py"):
                spots = look(text).credentials
            else:
                spots = secrets_in(text, settings=name.endswith(SETTINGS))
            # The value itself is never shown.
            yield from (fail(f"{name}:{spot.line} holds {spot.what}") for spot in spots)
        if unread:
            yield unknown(f"the content of {unread} files is not known")
