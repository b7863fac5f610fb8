"""Totals of orders. Amounts stay decimal strings between tasks: XCom is JSON, money is no float."""

import csv
from collections.abc import Iterable, Mapping
from decimal import Decimal


def total_by_country(lines: Iterable[str]) -> dict[str, str]:
    """The sum of ``amount`` per ``country`` of a CSV file with a header."""
    totals: dict[str, Decimal] = {}
    for row in csv.DictReader(lines):
        country = row["country"]
        totals[country] = totals.get(country, Decimal(0)) + Decimal(row["amount"])
    return {country: str(amount) for country, amount in sorted(totals.items())}


def merge(totals: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """One total per country out of the totals of many files."""
    merged: dict[str, Decimal] = {}
    for one in totals:
        for country, amount in one.items():
            merged[country] = merged.get(country, Decimal(0)) + Decimal(amount)
    return {country: str(amount) for country, amount in sorted(merged.items())}
