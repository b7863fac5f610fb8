"""The secrets backend."""

import json
import re
from collections.abc import Iterator

from mwaa.model.platform import Platform
from mwaa.service.airflow_options import BACKEND
from policy.rules.rule import Finding, Fix, Rule, fail, require
from policy.rules.sources import GUIDE


class SecretsBackendValid(Rule):
    id = "mwaa-environment-secrets-backend-valid"
    title = "A secrets backend is the Secrets Manager one, with its prefixes"
    enforcement = "advisory"
    severity = "medium"
    why = "MWAA supports no other, and without prefixes every lookup searches the whole account."
    fix = Fix(
        setting="secretsBackend: secrets-manager",
        command="aws mwaa update-environment --name NAME --airflow-configuration-options"
        " file://options.json (all options, with this one corrected)",
    )
    source = GUIDE + "connections-secrets-manager.html"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        options = require(platform.environment.options, "the Airflow options")
        backend = options.get("secrets.backend")
        if backend is None:
            return
        if require(backend, "option secrets.backend") != BACKEND:
            yield fail("secrets.backend is not the Secrets Manager backend that MWAA supports")
        try:
            words = json.loads(require(options.get("secrets.backend_kwargs", "{}"), "its keywords"))
        except ValueError:
            yield fail("secrets.backend_kwargs is not JSON")
            return
        for word in ("connections_prefix", "variables_prefix", "connections_lookup_pattern"):
            # Giving any keyword discards MWAA's own lookup pattern, so it must be given again.
            if word not in words:
                yield fail(f"secrets.backend_kwargs has no {word}")
        for word in ("connections_lookup_pattern", "variables_lookup_pattern"):
            if not _compiles(words.get(word)):
                yield fail(f"{word} is no regular expression: every lookup fails")


def _compiles(pattern: object) -> bool:
    try:
        re.compile(str(pattern or ""))
    except re.error:
        return False
    return True
