"""Network ACLs between the subnets."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, each, fail, undecided
from checks.lookups import short, subnets
from checks.sources import GUIDE
from mwaa.subject import Subject, Subnet
from proofs.hops import acl_hop, addresses_of
from proofs.verdict import Verdict


class AclsPass(Check):
    id = "mwaa-network-acls-pass"
    title = "Network ACLs let the subnets talk on 443 and 5432, and let the answers back"
    severity = "mandatory"
    why = "ACLs forget connections: without the ephemeral ports every answer is dropped."
    remedy = Remedy(
        command="aws ec2 create-network-acl-entry --network-acl-id ACL --rule-number 100"
        " --protocol -1 --rule-action allow --cidr-block 0.0.0.0/0 --ingress (and --egress)"
    )
    source = GUIDE + "vpc-security.html"

    def judge(self, subject: Subject) -> Iterator[Finding]:
        homes = subnets(subject)

        def one(home: Subnet) -> Iterator[Finding]:
            doubt = ""
            for peer in homes:
                addresses, exact = addresses_of(subject, peer)
                for port in (443, 5432):
                    for opens in (True, False):
                        proof = acl_hop(
                            subject,
                            home.id,
                            addresses,
                            port,
                            opens=opens,
                            every=exact,
                            peer_name=short(peer.id),
                        )
                        if proof.verdict is Verdict.FAIL and peer is not home:
                            yield fail(proof.reason, home.id)
                            return
                        if proof.verdict is Verdict.UNKNOWN:
                            doubt = proof.reason
            if doubt:
                undecided(doubt)

        return each(homes, one)
