"""The proof of reachability, for what no other rule of the network names."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.analysis.network.reachability import DATABASE, ITSELF, WEBSERVER, prove
from policy.analysis.verdict import Verdict
from policy.rules.facts.resources import short
from policy.rules.rule import Finding, Fix, Rule, fail, unknown
from policy.rules.sources import GUIDE


class EverythingReachable(Rule):
    id = "mwaa-network-everything-reachable"
    title = "Each subnet reaches each AWS service that the environment needs"
    enforcement = "mandatory"
    severity = "high"
    why = "One broken hop and the create hangs for hours, then ends in INCORRECT_CONFIGURATION."
    fix = Fix(
        setting="endpointProfile: required, or egress: single-nat",
        command="aws ec2 create-vpc-endpoint --vpc-id VPC --vpc-endpoint-type Interface"
        " --service-name SERVICE --subnet-ids SUBNETS --security-group-ids GROUPS",
    )
    source = GUIDE + "t-create-update-environment.html"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        doubts: dict[str, set[str]] = {}
        for reach in prove(platform):
            if reach.target in (DATABASE, WEBSERVER, ITSELF):
                continue
            broken = reach.verdict is Verdict.FAIL
            # Endpoints outside of a plan may serve what those in the plan do not.
            if broken and "endpoints" not in platform.partial:
                what = f"{short(reach.subnet)} to {reach.target}: {reach.proof.reason}"
                yield fail(what, reach.subnet, fix=reach.proof.remedy)
            elif reach.verdict is not Verdict.PASS:
                doubts.setdefault(reach.proof.reason, set()).add(reach.target)
        for reason, targets in doubts.items():
            yield unknown(f"way to {', '.join(sorted(targets))}: {reason}")
