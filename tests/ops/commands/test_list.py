"""The list: every place at once, what could not be read is named, support by the day."""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import typer
from botocore.exceptions import ClientError, NoRegionError, ProfileNotFound

from ops.errors import RefusedError
from ops.terminal import Format
from tests.ops.emulated import Emulated, emulated

verb: Any = importlib.import_module("ops.commands.list")
DENIED = ClientError(
    {"Error": {"Code": "AccessDeniedException", "Message": "no"}}, "ListEnvironments"
)
NOT_ENABLED = ClientError(
    {"Error": {"Code": "UnrecognizedClientException", "Message": "token"}}, "ListEnvironments"
)


class Broken:
    """An account that answers every call with one error."""

    def __init__(self, error: Exception, profile: str, region: str) -> None:
        self.error, self.profile, self.region = error, profile, region

    @property
    def mwaa(self) -> Any:
        raise self.error

    @property
    def region_name(self) -> str:
        """As the SDK: a profile that is not there has no region either."""
        if isinstance(self.error, ProfileNotFound | NoRegionError):
            raise self.error
        return self.region


@pytest.fixture(scope="module")
def there() -> Iterator[Emulated]:
    with emulated() as found:
        yield found


@pytest.fixture
def places(there: Emulated, monkeypatch: pytest.MonkeyPatch) -> None:
    """us-east-1 is the emulated account's; other regions and profiles fail in their own ways."""
    home = there.account()

    def session(profile: str = "", region: str = "") -> Any:
        if profile == "absent":
            return Broken(ProfileNotFound(profile=profile), profile, region)
        if profile == "nowhere" and not region:
            return Broken(NoRegionError(), profile, region)
        if profile == "denied":
            return Broken(DENIED, profile, region or "us-east-1")
        if region in {"", "us-east-1"}:
            return home
        return Broken(NOT_ENABLED, profile, region)

    monkeypatch.setattr(verb, "AwsSession", session)


def listed(capsys: pytest.CaptureFixture[str], **asked: Any) -> tuple[int, Any]:
    try:
        verb.run(form=Format.JSON, **asked)
        code = 0
    except typer.Exit as ended:
        code = ended.exit_code
    return code, json.loads(capsys.readouterr().out)


@pytest.mark.usefixtures("places")
def test_an_environment_has_version_support_class_and_access(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, found = listed(capsys)
    (only,) = found["environments"]
    assert code == 0
    assert (only["name"], only["status"], only["region"]) == ("etl", "AVAILABLE", "us-east-1")
    assert only["environment_class"].startswith("mw1.")
    assert only["support"] == "no end announced"


@pytest.mark.usefixtures("places")
def test_what_cannot_be_read_is_named_and_the_rest_is_listed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, found = listed(capsys, profiles=["", "absent", "denied", "nowhere"])
    assert (code, len(found["environments"])) == (2, 1)
    assert {one["profile"]: one["why"].split(":")[0] for one in found["not_read"]} == {
        "absent": "The config profile (absent) could not be found",
        "denied": "permission missing",
        "nowhere": "no AWS region is set",
    }
    code, found = listed(capsys, profiles=["", "absent"], all_regions=True)
    assert (code, len(found["environments"])) == (2, 1)
    assert [one["profile"] for one in found["not_read"]] == ["absent"]


@pytest.mark.usefixtures("places")
def test_where_nothing_can_be_read_the_reason_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit):
        verb.run(profiles=["nowhere"])
    said = capsys.readouterr()
    assert "no environments; 0 places read" in said.out
    assert "not read: nowhere: no AWS region is set: give --region" in said.err


@pytest.mark.usefixtures("places")
def test_a_region_that_is_not_enabled_is_passed_over_only_where_all_are_asked(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, found = listed(capsys, all_regions=True)
    assert (code, found["not_read"], len(found["environments"])) == (0, [], 1)
    assert {"profile": "", "region": "eu-south-1"} in found["not_enabled"]
    assert not any(one["region"].startswith("cn-") for one in found["not_enabled"])
    code, found = listed(capsys, regions=["us-east-1", "eu-south-1"])
    assert (code, [one["region"] for one in found["not_read"]]) == (2, ["eu-south-1"])


def test_a_region_and_all_regions_exclude_each_other() -> None:
    with pytest.raises(RefusedError, match="exclude each other"):
        verb.run(regions=["us-east-1"], all_regions=True)


@pytest.mark.parametrize(
    ("version", "words"),
    [
        ("2.10.3", "no end announced"),
        ("2.6.3", "ENDED 2025-12-30"),
        ("99.0.0", "not in this catalog"),
        ("latest", "unknown version"),
    ],
)
def test_support_is_said_by_the_day(there: Emulated, version: str, words: str) -> None:
    described: Any = {**there.described(), "AirflowVersion": version}
    assert verb.listed(there.account(), described, date(2026, 11, 27)).support == words


def test_support_that_ends_soon_is_said(there: Emulated) -> None:
    described: Any = {**there.described(), "AirflowVersion": "2.6.3"}
    found = verb.listed(there.account(), described, date(2025, 12, 1))
    assert (found.support, found.end_of_support) == ("ends 2025-12-30", "2025-12-30")


@pytest.mark.usefixtures("places")
def test_people_get_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    verb.run()
    head, row = capsys.readouterr().out.splitlines()
    assert head.split()[:3] == ["account", "region", "environment"]
    assert row.split()[1:4] == ["us-east-1", "etl", "AVAILABLE"]
