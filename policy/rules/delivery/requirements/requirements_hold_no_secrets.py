"""Credentials among the requirements."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from mwaa.service.credentials import credential
from mwaa.service.endpoints import is_codeartifact
from policy.rules.facts.artifacts import requirements
from policy.rules.rule import FILES, Finding, Fix, Rule, fail
from policy.rules.sources import GUIDE


class RequirementsHoldNoSecrets(Rule):
    id = "mwaa-delivery-requirements-hold-no-secrets"
    title = "No line of the requirements holds a token or a password"
    enforcement = "mandatory"
    severity = "critical"
    why = (
        "It stands in clear in the bucket and in its older versions; a token of CodeArtifact ends "
        "after 12 hours, and workers that start later install nothing."
    )
    fix = Fix(
        setting="startupScriptFile: export PIP_EXTRA_INDEX_URL with a fresh token",
        command="aws codeartifact get-authorization-token --domain DOMAIN (in the startup script)",
    )
    source = GUIDE + "samples-code-artifact.html"
    origins = FILES

    def judge(self, platform: Platform) -> Iterator[Finding]:
        found = requirements(platform)
        if found is None:
            return
        for where, line in found.lines:
            what = credential(line.text)
            if any(is_codeartifact(one) and _has_token(one) for one in line.addresses):
                what = "a token of CodeArtifact"
            if what:
                yield fail(f"{where} holds {what}")
        yield from found.unknowns()


def _has_token(address: str) -> bool:
    password = address.partition("://")[2].partition("@")[0].partition(":")[2]
    return bool(password) and "@" in address and not password.startswith("$")
