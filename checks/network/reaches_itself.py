"""Scheduler, workers, web server and database among each other."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, fail, unknown
from checks.lookups import short
from checks.sources import GUIDE
from mwaa.subject import Subject
from proofs.reachability import DATABASE, ITSELF, WEBSERVER, prove
from proofs.verdict import Verdict


class ReachesItself(Check):
    id = "mwaa-network-reaches-itself"
    title = "Each subnet reaches the environment's database, web server and the other subnet"
    severity = "mandatory"
    why = "Airflow's parts talk on 443 and 5432; else the create hangs, or the UI answers 502."
    remedy = Remedy(
        setting="additionalSecurityGroupIds: none that replaces the environment's own group",
        command="aws ec2 authorize-security-group-ingress --group-id GROUP --protocol all"
        " --source-group GROUP",
    )
    source = GUIDE + "vpc-security.html"

    def judge(self, subject: Subject) -> Iterator[Finding]:
        doubts: dict[str, set[str]] = {}
        for reach in prove(subject):
            if reach.target not in (DATABASE, WEBSERVER, ITSELF):
                continue
            if reach.verdict is Verdict.FAIL:
                what = f"{short(reach.subnet)} to {reach.target} on {reach.port}"
                yield fail(f"{what}: {reach.proof.reason}")
            elif reach.verdict is Verdict.UNKNOWN:
                doubts.setdefault(reach.proof.reason, set()).add(reach.target)
        for reason, targets in doubts.items():
            yield unknown(f"way to {', '.join(sorted(targets))}: {reason}")
