"""MWAA's grants on the key."""

from collections.abc import Iterator

from checks.check import LIVE, Check, Finding, Remedy, fail, need
from checks.lookups import key
from checks.sources import GUIDE
from mwaa.subject import Subject

NAMES = (
    "mwaa-grant-for-env-mgmt-role",
    "mwaa-grant-for-lambda-exec",
    "mwaa-grant-for-cfn-mgmt",
    "mwaa-fargate-access-for",
)


class GrantsPresent(Check):
    id = "mwaa-encryption-grants-present"
    title = "The key has the four grants that MWAA made"
    severity = "advisory"
    why = "With a revoked grant the next container that starts cannot decrypt."
    remedy = Remedy(command="aws kms list-grants --key-id KEY (an update makes MWAA grant again)")
    source = GUIDE + "custom-keys-certs.html"
    origins = LIVE

    def judge(self, subject: Subject) -> Iterator[Finding]:
        found = key(subject)
        if found is None or subject.environment.status != "AVAILABLE":
            return
        # AWS's documentation prints one of the names with a leading blank.
        present = [(grant.name or "").strip() for grant in need(found.grants, "the key's grants")]
        missing = [name for name in NAMES if not any(p.startswith(name) for p in present)]
        if missing:
            yield fail(f"no grant {', '.join(missing)}", found.id)
