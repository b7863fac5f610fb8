"""Ingress from the whole internet."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, each, fail, need, undecided
from checks.lookups import endpoints, group, group_ids, short
from checks.sources import GUIDE
from mwaa.subject import UNKNOWN, Maybe, Subject, known
from proofs.addresses import is_world, union
from proofs.index import index_of


class NoWorldIngress(Check):
    id = "mwaa-network-no-world-ingress"
    title = "No group of the environment or of its endpoints admits the whole internet"
    severity = "mandatory"
    why = (
        "The day a route to the internet appears, such a rule opens the web server or the database."
    )
    remedy = Remedy(
        setting="webserverClientCidrs: your own networks",
        command="aws ec2 revoke-security-group-ingress --group-id GROUP --protocol all --cidr CIDR",
    )
    source = GUIDE + "vpc-security.html"
    frameworks = ("AWS FSBP EC2.18", "CIS AWS Foundations 5.2")

    def judge(self, subject: Subject) -> Iterator[Finding]:
        def one(identity: Maybe[str]) -> Iterator[Finding]:
            found = group(subject, identity)
            unseen = False
            for rule in need(found.ingress, f"the ingress of group {short(found.id)}"):
                blocks: Maybe[tuple[Maybe[str | None], ...]] = (rule.cidr,)
                if rule.prefix_list is not None:
                    lists = index_of(subject).prefix_lists
                    listed = lists.get(rule.prefix_list) if known(rule.prefix_list) else None
                    blocks = listed.cidrs if listed else UNKNOWN
                seen = [b for b in blocks if isinstance(b, str)] if known(blocks) else []
                if is_world(union(seen)):
                    what = f"group {short(found.id)} admits {rule.protocol} from {', '.join(seen)}"
                    yield fail(what, found.id)
                unseen = unseen or not known(blocks) or UNKNOWN in blocks
            if unseen:
                undecided(f"a source that group {short(found.id)} admits cannot be known yet")

        return each(dict.fromkeys(_all_groups(subject)), one)


def _all_groups(subject: Subject) -> Iterator[Maybe[str]]:
    yield from group_ids(subject)
    for endpoint in endpoints(subject):
        yield from need(endpoint.security_groups, f"the groups of endpoint {short(endpoint.id)}")
