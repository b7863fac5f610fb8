"""The proof of reachability, for what no other rule of the network names."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, fail, unknown
from checks.lookups import short
from checks.sources import GUIDE
from mwaa.subject import Subject
from proofs.reachability import DATABASE, ITSELF, WEBSERVER, prove
from proofs.verdict import Verdict


class EverythingReachable(Check):
    id = "mwaa-network-everything-reachable"
    title = "Each subnet reaches each AWS service that the environment needs"
    severity = "mandatory"
    why = "One broken hop and the create hangs for hours, then ends in INCORRECT_CONFIGURATION."
    remedy = Remedy(
        setting="endpointProfile: required, or egress: single-nat",
        command="aws ec2 create-vpc-endpoint --vpc-id VPC --service-name SERVICE ...",
    )
    source = GUIDE + "t-create-update-environment.html"

    def judge(self, subject: Subject) -> Iterator[Finding]:
        doubts: dict[str, set[str]] = {}
        for reach in prove(subject):
            if reach.target in (DATABASE, WEBSERVER, ITSELF):
                continue
            broken = reach.verdict is Verdict.FAIL
            # Endpoints outside of a plan may serve what those in the plan do not.
            if broken and "endpoints" not in subject.partial:
                yield fail(f"{short(reach.subnet)} to {reach.target}: {reach.proof.reason}")
            elif reach.verdict is not Verdict.PASS:
                doubts.setdefault(reach.proof.reason, set()).add(reach.target)
        for reason, targets in doubts.items():
            yield unknown(f"way to {', '.join(sorted(targets))}: {reason}")
