"""The environment's name."""

import re
from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, fail, need
from checks.sources import API
from mwaa.subject import Subject


class NameValid(Check):
    id = "mwaa-environment-name-valid"
    title = "The environment has a name that MWAA accepts"
    severity = "mandatory"
    why = "Role conditions, log groups and ARNs are built from it; a bad name fails the create."
    remedy = Remedy(
        setting="environmentName: a letter, then letters, digits, - or _, 80 at most",
        command="aws mwaa create-environment --name NAME ... (a name cannot be changed)",
    )
    source = API + "API_CreateEnvironment.html"

    def judge(self, subject: Subject) -> Iterator[Finding]:
        name = need(subject.environment.name, "the environment's name")
        if not re.fullmatch(r"[a-zA-Z][0-9a-zA-Z\-_]{0,79}", name):
            yield fail(f"name {name!r}")
