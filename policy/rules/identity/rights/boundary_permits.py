"""The permissions boundary."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.analysis.iam.required import required_permissions
from policy.analysis.verdict import Verdict
from policy.rules.facts.permissions import layer_allows
from policy.rules.facts.resources import role
from policy.rules.rule import Finding, Fix, Rule, fail, require, undecided
from policy.rules.sources import IAM


class BoundaryPermits(Rule):
    id = "mwaa-identity-boundary-permits"
    title = "The permissions boundary leaves room for all that MWAA needs"
    enforcement = "mandatory"
    severity = "high"
    why = "A boundary withholds what the policies allow, and no policy shows it."
    fix = Fix(
        setting="permissionsBoundaryArn: a boundary that allows it",
        command="aws iam put-role-permissions-boundary --role-name ROLE --permissions-boundary"
        " BOUNDARY (once it allows what is withheld)",
    )
    source = IAM + "access_policies_boundaries.html"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        found = role(platform)
        boundary = require(found.boundary, "the permissions boundary")
        if boundary is None:
            return
        withheld: dict[str, None] = {}
        doubt = False
        for item in required_permissions(platform):
            verdict = layer_allows(platform, item, boundary=found.boundary)
            if verdict is Verdict.FAIL and item.mandatory:
                withheld[item.action] = None
            doubt = doubt or verdict is Verdict.UNKNOWN
        if withheld:
            what = f"the boundary withholds {', '.join(withheld)}"
            yield fail(what, found.id, words={"BOUNDARY": boundary.id})
        elif doubt:
            undecided("what the permissions boundary withholds cannot be known yet")
