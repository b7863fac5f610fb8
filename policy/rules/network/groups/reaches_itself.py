"""Scheduler, workers, web server and database among each other."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.analysis.network.reachability import DATABASE, ITSELF, WEBSERVER, prove
from policy.analysis.verdict import Verdict
from policy.rules.facts.resources import short
from policy.rules.rule import Finding, Fix, Rule, fail, unknown
from policy.rules.sources import GUIDE


class ReachesItself(Rule):
    id = "mwaa-network-reaches-itself"
    title = "Each subnet reaches the environment's database, web server and the other subnet"
    enforcement = "mandatory"
    severity = "high"
    why = "Airflow's parts talk on 443 and 5432; else the create hangs, or the UI answers 502."
    fix = Fix(
        setting="additionalSecurityGroupIds: none that replaces the environment's own group",
        command="aws ec2 authorize-security-group-ingress --group-id GROUP --protocol all"
        " --source-group GROUP",
    )
    source = GUIDE + "vpc-security.html"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        doubts: dict[str, set[str]] = {}
        for reach in prove(platform):
            if reach.target not in (DATABASE, WEBSERVER, ITSELF):
                continue
            if reach.verdict is Verdict.FAIL:
                what = f"{short(reach.subnet)} to {reach.target} on {reach.port}"
                yield fail(f"{what}: {reach.proof.reason}", reach.subnet, fix=reach.proof.remedy)
            elif reach.verdict is Verdict.UNKNOWN:
                doubts.setdefault(reach.proof.reason, set()).add(reach.target)
        for reason, targets in doubts.items():
            yield unknown(f"way to {', '.join(sorted(targets))}: {reason}")
