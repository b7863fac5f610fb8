"""Whether the name is taken, before a create."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.rules.rule import LIVE, Finding, Fix, Rule, fail, require
from policy.rules.sources import API


class NameFree(Rule):
    id = "mwaa-environment-name-free"
    title = "No leftover environment holds the name"
    enforcement = "mandatory"
    severity = "high"
    why = "A failed create stays behind under its name, and the next create is refused."
    fix = Fix(
        setting="environmentName",
        command="aws mwaa delete-environment --name NAME",
    )
    source = API + "API_CreateEnvironment.html"
    origins = LIVE
    of_account = True

    def judge(self, platform: Platform) -> Iterator[Finding]:
        environment = platform.environment
        status = require(environment.status, "the environment's status")
        name = require(environment.name, "the environment's name")
        # Without a status this is the look before a create; then the name must not exist.
        if status == "CREATE_FAILED":
            yield fail(f"the create of {name} failed, and its remains hold the name")
        elif status is None and name in require(platform.account.environments, "the environments"):
            yield fail(f"an environment {name} exists already")
