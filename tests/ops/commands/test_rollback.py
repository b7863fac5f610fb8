"""Rollback: which set it chooses in every history, and that a rerun never goes forward again."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from ops.commands.rollback import choose
from ops.errors import RefusedError
from ops.history import ArtifactSet, Contents, Update, Version, sets

START = datetime(2026, 1, 1, tzinfo=UTC)


class Stored(Contents):
    """Contents without S3: a version's content is the first letter of its id."""

    def __init__(self) -> None:
        self._digests = {}

    def read(self, version: Version) -> bytes:
        return version.id[0].encode()


def version(id_: str, minute: float, kind: str = "requirements") -> Version:
    """Version ``A1`` holds ``A``; every upload has its own ETag, as under KMS."""
    return Version(kind, f"{kind}.txt", id_, START + timedelta(minutes=minute), 1, f"etag-{id_}")


def update(number: int, minute: float, *, ok: bool = True) -> Update:
    began = START + timedelta(minutes=minute)
    return Update(number, began, began + timedelta(minutes=5), ok)


def history(*runs: str) -> list[ArtifactSet]:
    """``A B-``: updates bring A, and B, which fails; ``(A)`` is an upload of a killed one."""
    versions, ups = [], []
    for number, run in enumerate(runs, 1):
        content = run.strip("()-")
        versions.append(version(f"{content}{number}", number * 10 + 1))
        if not run.startswith("("):
            ups.append(update(number, number * 10, ok=not run.endswith("-")))
    return sets(versions, ups)


def chosen(found: list[ArtifactSet], running: str, local: str, to: int = 0) -> str | None:
    """The id of the requirements that would be restored."""
    present = {
        kind: one for each in found for kind, one in each.versions.items() if one.id == running
    }
    files: Mapping[str, bytes] = {"requirements": local.encode()} if local else {}
    goal = choose(found, present, files, Stored(), to)
    return goal.versions["requirements"].id if goal else None


@pytest.mark.parametrize(
    ("runs", "running", "local", "expected"),
    [
        (["A", "B"], "B2", "B", "A1"),
        (["A", "B", "C"], "C3", "C", "B2"),
        # It went back already; again does nothing.
        (["A", "B", "A"], "A3", "A", None),
        # A later fix is rolled back to what ran before it.
        (["A", "B", "A", "C"], "C4", "C", "A3"),
        # B failed and the service kept A: the program must follow life.
        (["A", "B-"], "A1", "B", "A1"),
        (["A", "B-", "A"], "A3", "A", None),
        # Killed after the files were restored, before or after the upload.
        (["A", "B"], "B2", "A", "A1"),
        (["A", "B", "(A)"], "B2", "A", "A1"),
        # Killed while the files were being restored: nothing fits, start again.
        (["A", "B"], "B2", "half", "A1"),
        # Killed after the environment took the old set, before the engine recorded it.
        (["A", "B", "(A)"], "A3", "A", "A1"),
        # A set that failed is none to go back to.
        (["A", "B-", "C"], "C3", "C", "A1"),
    ],
)
def test_the_set_that_is_chosen(
    runs: list[str], running: str, local: str, expected: str | None
) -> None:
    assert chosen(history(*runs), running, local) == expected


def test_a_number_goes_further_back() -> None:
    found = history("A", "B", "C")
    assert chosen(found, "C3", "C", to=1) == "A1"
    assert chosen(found, "C3", "C", to=3) is None


@pytest.mark.parametrize(("runs", "to"), [(["A"], 0), (["A", "B"], 9), (["A", "B-"], 2)])
def test_nothing_to_go_back_to_is_refused_with_what_there_is(runs: list[str], to: int) -> None:
    with pytest.raises(RefusedError, match=r"ran: 1|are 1"):
        chosen(history(*runs), "A1", "A", to)


def test_artifacts_of_one_update_are_one_set() -> None:
    found = sets(
        [
            version("A1", 10.0, "requirements"),
            version("P1", 10.5, "plugins"),
            version("P2", 20.1, "plugins"),
        ],
        [update(1, 10), update(2, 20)],
    )
    assert [one.ids for one in found] == [
        {"requirements": "A1", "plugins": "P1"},
        {"requirements": "A1", "plugins": "P2"},
    ]
    assert [one.uploads for one in found] == [("plugins", "requirements"), ("plugins",)]


def test_whole_seconds_of_s3_do_not_move_an_upload_into_the_wrong_update() -> None:
    early = START + timedelta(minutes=10, seconds=0.9)
    ups = [Update(1, early, early + timedelta(minutes=1), True)]
    (found,) = sets([version("A1", 10)], ups)
    assert found.number == 1


def test_equal_etags_need_no_download_and_different_sizes_neither() -> None:
    class Unread(Stored):
        def read(self, version: Version) -> bytes:
            raise AssertionError("nothing must be read")

    one = version("A1", 1)
    same = Version("requirements", "x", "A2", START, 1, one.etag)
    longer = Version("requirements", "x", "A3", START, 2, "other")
    assert Unread().same(one, same)
    assert not Unread().same(one, longer)
    assert not Unread().same(one, None)
