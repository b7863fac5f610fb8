"""Copies of a subject with one record changed, and the living form of a planned subject.

``with_subnet(no_internet(), "subnet-a", zone="us-east-1b")`` reads as the fact that it breaks.
An unknown id is an error, so that a test cannot pass because nothing was changed.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Protocol, TypeVar, cast

from mwaa.subject import (
    UNKNOWN,
    Endpoint,
    Grant,
    Key,
    LastUpdate,
    Maybe,
    Metric,
    NetworkInterface,
    Policy,
    Role,
    SecurityGroup,
    Subject,
    known,
)

T = TypeVar("T")


class _Record(Protocol):
    id: str


def items(collection: Maybe[tuple[T, ...]]) -> tuple[T, ...]:
    """The records of a collection that a test knows to be complete."""
    assert known(collection)
    return collection


def present(value: Maybe[T | None]) -> T:
    """A record that a test knows to be there."""
    assert known(value) and value is not None
    return value


def with_environment(subject: Subject, **changes: Any) -> Subject:
    return replace(subject, environment=replace(subject.environment, **changes))


def with_account(subject: Subject, **changes: Any) -> Subject:
    return replace(subject, account=replace(subject.account, **changes))


def with_bucket(subject: Subject, **changes: Any) -> Subject:
    return replace(subject, bucket=replace(present(subject.bucket), **changes))


def with_key(subject: Subject, **changes: Any) -> Subject:
    return replace(subject, key=replace(present(subject.key), **changes))


def with_role(subject: Subject, **changes: Any) -> Subject:
    return replace(subject, role=replace(present(subject.role), **changes))


def with_record(subject: Subject, collection: str, identity: str, **changes: Any) -> Subject:
    """``subject`` with one record of the named collection changed."""
    records = items(getattr(subject, collection))
    if identity not in [record.id for record in records]:
        raise KeyError(f"{collection} has no {identity}: {[record.id for record in records]}")
    changed = tuple(replace(r, **changes) if r.id == identity else r for r in records)
    return replace(subject, **cast(Any, {collection: changed}))


def without(subject: Subject, collection: str, *identities: str) -> Subject:
    """``subject`` without the named records of the named collection."""
    records = cast(tuple[_Record, ...], items(getattr(subject, collection)))
    missing = set(identities) - {record.id for record in records}
    if missing:
        raise KeyError(f"{collection} has no {sorted(missing)}")
    kept = tuple(record for record in records if record.id not in identities)
    return replace(subject, **cast(Any, {collection: kept}))


def adding(subject: Subject, collection: str, *records: object) -> Subject:
    """``subject`` with more records in the named collection."""
    more = (*items(getattr(subject, collection)), *records)
    return replace(subject, **cast(Any, {collection: more}))


def with_vpc(subject: Subject, **changes: Any) -> Subject:
    return with_record(subject, "vpcs", items(subject.vpcs)[0].id, **changes)


def with_subnet(subject: Subject, identity: str, **changes: Any) -> Subject:
    return with_record(subject, "subnets", identity, **changes)


def with_table(subject: Subject, identity: str, **changes: Any) -> Subject:
    return with_record(subject, "route_tables", identity, **changes)


def with_acl(subject: Subject, identity: str, **changes: Any) -> Subject:
    return with_record(subject, "network_acls", identity, **changes)


def with_group(subject: Subject, identity: str, **changes: Any) -> Subject:
    return with_record(subject, "security_groups", identity, **changes)


def with_endpoint(subject: Subject, identity: str, **changes: Any) -> Subject:
    return with_record(subject, "endpoints", identity, **changes)


def group(subject: Subject, identity: str) -> SecurityGroup:
    return next(g for g in items(subject.security_groups) if g.id == identity)


def endpoint(subject: Subject, identity: str) -> Endpoint:
    return next(e for e in items(subject.endpoints) if e.id == identity)


def with_execution_policy(subject: Subject, document: Mapping[str, Any]) -> Subject:
    """``subject`` whose role has this one policy."""
    policy = Policy(id="role-policy", name="execution", document=document)
    return with_role(subject, policies=(policy,))


def with_statement(subject: Subject, sid: str, **changes: Any) -> Subject:
    """``subject`` with fields of one statement of the role's policy changed; None removes one."""
    role: Role = present(subject.role)
    document = cast(Mapping[str, Any], items(role.policies)[0].document)
    return with_execution_policy(subject, edited(document, sid, **changes))


