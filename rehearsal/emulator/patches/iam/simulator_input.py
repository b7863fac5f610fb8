"""The input of IAM's policy simulator, refused in the words that AWS was recorded to use.

Recordings of September 2026: github.com/radkawar/stackd, testdata/aws/iam (read 2026-11-27).
"""

import base64
import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import unquote

from moto.iam.exceptions import InvalidInput, ValidationError

from mwaa.model.platform import Policy
from policy.analysis.iam.comparisons import is_address, is_base64
from rehearsal.emulator.patches.iam.simulated_actions import is_known

ANYWHERE = ("*",)
MOST_ITEMS = 1000
TYPES = ("binary", "ipList", "booleanList", "ip", "boolean", "numericList", "dateList", "numeric",
         "date", "stringList", "string", "binaryList")  # fmt: skip
_ARN = re.compile(r"arn:[^:]+:[^:]+:[^:]*:[^:]*:.+", re.DOTALL)
_SHORT_DATE = re.compile(r"\d{4}(-\d{2})?")
Context = Mapping[str, str | tuple[str, ...]]


def parsed(name: str, document: Any) -> Policy:
    """A policy that IAM holds."""
    text = document if isinstance(document, dict) else json.loads(unquote(str(document)))
    return Policy(id=name, name=name, document=text)


def given_policies(texts: Iterable[str]) -> list[Policy]:
    """The policies of a request."""
    found = []
    for number, text in enumerate(texts, 1):
        try:
            document = json.loads(text)
        except ValueError:
            document = None
        if not isinstance(document, dict) or document.get("Version") not in (
            None,
            "2008-10-17",
            "2012-10-17",
        ):
            raise InvalidInput(f"Policy input list item {number} has invalid content")
        found.append(parsed(f"PolicyInputList.{number}", document))
    return found


def actions_of(names: list[str]) -> list[str]:
    """The actions of a request."""
    if any(":" not in name for name in names):
        raise InvalidInput("The action is invalid since it is missing names")
    return names


def resources_of(arns: list[str], actions: list[str]) -> list[str]:
    """The resources of a request; none stands for anywhere, and so does ``*`` alone."""
    if tuple(arns) in ((), ANYWHERE):
        return []
    groups = [name for name in actions if is_known(name)], [n for n in actions if not is_known(n)]
    if all(groups):
        known_ones, others = (",".join(group) for group in groups)
        raise InvalidInput(
            f"Invalid Input Actions: [{known_ones}] and [{others}] require different "
            "authorization information. "
        )
    for arn in arns:
        check_arn(arn)
    return arns


def check_arn(arn: str) -> None:
    """Raise what AWS raises for what is no ARN."""
    if not _ARN.fullmatch(arn):
        raise InvalidInput(f"ResourceNames are not in a valid ARN format: {arn}.")


def resource_policy(text: str | None, resources: list[str]) -> dict[str, Any] | None:
    """The policy of a resource: it needs one, by its ARN, in the request and in itself."""
    if not text:
        return None
    if not resources:
        raise InvalidInput("Invalid Entity Arn: * does not clearly define entity type and name.")
    document: dict[str, Any] = json.loads(text)
    statements = document.get("Statement", [])
    for statement in [statements] if isinstance(statements, dict) else statements:
        named = statement.get("Resource", [])
        for arn in [named] if isinstance(named, str) else named:
            check_arn(arn)
    return document


def owner_of(arn: str | None) -> str | None:
    """The account that owns the resources, from the ARN of somebody in it."""
    if not arn:
        return None
    if not _ARN.fullmatch(arn):
        raise InvalidInput(f"'{arn}' is not a valid as a Resource Owner.")
    return arn.split(":")[4]


def context_of(entries: list[Mapping[str, Any]]) -> Context:
    """Condition keys and values: one text, or a tuple for the types of lists."""
    found: dict[str, str | tuple[str, ...]] = {}
    for number, entry in enumerate(entries, 1):
        if not entry:
            continue
        name, kind = entry.get("ContextKeyName"), entry.get("ContextKeyType")
        values = list(entry.get("ContextKeyValues") or ())
        if not name:
            raise InvalidInput("ContextKeyName cannot be null or empty.")
        if kind is None:
            raise InvalidInput(f"Context key {name} has invalid type null.")
        if kind not in TYPES:
            raise ValidationError(
                "1 validation error detected: Value at "
                f"'contextEntries.{number}.member.contextKeyType' failed to satisfy constraint: "
                f"Member must satisfy enum value set: [{', '.join(TYPES)}]"
            )
        if not values:
            raise InvalidInput(f"Context values for context key {name} cannot be null or empty.")
        if name.lower() in {given.lower() for given in found}:
            raise InvalidInput(f"Duplicate context key: {name}.")
        plain = kind.removesuffix("List")
        if plain == kind and len(values) > 1:
            raise InvalidInput(
                f"Context key {kind} expected a single value, but received {len(values)}."
            )
        texts = tuple(_typed(name, plain, value) for value in values)
        found[name] = texts if plain != kind else texts[0]
    return found


def _typed(name: str, kind: str, value: str) -> str:
    """The text by which string operators see a value of the type."""
    wrong = f"Invalid context value for key {name}: expected "
    if kind == "numeric":
        if (number := _number(value)) is None:
            raise InvalidInput(f"{wrong}numeric format.")
        return f"{number:f}"
    if kind == "date":
        if (moment := _moment(value)) is None:
            raise InvalidInput(f"{wrong}DateTime format.")
        return moment
    if kind == "ip" and not is_address(value):
        raise InvalidInput(f"{wrong}IP address.")
    if kind == "binary" and not is_base64(value):
        raise InvalidInput(f"{wrong}base-64 encoded binary format.")
    return value


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text) if text == text.strip() else None
    except InvalidOperation:
        return None
    return number if number is not None and number.is_finite() else None


def _moment(text: str) -> str | None:
    # A year, or a year and a month, is a date; any other number is seconds.
    text = f"{text}-01-01"[:10] if _SHORT_DATE.fullmatch(text) else text
    try:
        if (seconds := _number(text)) is not None:
            moment = datetime.fromtimestamp(float(seconds), UTC)
        else:
            moment = datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        return None
    moment = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"


def page_of(results: list[dict[str, Any]], marker: str | None, limit: int | None) -> dict[str, Any]:
    """One page of the results, and the marker of the next."""
    if limit is not None and limit > MOST_ITEMS:
        raise ValidationError(
            "1 validation error detected: Value at 'maxItems' failed to satisfy constraint: "
            f"Member must have value less than or equal to {MOST_ITEMS}"
        )
    start = 0
    if marker:
        text = base64.b64decode(marker) if is_base64(marker) else b""
        if not text.isdigit():
            raise InvalidInput("Invalid marker for pagination.")
        start = int(text)
    end = start + (limit or MOST_ITEMS)
    page: dict[str, Any] = {"EvaluationResults": results[start:end], "IsTruncated": False}
    if end < len(results):
        page |= {"IsTruncated": True, "Marker": base64.b64encode(str(end).encode()).decode()}
    return page
