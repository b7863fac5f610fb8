"""What a destroyed stack leaves, and what of it stands in the way of the next."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

from rehearsal.cli.leftovers import (
    BUCKET,
    KEY,
    LOG_GROUP,
    in_the_way,
    of_state,
    parsed,
    still_there,
)


def resource(kind: str, *, retained: bool = True, **outputs: str) -> dict[str, Any]:
    return {"type": kind, "id": "id", "retainOnDelete": retained, "outputs": outputs}


def test_what_holds_data_and_is_retained_is_left() -> None:
    left = of_state(
        {
            "deployment": {
                "resources": [
                    resource(LOG_GROUP, name="airflow-prod-Task"),
                    resource(LOG_GROUP, retained=False, name="flow-logs"),
                    resource(BUCKET, bucket="airflow-prod"),
                    resource(KEY, arn="arn:aws:kms:us-east-1:1:key/abc"),
                    resource("aws:s3/bucketPolicy:BucketPolicy"),
                ]
            }
        }
    )
    assert [one.kind for one in left] == ["log group", "bucket", "key"]
    words = "\n".join(map(str, left))
    for said in (
        "mwaa:adoptLogGroups: true",
        "aws logs delete-log-group --log-group-name airflow-prod-Task",
        "mwaa:existingBucketName: airflow-prod",
        "aws s3api delete-bucket --bucket airflow-prod",
        "mwaa:existingKeyArn: arn:aws:kms:us-east-1:1:key/abc",
        "aws kms schedule-key-deletion --key-id abc",
    ):
        assert said in words
    assert of_state(parsed("")) == of_state(parsed("nothing")) == []


def left() -> Any:
    """Two log groups, two buckets and a key that a state knows."""
    resources = [
        *(resource(LOG_GROUP, name=f"airflow-{name}-Task") for name in ("prod", "gone")),
        *(resource(BUCKET, bucket=f"airflow-{name}") for name in ("prod", "gone")),
        resource(KEY, arn="arn:aws:kms:us-east-1:1:key/abc"),
    ]
    return of_state({"deployment": {"resources": resources}})


def test_what_was_deleted_outside_of_the_stack_is_not_left() -> None:
    assert [one.name.rpartition("/")[2] for one in still_there(left(), Account())] == [
        "airflow-prod-Task",
        "airflow-prod",
        "abc",
    ]


def test_all_is_listed_where_the_account_does_not_say() -> None:
    def down(service: str) -> Any:
        raise EndpointConnectionError(endpoint_url=service)

    assert still_there(left(), down) == left()


class Account:
    """An account with one log group and one bucket."""

    def __call__(self, service: str) -> Any:
        return self

    def get_paginator(self, operation: str) -> Any:
        assert operation == "describe_log_groups"
        return self

    def paginate(self) -> list[Any]:
        return [{"logGroups": [{"logGroupName": "airflow-prod-Task"}]}]

    def list_buckets(self) -> Any:
        return {"Buckets": [{"Name": "airflow-prod"}]}


@pytest.mark.parametrize(
    ("op", "names", "taken"),
    [
        ("create", ("airflow-prod-Task", "airflow-prod"), ["airflow-prod-Task", "airflow-prod"]),
        ("create", ("airflow-dev-Task", "airflow-dev"), []),
        # An adopted one is imported, one of the stack itself is changed.
        ("import", ("airflow-prod-Task", "airflow-prod"), []),
        ("update", ("airflow-prod-Task", "airflow-prod"), []),
    ],
)
def test_a_name_that_the_account_has_stands_in_the_way_of_a_create(
    op: str, names: tuple[str, str], taken: list[str]
) -> None:
    group, bucket = names
    steps = [
        {"op": op, "type": LOG_GROUP, "new": {"inputs": {"name": group}}},
        {"op": op, "type": BUCKET, "new": {"inputs": {"bucket": bucket}}},
    ]
    assert [one.name for one in in_the_way(steps, Account())] == taken
