"""The smallest DAG that shows an environment works: a scheduler, a worker and task logs."""

import logging
from datetime import datetime, timedelta

try:
    from airflow.sdk import dag, task  # Airflow 3
except ImportError:
    from airflow.decorators import dag, task  # Airflow 2

log = logging.getLogger(__name__)


@dag(
    schedule=None,
    start_date=datetime(2024, 1, 1),
    catchup=False,
    default_args={"retries": 1, "execution_timeout": timedelta(minutes=5)},
    tags=["example"],
)
def hello():
    """Trigger by hand: ``mwaa cli -- dags trigger hello``."""

    @task
    def name() -> str:
        return "world"

    @task
    def greet(who: str) -> None:
        log.info("Hello, %s", who)

    greet(name())


hello()
