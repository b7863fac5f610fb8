"""Celery's configuration, read by Airflow itself: the environment's queue, and no other.

As the image's ``mwaa.config.celery``. Runs inside the rehearsed Airflow, and imports nothing of
this project.
"""

import os

from airflow.providers.celery.executors.default_celery import DEFAULT_CELERY_CONFIG

CONFIG = {
    **DEFAULT_CELERY_CONFIG,
    "broker_transport_options": {
        **DEFAULT_CELERY_CONFIG["broker_transport_options"],
        "predefined_queues": {os.environ["MWAA_QUEUE"]: {"url": os.environ["MWAA_QUEUE_URL"]}},
        "is_secure": False,
        "region": os.environ["AWS_REGION"],
        "visibility_timeout": int(os.environ["MWAA_TASK_SECONDS"]),
    },
}
