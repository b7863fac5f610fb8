"""Celery's configuration, read by Airflow itself: the environment's queue, and no other.

As the image's ``mwaa.config.celery``. Runs inside the rehearsed Airflow, and imports nothing of
this project.
"""

import json
import os

from airflow.providers.celery.executors.default_celery import DEFAULT_CELERY_CONFIG

_given = json.loads(os.environ["MWAA_CELERY"])

CONFIG = {
    **DEFAULT_CELERY_CONFIG,
    "broker_transport_options": {
        **DEFAULT_CELERY_CONFIG["broker_transport_options"],
        **_given["broker_transport_options"],
    },
}
