"""The two TCP ports on which an environment's parts and its endpoints talk.

Source: https://docs.aws.amazon.com/mwaa/latest/userguide/vpc-security.html (read 2026-11).
"""

from typing import Final

HTTPS: Final = 443
"""The web server, every AWS service and, from Airflow 3 on, the tasks' way to the API server."""

POSTGRESQL: Final = 5432
"""The metadata database."""
