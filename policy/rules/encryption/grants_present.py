"""MWAA's grants on the key."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.rules.facts.resources import key
from policy.rules.rule import AFTERWARDS, LIVE, Finding, Fix, Rule, fail, require
from policy.rules.sources import GUIDE

NAMES = (
    "mwaa-grant-for-env-mgmt-role",
    "mwaa-grant-for-lambda-exec",
    "mwaa-grant-for-cfn-mgmt",
    "mwaa-fargate-access-for",
)


class GrantsPresent(Rule):
    id = "mwaa-encryption-grants-present"
    title = "The key has the four grants that MWAA made"
    enforcement = "advisory"
    severity = "medium"
    why = "With a revoked grant the next container that starts cannot decrypt."
    fix = Fix(command="aws kms list-grants --key-id KEY (an update makes MWAA grant again)")
    source = GUIDE + "custom-keys-certs.html"
    origins = LIVE
    stages = AFTERWARDS

    def judge(self, platform: Platform) -> Iterator[Finding]:
        found = key(platform)
        if found is None or platform.environment.status != "AVAILABLE":
            return
        environment = require(platform.environment.name, "the environment's name")
        # AWS's documentation prints one of the names with a leading blank.
        present = {
            (grant.name or "").strip() for grant in require(found.grants, "the key's grants")
        }
        # A key may serve several environments: each has grants of its own name.
        missing = [name for name in NAMES if f"{name}-{environment}" not in present]
        if missing:
            others = sorted(one for one in present if one.startswith(NAMES))
            of_others = f"; those of other environments are there: {', '.join(others)}"
            more = of_others if len(missing) == len(NAMES) and others else ""
            yield fail(f"no grant {', '.join(missing)} for {environment}{more}", found.id)
