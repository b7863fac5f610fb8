"""Rules on version, class, counts, web access, timeouts, tags and region."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Final

from mwaa.service.classes import CLASSES, WORKER_QUOTA
from mwaa.service.regions import READ_ON, REGIONS
from mwaa.service.versions import VERSIONS, Standing, at_least, standing, supported
from mwaa.settings.problems import Advice, Problem, listed, quoted
from mwaa.settings.values import Choices
from mwaa.words import nearest

PUBLIC_AND_PRIVATE_FROM: Final = "3.2.0"

_GRACE_MINUTES: Final = 12 * 60


def judge(settings: Choices, today: date) -> Iterator[Problem | Advice]:
    yield from _region(settings)
    yield from _version(settings, today)
    yield from _class(settings)
    yield from _web_access(settings)
    yield from _update(settings)
    yield from _adopted(settings)
    yield from _tags(settings)


def _region(s: Choices) -> Iterator[Problem | Advice]:
    if not s.region:
        yield Problem(
            "aws:region",
            "nothing",
            "a region of AWS as aws:region",
            "names, ARNs and zones follow from the region",
            "run: pulumi config set aws:region <region>",
        )
    elif s.region not in REGIONS:
        close = nearest(s.region, REGIONS)
        yield Problem(
            "aws:region",
            quoted(s.region),
            listed(REGIONS),
            f"MWAA is not offered in other regions, as AWS listed them on {READ_ON}",
            f"{f'write {close}' if close else 'choose one of them'}; a region that AWS has added "
            "since then is one line in mwaa/service/regions.py",
        )


def _version(s: Choices, today: date) -> Iterator[Problem | Advice]:
    given = s.airflow_version
    newest_first = listed(supported(today))

    def refused(why: str, do: str) -> Problem:
        return Problem("airflowVersion", quoted(given), newest_first, why, do)

    if not re.fullmatch(r"\d+\.\d+\.\d+", given):
        yield refused(
            "MWAA takes a full version, and YAML reads an unquoted 2.10 as the number 2.1",
            f'write all three numbers in quotes, for example "{_meant(given, today)}"',
        )
        return
    verdict = standing(given, today)
    if verdict is Standing.ENDED:
        ended = VERSIONS[given].end_of_support
        # Only the program knows whether the environment has it already: `refuse_ended`.
        yield Advice(
            "airflowVersion",
            f"support of {given} ended on {ended}: MWAA creates no environment with it, and an "
            "environment that has it gets no fixes any more; plan the upgrade",
        )
    elif verdict is Standing.NEVER:
        yield refused(
            "MWAA never offered this version",
            f'choose one that it offers, for example "{_meant(given, today)}"',
        )
    elif verdict is Standing.NEWER:
        yield Advice(
            "airflowVersion",
            f"{given} is newer than this project's catalog ({newest_first}); if MWAA does not "
            "offer it, the create fails with ValidationException",
        )
    elif verdict is Standing.ENDING:
        ends = VERSIONS[given].end_of_support
        yield Advice("airflowVersion", f"support of {given} ends on {ends}; plan the upgrade")


def _meant(given: str, today: date) -> str:
    """The newest supported version of the same line (2.1 may be 2.10 or 2.11), or the newest."""
    offered = supported(today)
    head = given.rstrip(".")
    same_major = [v for v in offered if v.split(".")[0] == head.split(".")[0]]
    # A version that came through YAML as a number lost its trailing zero.
    candidates = (f"{head}.", f"{head}0.")
    exact = [v for prefix in candidates for v in offered if v.startswith(prefix)]
    return (exact or same_major or list(offered))[0]


def _class(s: Choices) -> Iterator[Problem | Advice]:
    facts = CLASSES.get(s.environment_class)
    if facts is None:
        close = nearest(s.environment_class, CLASSES)
        yield Problem(
            "environmentClass",
            quoted(s.environment_class),
            listed(CLASSES),
            "MWAA offers these six classes",
            f'write "{close}"' if close else "choose one of them",
        )
        return
    ranges = {
        "minWorkers": (s.min_workers, facts.workers),
        "maxWorkers": (s.max_workers, facts.workers),
        "schedulers": (s.schedulers, facts.schedulers),
        "minWebservers": (s.min_webservers, facts.webservers),
        "maxWebservers": (s.max_webservers, facts.webservers),
    }
    why = (
        f"{facts.name} has one of each and does not scale"
        if not facts.scales
        else f"MWAA runs {facts.schedulers} schedulers and web servers on {facts.name}"
    )
    for name, (count, allowed) in ranges.items():
        # 0 is "not set"; minWorkers has a floor of its own.
        if count and not allowed.allows(count):
            yield Problem(
                name,
                str(count),
                f"{allowed} on {facts.name}",
                why,
                f"correct mwaa:{name} or choose another mwaa:environmentClass",
            )
    yield from _order(s)


def _order(s: Choices) -> Iterator[Problem | Advice]:
    pairs = (
        ("minWorkers", s.min_workers, "maxWorkers", s.max_workers),
        ("minWebservers", s.min_webservers, "maxWebservers", s.max_webservers),
    )
    for low_name, low, high_name, high in pairs:
        if high and low > high:
            yield Problem(
                low_name,
                str(low),
                f"at most mwaa:{high_name} ({high})",
                "a range runs from its smaller end to its larger one",
                f"lower mwaa:{low_name} or raise mwaa:{high_name}",
            )
    if s.max_workers > WORKER_QUOTA:
        yield Advice(
            "maxWorkers",
            f"{s.max_workers} is above the default quota of {WORKER_QUOTA} workers per "
            "environment; have it raised first",
        )


def _web_access(s: Choices) -> Iterator[Problem | Advice]:
    mode = s.webserver_access_mode
    if mode == "PRIVATE_ONLY":
        clients = s.webserver_client_cidrs + s.webserver_client_security_group_ids
        if not clients + s.additional_security_group_ids:
            yield Advice(
                "webserverClientCidrs",
                "nobody may open the Airflow UI yet; name the blocks or security groups of its "
                "users (VPN, bastion, load balancer)",
            )
        return
    if not s.allow_public_webserver:
        yield Problem(
            "webserverAccessMode",
            quoted(mode),
            "PRIVATE_ONLY, or a public mode together with mwaa:allowPublicWebserver: true",
            "it puts the Airflow UI on the internet, which must not happen by a slip",
            "keep PRIVATE_ONLY, or set mwaa:allowPublicWebserver to true",
        )
    full = re.fullmatch(r"\d+\.\d+\.\d+", s.airflow_version)
    if (
        mode == "PUBLIC_AND_PRIVATE"
        and full
        and not at_least(s.airflow_version, PUBLIC_AND_PRIVATE_FROM)
    ):
        yield Problem(
            "webserverAccessMode",
            quoted(mode),
            "PRIVATE_ONLY or PUBLIC_ONLY with this mwaa:airflowVersion",
            f"MWAA offers PUBLIC_AND_PRIVATE from Airflow 3.2 on, not with {s.airflow_version}",
            "choose another mode, or Airflow 3.2.1 or newer",
        )


def _update(s: Choices) -> Iterator[Problem | Advice]:
    if s.worker_replacement_strategy == "GRACEFUL" and s.update_timeout_minutes < _GRACE_MINUTES:
        yield Problem(
            "updateTimeoutMinutes",
            str(s.update_timeout_minutes),
            f"{_GRACE_MINUTES} or more with mwaa:workerReplacementStrategy GRACEFUL",
            "a graceful update waits up to 12 hours for running tasks; the engine would give up "
            "while AWS goes on",
            "raise it (840 leaves two hours for the update itself), or choose FORCED",
        )


def _adopted(s: Choices) -> Iterator[Problem | Advice]:
    made_here = {
        "existingVpcId": not s.existing_vpc_id,
        "encryption": s.encryption == "customer-managed",
    }
    for name in (name for name, is_new in made_here.items() if s.adopt_environment and is_new):
        allowed = {
            "existingVpcId": "the VPC of the environment",
            "encryption": "existing, aws-owned",
        }
        yield Problem(
            name,
            "one that this stack would make",
            f"{allowed[name]}, with mwaa:adoptEnvironment",
            "an environment that exists can never change its subnets and its key",
            "name what it has: aws mwaa get-environment --name NAME shows it",
        )


def _tags(s: Choices) -> Iterator[Problem | Advice]:
    def refused(got: str, allowed: str, do: str) -> Problem:
        return Problem("tags", got, allowed, "AWS refuses other tags", do)

    if len(s.tags) > 49:
        yield refused(
            f"{len(s.tags)} tags", "at most 49, because Name is the fiftieth", "remove some"
        )
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html (case sensitivity, read 2026-11)
    spellings = Counter(key.lower() for key in s.tags)
    twins = [key for key in s.tags if spellings[key.lower()] > 1]
    if twins:
        allowed = "keys that differ by more than upper and lower case, as those of an IAM role must"
        yield refused(f"key {quoted(twins[0])}", allowed, "keep one of the two")
    for key, value in s.tags.items():
        if not re.fullmatch(r"[\w .:/=+\-@]{1,128}", key) or key.lower().startswith("aws:"):
            allowed = "1 to 128 letters, digits, spaces and _.:/=+-@, not beginning with aws:"
            yield refused(f"key {quoted(key)}", allowed, "rename the tag")
        if not re.fullmatch(r"[\w .:/=+\-@]{1,256}", value):
            allowed = "1 to 256 letters, digits, spaces and _.:/=+-@"
            yield refused(f"value {quoted(value)} of {quoted(key)}", allowed, "change the value")
