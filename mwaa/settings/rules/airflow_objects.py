"""Rules on what of Airflow is the stack's."""

import json
from collections.abc import Iterator

from mwaa.service.airflow_objects import (
    BUILT_IN_ROLES,
    CONNECTION_ID,
    KINDS,
    PATH_LENGTH,
    is_secret_name,
    item_path,
)
from mwaa.service.versions import at_least, major, numbers
from mwaa.settings.airflow_objects import AirflowObject, UnreadableError
from mwaa.settings.problems import Advice, Problem
from mwaa.settings.values import Choices

SETTING = "airflowObjects"
MOST_SLOTS = 2**31  # a column of Airflow's database
ENCRYPT = "pulumi config set --secret --path 'mwaa:airflowObjects.KIND[NUMBER].MEMBER' encrypts it"


def judge(settings: Choices) -> Iterator[Problem | Advice]:
    try:
        objects = settings.objects
    except UnreadableError as error:
        yield Problem(
            SETTING,
            str(error),
            f"lists of {', '.join(KINDS)}, and file: a YAML file with the same lists",
            "each object becomes a resource with the members of Airflow's REST API",
            "correct it (docs/reference/settings.md)",
        )
        return
    for one in objects:
        for got, allowed, why in _refusals(settings, one):
            what = f"the {one.of.word} {one.name} {got}".strip()
            yield Problem(SETTING, what, allowed, why, "change it, or leave it out")
        yield from _in_clear(one)


def _refusals(settings: Choices, one: AirflowObject) -> Iterator[tuple[str, str, str]]:
    """What was given, what is allowed, and why, of everything that Airflow would refuse."""
    yield from _of_version(settings.airflow_version, one)
    if not item_path(one.kind, one.name, is_3=True):
        longest = PATH_LENGTH - len(f"/{one.kind}/")
        yield "", f"a line of at most {longest} characters", "InvokeRestApi takes no longer path"
    elif one.kind == "connections" and not CONNECTION_ID.fullmatch(one.name):
        yield "", "letters, digits, _ . and -", "Airflow's API makes no connection of another name"
    if not -1 <= int(one.members.get("slots", 0)) < MOST_SLOTS:
        yield "with its slots", "0 and more, or -1 for no limit", "a pool has that many slots"
    if one.kind == "roles" and one.name in BUILT_IN_ROLES:
        yield "", "a role of your own", "every Airflow has this one, and without it nobody gets in"
    if "password" in one.members.keys() - one.encrypted:
        yield "with a password in clear", f"an encrypted one: {ENCRYPT}", "a file is no safe"


def _of_version(version: str, one: AirflowObject) -> Iterator[tuple[str, str, str]]:
    """The same of one version of Airflow; a text that is none is refused elsewhere."""
    try:
        numbers(version)
    except ValueError:
        return
    if one.kind == "roles" and major(version) >= 3:
        yield f"with Airflow {version}", "roles with Airflow 2", "the API of Airflow 3 takes none"
    if major(version) < 3 and int(one.members.get("slots", 0)) == -1:
        why = "the API of Airflow 2 answers no list that holds a pool without a limit"
        yield f"with slots of -1 and Airflow {version}", "0 and more", why
    if (
        major(version) < 3
        and item_path(one.kind, one.name, is_3=True)
        and not item_path(one.kind, one.name, is_3=False)
    ):
        yield f"with Airflow {version}", "a name without /", "no path of its API leads to it"
    if "include_deferred" in one.members and not at_least(version, "2.8"):
        # https://airflow.apache.org/docs/apache-airflow/2.8.0/release_notes.html
        yield "with include_deferred", "it from Airflow 2.8 on", "older pools do not know it"


def _in_clear(one: AirflowObject) -> Iterator[Advice]:
    plain = one.members.keys() - one.encrypted
    if one.kind == "variables" and "value" in plain and is_secret_name(one.name):
        yield Advice(SETTING, f"the variable {one.name} stands in clear: {ENCRYPT}")
    if "extra" in plain:
        names = [name for name in json.loads(one.members["extra"]) if is_secret_name(name)]
        if names:
            yield Advice(
                SETTING,
                f"{', '.join(sorted(names))} of the connection {one.name} stands in clear: "
                f"{ENCRYPT}",
            )