def without_statement(subject: Subject, sid: str) -> Subject:
    role: Role = present(subject.role)
    document = cast(Mapping[str, Any], items(role.policies)[0].document)
    kept = [s for s in document["Statement"] if s["Sid"] != sid]
    assert len(kept) < len(document["Statement"]), sid
    return with_execution_policy(subject, {**document, "Statement": kept})


def edited(document: Mapping[str, Any], sid: str, **changes: Any) -> dict[str, Any]:
    """A policy document with fields of one statement changed; None removes a field."""
    assert sid in [s["Sid"] for s in document["Statement"]], sid
    statements = [
        {k: v for k, v in {**s, **changes}.items() if v is not None} if s["Sid"] == sid else s
        for s in document["Statement"]
    ]
    return {**document, "Statement": statements}


def live(subject: Subject) -> Subject:
    """The same platform after its create: available, with all that the service adds."""
    name = cast(str, subject.environment.name)
    region = cast(str, subject.account.region)
    now = cast(float, subject.account.now)
    services = {
        part: f"com.amazonaws.vpce.{region}.vpce-svc-0{part[0] * 16}"
        for part in ("database", "webserver")
    }
    subnets = cast(tuple[str, ...], items(subject.environment.subnets))
    groups = cast(tuple[str, ...], items(subject.environment.security_groups))
    made = tuple(
        Endpoint(
            id=f"vpce-{part}",
            service=service,
            type="Interface",
            vpc="vpc-1",
            subnets=subnets,
            security_groups=groups,
            private_dns=False,
            state="available",
            tags=(
                {"AmazonMWAAManaged": "true"}
                if subject.environment.endpoint_management == "SERVICE"
                else {}
            ),
        )
        for part, service in services.items()
    )
    own = tuple(
        replace(e, state="available")
        for e in items(subject.endpoints)
        if e.id not in ("vpce-database", "vpce-webserver")
    )
    environment = replace(
        subject.environment,
        status="AVAILABLE",
        created_at=now - 86_400,
        last_update=LastUpdate(status="SUCCESS", created_at=now - 86_400),
        webserver_url=f"c5{'0' * 10}-vpce.c1.{region}.airflow.amazonaws.com",
        database_endpoint_service=services["database"],
        webserver_endpoint_service=services["webserver"],
        celery_queue=f"arn:aws:sqs:{region}:999999999999:airflow-celery-{'0' * 8}",
        depends_on=UNKNOWN,
    )
    key: Key = present(subject.key)
    return replace(
        subject,
        origin="live",
        environment=environment,
        account=replace(subject.account, environments=(name,)),
        endpoints=(*own, *made),
        nat_gateways=tuple(replace(g, state="available") for g in items(subject.nat_gateways)),
        interfaces=tuple(
            NetworkInterface(
                id=f"eni-{index}-{subnet}",
                subnet=subnet,
                security_groups=groups,
                status="in-use",
                address=f"10.192.{block}.{10 + index}",
                requester="amazon-mwaa",
            )
            for block, subnet in enumerate(subnets)
            for index in range(3)
        ),
        key=replace(
            key,
            grants=tuple(
                Grant(
                    name=f"{grant}-{name}",
                    grantee=f"airflow.{region}.amazonaws.com",
                    operations=("Decrypt", "GenerateDataKey", "Encrypt", "CreateGrant"),
                )
                for grant in (
                    "mwaa-grant-for-env-mgmt-role",
                    "mwaa-grant-for-lambda-exec",
                    "mwaa-grant-for-cfn-mgmt",
                    "mwaa-fargate-access-for",
                )
            ),
        ),
        log_groups=tuple(replace(g, last_event=now - 60) for g in items(subject.log_groups)),
        metrics=tuple(
            Metric(
                namespace="AmazonMWAA",
                name=metric,
                dimensions={"Environment": name, "Function": function},
                value=1.0,
                timestamp=now - 60,
            )
            for metric, function in (
                ("SchedulerHeartbeat", "Scheduler"),
                ("CeleryWorkerHeartbeat", "Celery"),
            )
        ),
    )
