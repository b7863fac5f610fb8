"""The real names behind the capital words of a fix: BUCKET, ROLE, SUBNET, TABLE, ...

Words about the whole platform are the same for every finding; the others follow from the resource
that a finding is about, as its subnet's route table does. A name that does not exist yet (a URN of
a plan) is no name: its word stays for the reader.
"""

import json
import os.path
import re
import shlex
from collections.abc import Iterator, Mapping

from mwaa import iam_policies
from mwaa.model.platform import Maybe, Platform, Role, known
from policy.analysis.iam.required import key_of, names_of, secret_prefixes
from policy.analysis.index import index_of
from policy.analysis.network import access_lists, routes

_WORD = re.compile(r"(?<![A-Za-z_])[A-Z][A-Z_]+(?![A-Za-z_])")


def filled(command: str, words: Mapping[str, str]) -> str:
    """``command`` with every word replaced that is known here."""
    return _WORD.sub(lambda found: words.get(found[0], found[0]), command)


def words(platform: Platform, resource: str | None) -> dict[str, str]:
    """What the capital words stand for in a finding about ``resource``."""
    whole = index_of(platform).remember("identifiers", lambda: _real(_whole(platform)))
    return whole | _real(_of(platform, resource)) if resource else whole


def _real(pairs: Iterator[tuple[str, Maybe[str | None]]]) -> dict[str, str]:
    return {
        word: name for word, name in pairs if known(name) and name and not name.startswith("urn:")
    }


def _whole(platform: Platform) -> Iterator[tuple[str, Maybe[str | None]]]:
    environment, account = platform.environment, platform.account
    yield "NAME", environment.name
    yield "REGION", account.region
    yield "ACCOUNT", account.id
    yield "PARTITION", account.partition
    yield "KEY", environment.kms_key
    if known(environment.source_bucket) and environment.source_bucket.startswith("arn:"):
        yield "BUCKET", environment.source_bucket.rpartition(":")[2]
    role = environment.execution_role
    if known(role) and role.startswith("arn:"):
        yield "ROLE", role.rpartition("/")[2]
        yield "ROLE_ARN", role
    if known(platform.role) and platform.role is not None:
        yield "ROLE", platform.role.name
    if known(platform.bucket) and platform.bucket is not None:
        yield "BUCKET", platform.bucket.name
    yield from _network(platform)
    yield from _documents(platform)


def _documents(platform: Platform) -> Iterator[tuple[str, Maybe[str | None]]]:
    """The policies as this program writes them, for a shell."""
    names, key = names_of(platform), key_of(platform)
    if names is None:
        return
    rights = [iam_policies.execution_permissions(names, secrets_prefix=_secrets(platform))]
    if key is None:
        rights.append(iam_policies.aws_owned_key_permissions(names))
    elif known(key):
        rights.append(iam_policies.key_permissions(names, key))
    statements = [one for right in rights for one in right["Statement"]]
    for word, document in (
        ("ROLE_POLICY", iam_policies.document(*statements)),
        ("TRUST_POLICY", iam_policies.execution_trust(names)),
        ("KEY_POLICY", iam_policies.key_policy(names)),
        ("BUCKET_POLICY", iam_policies.bucket_policy(names.bucket_arn)),
    ):
        yield word, shlex.quote(json.dumps(document, separators=(",", ":")))


def _secrets(platform: Platform) -> str:
    """The prefix of all secrets; this program gives connections and variables one."""
    prefixes = secret_prefixes(platform)
    return os.path.commonpath(prefixes) if known(prefixes) and prefixes else ""


def _network(platform: Platform) -> Iterator[tuple[str, Maybe[str | None]]]:
    environment = platform.environment
    subnets = _all(environment.subnets)
    groups = _all(environment.security_groups)
    if subnets:
        yield "SUBNETS", " ".join(subnets)
        yield "SUBNET", subnets[0]
        home = index_of(platform).subnets.get(subnets[0])
        if home is not None:
            yield "VPC", home.vpc
    if groups:
        yield "GROUPS", " ".join(groups)
        yield "GROUP", groups[0]


def _of(platform: Platform, resource: str) -> Iterator[tuple[str, Maybe[str | None]]]:
    index = index_of(platform)
    if home := index.subnets.get(resource):
        yield "SUBNET", resource
        yield "VPC", home.vpc
        table, acl = (
            routes.effective(platform, resource),
            access_lists.effective(platform, resource),
        )
        if known(table):
            yield "TABLE", table.id
        if known(acl):
            yield "ACL", acl.id
    for word, records in (
        ("TABLE", index.route_tables),
        ("ACL", index.network_acls),
        ("GROUP", index.groups),
        ("NAT", index.nat_gateways),
        ("VPC", index.vpcs),
    ):
        if resource in records:
            yield word, resource
    if endpoint := index.endpoints.get(resource):
        yield "ENDPOINT", resource
        yield "SERVICE", endpoint.service
    for group in platform.log_groups if known(platform.log_groups) else ():
        if group.id == resource:
            yield "LOG_GROUP", group.name
    if isinstance(platform.role, Role) and known(platform.role.policies):
        for policy in platform.role.policies:
            if policy.id == resource:
                yield "POLICY", policy.arn if known(policy.arn) and policy.arn else policy.name


def _all(values: Maybe[tuple[Maybe[str], ...]]) -> list[str]:
    """The names when all of them are real; half a list would be a wrong one."""
    names = list(values) if known(values) else []
    real = [one for one in names if known(one) and not one.startswith("urn:")]
    return real if len(real) == len(names) else []
