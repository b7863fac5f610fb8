"""The environment's name."""

import re
from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.rules.rule import Finding, Fix, Rule, fail, require
from policy.rules.sources import API


class NameValid(Rule):
    id = "mwaa-environment-name-valid"
    title = "The environment has a name that MWAA accepts"
    enforcement = "mandatory"
    severity = "high"
    why = "Role conditions, log groups and ARNs are built from it; a bad name fails the create."
    fix = Fix(
        setting="environmentName: a letter, then letters, digits, - or _, 80 at most",
        command="aws mwaa create-environment --cli-input-json file://environment.json"
        " (NAME cannot be changed)",
    )
    source = API + "API_CreateEnvironment.html"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        name = require(platform.environment.name, "the environment's name")
        if not re.fullmatch(r"[a-zA-Z][0-9a-zA-Z\-_]{0,79}", name):
            yield fail(f"name {name!r}")
