"""What DAGs write to the source bucket, and the S3 endpoint that it passes."""

from collections.abc import Iterator

from mwaa.model.platform import Platform, known
from policy.analysis.iam.match import matches_action, strings
from policy.analysis.iam.required import RequiredPermission, bucket_of, names_of
from policy.analysis.iam.statements import statements
from policy.analysis.verdict import Verdict
from policy.rules.facts.endpoints import in_vpc, suffix
from policy.rules.facts.permissions import layer_allows
from policy.rules.facts.resources import role, short
from policy.rules.rule import Finding, Fix, Rule, fail, require, undecided, unknown
from policy.rules.sources import PRIVATELINK

WRITE = "s3:PutObject"


class WritesPassEndpoint(Rule):
    id = "mwaa-identity-writes-pass-endpoint"
    title = "What the role may write to its bucket passes the S3 endpoint"
    enforcement = "advisory"
    severity = "high"
    why = (
        "An export of the metadata database, say, is AccessDenied although the role allows it: the "
        "endpoint's policy bounds the role."
    )
    fix = Fix(
        setting="bucketWritePrefixes: [PREFIX], which opens role and endpoint alike",
        command="aws ec2 modify-vpc-endpoint --vpc-endpoint-id ENDPOINT --policy-document"
        " file://policy.json (that also lets these writes pass)",
    )
    source = PRIVATELINK + "vpc-endpoints-s3.html#vpc-endpoints-policies-s3"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        endpoints = [one for one in in_vpc(platform) if suffix(one) == "s3"]
        if not endpoints:
            return
        written = list(_written(platform))
        for endpoint in endpoints if written else ():
            name = short(endpoint.id)
            if require(endpoint.policy, f"the policy of endpoint {name}") is None:
                continue
            for sid, place in written:
                verdict = layer_allows(platform, _needs(place), endpoint=endpoint.policy)
                words = f"{WRITE} on {place}, which statement {sid} of the role allows"
                if verdict is Verdict.FAIL:
                    yield fail(f"endpoint {name} withholds {words}", endpoint.id)
                elif verdict is Verdict.UNKNOWN:
                    yield unknown(f"not known: whether endpoint {name} passes {words}", endpoint.id)


def _needs(place: str) -> RequiredPermission:
    # One object of those that the pattern means.
    form = place.replace("*", "x").replace("?", "x")
    return RequiredPermission(topic="writes", action=WRITE, resources=(form,), why="", service="s3")


def _written(platform: Platform) -> Iterator[tuple[str, str]]:
    """Where in the source bucket the role's own policies let it write, by statement."""
    require(bucket_of(platform), "the source bucket")
    names = names_of(platform)
    if names is None:
        undecided("not known: the environment's name, account or region")
    for policy in require(role(platform).policies, "the role's policies"):
        if not known(policy.document):
            may_write = not known(policy.concerns) or any(
                matches_action(pattern, WRITE) for pattern in policy.concerns
            )
            if may_write:
                undecided(f"not known: policy {short(policy.id)} of the role")
            continue
        for sid, statement in statements(policy.document):
            if not known(statement):
                undecided(f"not known: statement {sid} of policy {short(policy.id)}")
            if statement.get("Effect") != "Allow":
                continue
            actions = require(strings(statement.get("Action", ())), f"the actions of {sid}")
            if not any(known(a) and matches_action(a, WRITE) for a in actions):
                continue
            for place in require(strings(statement.get("Resource", ())), f"the resources of {sid}"):
                if require(place, f"a resource of {sid}").startswith(f"{names.bucket_arn}/"):
                    yield sid, str(place)
