"""A daily report over files in S3, as data teams write it.

Reads ``s3://$ORDERS_BUCKET/orders/<day>/*.csv`` (columns ``order_id``, ``country``, ``amount``) and
writes ``reports/<day>.json`` beside it: a total per country. ``ORDERS_BUCKET`` comes from
``startup.sh``; the arithmetic lives in the ``orders`` package of ``plugins.zip``, where it can be
tested without Airflow.
"""

import json
import os
from datetime import datetime, timedelta

try:
    from airflow.sdk import dag, task  # Airflow 3
except ImportError:
    from airflow.decorators import dag, task  # Airflow 2


@dag(
    schedule="0 3 * * *",
    start_date=datetime(2024, 1, 1),
    catchup=False,
    max_active_runs=1,
    default_args={
        "retries": 2,
        "retry_delay": timedelta(minutes=5),
        "execution_timeout": timedelta(hours=1),
    },
    tags=["example"],
)
def daily_orders():
    """Total of yesterday's orders per country."""

    @task
    def files(ds: str | None = None) -> list[str]:
        # Imported in the task, so that the scheduler parses this file without loading boto3.
        import boto3

        pages = (
            boto3.client("s3")
            .get_paginator("list_objects_v2")
            .paginate(Bucket=os.environ["ORDERS_BUCKET"], Prefix=f"orders/{ds}/")
        )
        return [item["Key"] for page in pages for item in page.get("Contents", [])]

    @task
    def total(key: str) -> dict[str, str]:
        import boto3
        from orders.totals import total_by_country

        body = boto3.client("s3").get_object(Bucket=os.environ["ORDERS_BUCKET"], Key=key)["Body"]
        return total_by_country(body.read().decode("utf-8").splitlines())

    @task
    def report(totals: list[dict[str, str]], ds: str | None = None) -> str:
        import boto3
        from orders.totals import merge

        key = f"reports/{ds}.json"
        boto3.client("s3").put_object(
            Bucket=os.environ["ORDERS_BUCKET"],
            Key=key,
            Body=json.dumps(merge(totals), sort_keys=True).encode(),
        )
        return key

    report(total.expand(key=files()))


daily_orders()
