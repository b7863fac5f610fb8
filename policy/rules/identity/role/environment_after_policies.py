"""Order of creation: rights before the environment."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.rules.facts.resources import role, short
from policy.rules.rule import PLAN, Finding, Fix, Rule, fail, require
from policy.rules.sources import GUIDE


class EnvironmentAfterPolicies(Rule):
    id = "mwaa-identity-environment-after-policies"
    title = "The environment is created after the role and all its policies"
    enforcement = "mandatory"
    severity = "high"
    why = "MWAA validates the role at once; a policy that comes seconds later comes too late."
    fix = Fix(command="pulumi up (after depends_on names every policy of the role)")
    source = GUIDE + "t-create-update-environment.html"
    origins = PLAN

    def judge(self, platform: Platform) -> Iterator[Finding]:
        before = require(platform.environment.depends_on, "the order of creation")
        found = role(platform)
        if late := sorted(short(part) for part in found.parts - before):
            yield fail(f"the environment does not wait for {', '.join(late)}")
