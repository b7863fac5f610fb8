"""Service Quotas: MWAA's quotas are listed, with their documented defaults.

moto 5.2.5 knows the quotas of VPC alone. The codes are this emulator's own: AWS documents names.
https://docs.aws.amazon.com/mwaa/latest/userguide/mwaa-quotas.html
"""

import json
from typing import Any

from moto.servicequotas.responses import ServiceQuotasResponse

DEFAULTS = {
    "Environments per account per Region": 10,
    "Workers per environment": 25,
}


def _list(response: Any) -> str:
    service = str(json.loads(response.body).get("ServiceCode"))
    quotas = DEFAULTS if service == "airflow" else {}
    return json.dumps(
        {
            "Quotas": [
                {
                    "ServiceCode": service,
                    "ServiceName": "Amazon Managed Workflows for Apache Airflow",
                    "QuotaCode": f"L-{number:08}",
                    "QuotaName": name,
                    "Value": float(value),
                    "Adjustable": True,
                    "GlobalQuota": False,
                }
                for number, (name, value) in enumerate(quotas.items(), start=1)
            ]
        }
    )


def apply() -> None:
    """Add the operation where moto has none."""
    if not hasattr(ServiceQuotasResponse, "list_service_quotas"):
        setattr(ServiceQuotasResponse, "list_service_quotas", _list)  # noqa: B010 - moto's class
