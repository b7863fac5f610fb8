"""Order of creation: rights before the environment."""

from collections.abc import Iterator

from checks.check import PLAN, Check, Finding, Remedy, fail, need
from checks.lookups import role, short
from checks.sources import GUIDE
from mwaa.subject import Subject


class EnvironmentAfterPolicies(Check):
    id = "mwaa-identity-environment-after-policies"
    title = "The environment is created after the role and all its policies"
    severity = "mandatory"
    why = "MWAA validates the role at once; a policy that comes seconds later comes too late."
    remedy = Remedy(command="pulumi up (after depends_on names every policy of the role)")
    source = GUIDE + "t-create-update-environment.html"
    origins = PLAN

    def judge(self, subject: Subject) -> Iterator[Finding]:
        before = need(subject.environment.depends_on, "the order of creation")
        found = role(subject)
        if late := sorted(short(part) for part in found.parts - before):
            yield fail(f"the environment does not wait for {', '.join(late)}")
