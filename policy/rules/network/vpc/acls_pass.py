"""Network ACLs between the subnets."""

from collections.abc import Iterator

from mwaa.model.platform import Platform, Subnet
from mwaa.service.ports import HTTPS, POSTGRESQL
from policy.analysis.network.hops import acl_hop, addresses_of
from policy.analysis.verdict import Verdict
from policy.rules.facts.resources import short, subnets
from policy.rules.rule import Finding, Fix, Rule, each, fail, undecided
from policy.rules.sources import GUIDE


class AclsPass(Rule):
    id = "mwaa-network-acls-pass"
    title = "Network ACLs let the subnets talk on 443 and 5432, and let the answers back"
    enforcement = "mandatory"
    severity = "high"
    why = "ACLs forget connections: without the ephemeral ports every answer is dropped."
    fix = Fix(
        command="aws ec2 create-network-acl-entry --network-acl-id ACL --rule-number N"
        " --protocol -1 --rule-action allow --cidr-block 0.0.0.0/0 --ingress (and --egress), with N"
        " below the rule that refuses: the lowest number that matches decides"
    )
    source = GUIDE + "vpc-security.html"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        homes = subnets(platform)

        def one(home: Subnet) -> Iterator[Finding]:
            doubt = ""
            for peer in homes:
                addresses, exact = addresses_of(platform, peer)
                for port in (HTTPS, POSTGRESQL):
                    for opens in (True, False):
                        proof = acl_hop(
                            platform,
                            home.id,
                            addresses,
                            port,
                            opens=opens,
                            every=exact,
                            peer_name=short(peer.id),
                        )
                        if proof.verdict is Verdict.FAIL and peer is not home:
                            yield fail(proof.reason, home.id, fix=proof.remedy)
                            return
                        if proof.verdict is Verdict.UNKNOWN:
                            doubt = proof.reason
            if doubt:
                undecided(doubt)

        return each(homes, one)
