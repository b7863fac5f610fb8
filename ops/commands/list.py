"""``mwaa list``: environments of accounts and regions, with version and support.

Accounts are named by profiles. Every profile and region is asked at once; a place that does not
answer is named, and the others are listed all the same.
"""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from mwaa.exit_codes import ExitCode
from mwaa.names import partition_of
from mwaa.service.regions import READ_ON, REGIONS
from mwaa.service.versions import VERSIONS, Standing, standing
from mwaa.words import counted
from ops import options
from ops.aws import AwsSession
from ops.errors import RefusedError, code, explain
from ops.target import ANY_STATUS, environments, find
from ops.terminal import Format, emit, say, table

if TYPE_CHECKING:
    from mypy_boto3_mwaa.type_defs import EnvironmentTypeDef

PERMISSIONS = ("airflow:GetEnvironment", "airflow:ListEnvironments")
STATUSES = ANY_STATUS
EXAMPLES = (
    "mwaa list",
    "mwaa list --profile dev --profile prod --region eu-west-1",
    "mwaa list --all-regions --format json",
)
AT_ONCE = 16
# A region that the account did not enable knows none of its credentials:
# https://docs.aws.amazon.com/general/latest/gr/rande-manage.html (read 2026-11-27)
NOT_ENABLED = {"UnrecognizedClientException", "InvalidClientTokenId", "AuthFailure"}


@dataclass(frozen=True)
class Listed:
    """One environment. ``support`` says whether the version is supported, and until when."""

    profile: str
    account: str
    region: str
    name: str
    status: str
    version: str
    support: str
    end_of_support: str | None
    environment_class: str
    access: str


@dataclass(frozen=True)
class Place:
    """One profile (empty: the SDK's choice) in one region: its environments, or why none."""

    profile: str
    region: str
    found: tuple[Listed, ...] = ()
    problem: str = ""
    not_enabled: bool = False

    def __str__(self) -> str:
        where = " in ".join(filter(None, (self.profile, self.region)))
        return where or "the default profile"


def run(
    profiles: Annotated[
        list[str] | None,
        typer.Option("--profile", help="AWS profile; may be repeated."),
    ] = None,
    regions: Annotated[
        list[str] | None,
        typer.Option("--region", help="AWS region; may be repeated. Default: the SDK's."),
    ] = None,
    all_regions: Annotated[
        bool, typer.Option("--all-regions", help="Every region in which MWAA is known to be.")
    ] = False,
    form: options.Form = Format.TEXT,
) -> None:
    """Lists name, status, Airflow version, end of its support, class and web server access. Exit 2
    when a profile or region could not be read: what is missing is then named, and the rest is
    listed. With --all-regions, regions that an account has not enabled are passed over."""
    if regions and all_regions:
        raise RefusedError("--region and --all-regions exclude each other: give one of them")
    asked: list[AwsSession] = []
    places: list[Place] = []
    for profile in dict.fromkeys(profiles or [""]):
        try:
            found_in = _regions(AwsSession(profile=profile), regions or (), all_regions)
        except Exception as error:
            places.append(_unread(profile, "", error))
        else:
            asked += [AwsSession(profile=profile, region=region) for region in found_in]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        places += pool.map(read, asked)
    places = list(_judged(places, passes_over=all_regions))
    found = sorted(
        (one for place in places for one in place.found),
        key=lambda one: (one.profile, one.account, one.region, one.name),
    )
    unread = [place for place in places if place.problem]
    emit(
        form,
        {"environments": [asdict(one) for one in found]}
        | {
            "not_read": [
                {"profile": place.profile, "region": place.region, "why": place.problem}
                for place in unread
            ],
            "not_enabled": [
                {"profile": place.profile, "region": place.region}
                for place in places
                if place.not_enabled and not place.problem
            ],
        },
        lambda: _words(found, places),
    )
    for place in unread:
        say(f"mwaa: not read: {place}: {place.problem}")
    if unread:
        raise typer.Exit(ExitCode.REFUSED)


def read(account: AwsSession) -> Place:
    """The environments of one account and region; never raises for what AWS answers."""
    try:
        names = environments(account)
        # One that is deleted between the two calls is no error.
        described = [found for name in names if (found := find(account.mwaa, name))]
        today = datetime.now(UTC).date()
        lines = tuple(listed(account, one, today) for one in described)
        return Place(account.profile, account.region, lines)
    except Exception as error:
        return _unread(account.profile, account.region, error)


def _unread(profile: str, region: str, error: Exception) -> Place:
    """The place with the reason why it could not be read; raises what is a defect."""
    refusal = explain(error, PERMISSIONS)
    if refusal is None:
        raise error
    return Place(
        profile,
        region,
        problem=str(refusal).splitlines()[0],
        not_enabled=code(error) in NOT_ENABLED,
    )


def listed(account: AwsSession, described: "EnvironmentTypeDef", today: date) -> Listed:
    """The line of one environment."""
    version = str(described.get("AirflowVersion", ""))
    known = VERSIONS.get(version)
    end = known.end_of_support if known else None
    return Listed(
        account.profile,
        described["Arn"].split(":")[4],
        account.region,
        described["Name"],
        str(described.get("Status", "")),
        version,
        _support(version, end, today),
        end.isoformat() if end else None,
        str(described.get("EnvironmentClass", "")),
        str(described.get("WebserverAccessMode", "")),
    )


def _support(version: str, end: date | None, today: date) -> str:
    try:
        found = standing(version, today)
    except ValueError:
        return "unknown version"
    words = {
        Standing.SUPPORTED: f"until {end}" if end else "no end announced",
        Standing.ENDING: f"ends {end}",
        Standing.ENDED: f"ENDED {end}",
    }
    return words.get(found, "not in this catalog")


def _regions(account: AwsSession, regions: Sequence[str], everywhere: bool) -> Iterable[str]:
    if not everywhere:
        return dict.fromkeys(regions or [account.region_name])
    try:
        partition = partition_of(account.region_name)
    except Exception as error:
        refusal = explain(error, PERMISSIONS)
        if refusal is None or "region" not in str(refusal):
            raise
        partition = "aws"
    return [one for one in REGIONS if partition_of(one) == partition]


def _judged(places: Sequence[Place], *, passes_over: bool) -> Iterable[Place]:
    """A region without this account's credentials is one that it has not enabled, where the same
    profile was answered elsewhere; else the credentials are wrong."""
    answered = {place.profile for place in places if not place.problem}
    for place in places:
        if passes_over and place.not_enabled and place.profile in answered:
            yield Place(place.profile, place.region, not_enabled=True)
        else:
            yield place


def _words(found: Sequence[Listed], places: Sequence[Place]) -> str:
    asked = [place for place in places if not place.problem and not place.not_enabled]
    where = f"{counted(len(asked), 'place')} read" + (
        f" of the regions known on {READ_ON}" if len(asked) > 5 else ""
    )
    if not found:
        return f"no environments; {where}"
    several = len({one.profile for one in found}) > 1
    head: tuple[str, ...] = ("environment", "status", "airflow", "support", "class", "web server")
    rows: list[tuple[str, ...]] = [("account", "region", *head)]
    for one in found:
        name = f"{one.account} ({one.profile})" if several else one.account
        rows.append(
            (
                name,
                one.region,
                one.name,
                one.status,
                one.version,
                one.support,
                one.environment_class,
                one.access,
            )
        )
    return table(rows)
