"""Ingress from the whole internet."""

from collections.abc import Iterator

from mwaa.model.platform import UNKNOWN, GroupRule, Maybe, Platform, known
from policy.analysis.index import index_of
from policy.analysis.network.addresses import is_world, union
from policy.rules.facts.resources import endpoints, group, group_ids, short
from policy.rules.rule import (
    Finding,
    Fix,
    Rule,
    each,
    fail,
    require,
    undecided,
)
from policy.rules.sources import GUIDE


class NoWorldIngress(Rule):
    id = "mwaa-network-no-world-ingress"
    title = "No group of the environment or of its endpoints admits the whole internet"
    enforcement = "mandatory"
    severity = "critical"
    why = (
        "The day a route to the internet appears, such a rule opens the web server or the database."
    )
    fix = Fix(
        setting="webserverClientCidrs: your own networks",
        command="aws ec2 revoke-security-group-ingress --group-id GROUP --ip-permissions RULE",
    )
    source = GUIDE + "vpc-security.html"
    frameworks = ("AWS FSBP EC2.18", "CIS AWS Foundations 5.2")

    def judge(self, platform: Platform) -> Iterator[Finding]:
        def one(identity: Maybe[str]) -> Iterator[Finding]:
            found = group(platform, identity)
            unseen = False
            for rule in require(found.ingress, f"the ingress of group {short(found.id)}"):
                blocks: Maybe[tuple[Maybe[str | None], ...]] = (rule.cidr,)
                if rule.prefix_list is not None:
                    lists = index_of(platform).prefix_lists
                    listed = lists.get(rule.prefix_list) if known(rule.prefix_list) else None
                    blocks = listed.cidrs if listed else UNKNOWN
                seen = [b for b in blocks if isinstance(b, str)] if known(blocks) else []
                if is_world(union(seen)):
                    what = f"group {short(found.id)} admits {rule.protocol} from {', '.join(seen)}"
                    yield fail(what, found.id, words={"RULE": _as_permission(rule)})
                unseen = unseen or not known(blocks) or UNKNOWN in blocks
            if unseen:
                undecided(f"a source that group {short(found.id)} admits cannot be known yet")

        return each(dict.fromkeys(_all_groups(platform)), one)


def _all_groups(platform: Platform) -> Iterator[Maybe[str]]:
    yield from group_ids(platform)
    for endpoint in endpoints(platform):
        yield from require(endpoint.security_groups, f"the groups of endpoint {short(endpoint.id)}")


def _as_permission(rule: GroupRule) -> str:
    """The rule in the short form of the AWS command line, which takes a rule away as it is."""
    ports = ""
    if isinstance(rule.from_port, int) and isinstance(rule.to_port, int):
        ports = f",FromPort={rule.from_port},ToPort={rule.to_port}"
    if isinstance(rule.prefix_list, str):
        source = f"PrefixListIds=[{{PrefixListId={rule.prefix_list}}}]"
    elif ":" in str(rule.cidr):
        source = f"Ipv6Ranges=[{{CidrIpv6={rule.cidr}}}]"
    else:
        source = f"IpRanges=[{{CidrIp={rule.cidr}}}]"
    return f"'IpProtocol={rule.protocol}{ports},{source}'"
