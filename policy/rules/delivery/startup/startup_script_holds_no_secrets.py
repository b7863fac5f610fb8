"""Credentials in the startup script."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from mwaa.service.credentials import in_json, is_secret_name, named_credential
from policy.analysis.artifacts.dags import secrets_in
from policy.rules.facts.artifacts import script
from policy.rules.rule import FILES, Finding, Fix, Rule, fail
from policy.rules.sources import GUIDE


class StartupScriptHoldsNoSecrets(Rule):
    id = "mwaa-delivery-startup-script-holds-no-secrets"
    title = "The startup script holds no token and no password"
    enforcement = "mandatory"
    severity = "critical"
    why = "It stands in clear in the bucket, in its older versions and in every task's environment."
    fix = Fix(
        setting="secretsBackend: secrets-manager, and the value there",
        command="aws secretsmanager create-secret --name PREFIX/variables/NAME",
    )
    source = GUIDE + "connections-secrets-manager.html"
    origins = FILES

    def judge(self, platform: Platform) -> Iterator[Finding]:
        found = script(platform)
        if found is None:
            return
        lines = {spot.line: spot.what for spot in secrets_in(found.text)}
        for one in found.assigned:
            known = "$" not in one.value and is_secret_name(one.name)
            if named_credential("password" if known else one.name, one.value) or in_json(one.value):
                lines.setdefault(one.line, f"a value of {one.name}")
        for line, what in sorted(lines.items()):
            yield fail(f"line {line} of the startup script holds {what}")
