"""Answers of AWS that others recorded, read where they lie."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from botocore import xform_name
from botocore.exceptions import ClientError
from botocore.handlers import json_decode_policies

from tests.witnesses.iam.decisions import RECORDED
from tests.witnesses.samples import operation as model

Call = tuple[str, str]

# The recorder names files by the service's endpoint, boto by itself.
SERVICES = {"airflow": "mwaa", "monitoring": "cloudwatch", "servicequotas": "service-quotas"}
# Files that hold no answer of an operation.
OTHERS = ("iam_decisions",)


@dataclass(frozen=True)
class Recording:
    """One answer; ``error`` is set where AWS refused."""

    name: str
    answer: Mapping[str, Any]
    error: ClientError | None


@cache
def recordings() -> Mapping[Call, tuple[Recording, ...]]:
    """All answers by boto's service and operation; empty where the folder is not there."""
    found: defaultdict[Call, tuple[Recording, ...]] = defaultdict(tuple)
    for path in sorted(RECORDED.glob("*.json")):
        if path.name.startswith(OTHERS):
            continue
        service, _, operation = path.stem.partition("_")[0].partition(".")
        call = (SERVICES.get(service, service), xform_name(operation))
        document = json.loads(path.read_text(encoding="utf-8"), object_hook=_date)
        data = document["data"]
        error = None
        if document.get("status_code", 200) >= 400 or "Error" in data:
            error = ClientError(data, operation)
        answer = {name: value for name, value in data.items() if name != "ResponseMetadata"}
        if service == "iam":
            # The recorder stood before the place where boto parses policy documents.
            json_decode_policies(answer, model(*call))
        found[call] += (Recording(path.stem, answer, error),)
    return dict(found)


def _date(value: dict[str, Any]) -> Any:
    if value.get("__class__") != "datetime":
        return value
    parts = ("year", "month", "day", "hour", "minute", "second", "microsecond")
    year, month, day, hour, minute, second, micro = (value[part] for part in parts)
    return datetime(year, month, day, hour, minute, second, micro, tzinfo=UTC)
