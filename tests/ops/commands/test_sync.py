"""Sync: incremental by content, deletes only its own, safe to kill at every request."""

import string
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ops.commands.sync import sync, tree
from ops.commands.sync.manifest import ManifestStore
from ops.commands.sync.transfer import Transfer
from ops.commands.sync.tree import KEY_BYTES, dag_folder, require_keys, require_python, scan
from ops.errors import FailedError, RefusedError
from tests.ops.conftest import OWNER
from tests.ops.faults import Fault, Killed, Wire, faulty

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

DAG = "from airflow.sdk import dag\n"


@dataclass
class Room:
    """A folder and a bucket, and the sync between them as the verb runs it."""

    folder: Path
    s3: "S3Client"
    bucket: str
    environment: str = "prod"

    def local(self, **files: str) -> None:
        """Make the folder hold exactly ``files``; ``__`` in a name stands for a slash."""
        for old in sorted(self.folder.rglob("*"), reverse=True):
            old.rmdir() if old.is_dir() else old.unlink()
        for name, content in files.items():
            path = self.folder / (name.replace("__", "/") + ".py")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)

    def sync(self, *, verify: bool = False, foreign: bool = False) -> sync.SyncPlan:
        """One run."""
        transfer = Transfer(self.s3, self.bucket, OWNER, "dags/", threads=2)
        store = ManifestStore(self.s3, self.bucket, OWNER, "dags/")
        local = scan(self.folder)
        manifest = store.read(self.environment)
        plan = sync.plan_sync(local, manifest, transfer, list_bucket=verify or foreign)
        extra = plan.foreign if foreign else ()
        if not plan.is_empty or extra:
            sync.apply(plan, extra, local, manifest, store, transfer)
        return plan

    def remote(self) -> dict[str, str]:
        """What the bucket holds under the DAG path."""
        found = self.s3.list_objects_v2(Bucket=self.bucket, Prefix="dags/").get("Contents", [])
        return {
            item["Key"].removeprefix("dags/"): self.s3.get_object(
                Bucket=self.bucket, Key=item["Key"]
            )["Body"]
            .read()
            .decode()
            for item in found
        }

    def agrees(self) -> bool:
        """Whether bucket and folder hold the same."""
        return self.remote() == {
            path.relative_to(self.folder).as_posix(): path.read_text()
            for path in self.folder.rglob("*.py")
        }


@pytest.fixture
def room(tmp_path: Path, s3: "S3Client", bucket: str) -> Room:
    folder = tmp_path / "dags"
    folder.mkdir()
    return Room(folder, s3, bucket)


def paths(plan: sync.SyncPlan) -> list[str]:
    return sorted(file.path for file in plan.send)


def test_first_run_sends_all_and_the_second_nothing(room: Room) -> None:
    room.local(a=DAG, team__b=DAG + "1")
    assert paths(room.sync()) == ["a.py", "team/b.py"]
    with faulty(room.s3) as wire:
        assert room.sync().is_empty
    # One read of the manifest: no listing, no write.
    assert wire.count == 1
    assert room.agrees()


def test_content_decides_and_not_time(room: Room) -> None:
    room.local(a=DAG)
    room.sync()
    (room.folder / "a.py").touch()
    assert room.sync().is_empty
    room.local(a=DAG + "changed")
    assert paths(room.sync()) == ["a.py"]


def test_deletes_what_it_sent_and_nothing_else(room: Room) -> None:
    room.local(a=DAG, b=DAG)
    room.s3.put_object(Bucket=room.bucket, Key="dags/by_hand.py", Body=b"mine")
    room.s3.put_object(Bucket=room.bucket, Key="other/dags/a.py", Body=b"mine")
    room.sync()
    room.local(a=DAG)
    assert room.sync().delete == ("b.py",)
    assert set(room.remote()) == {"a.py", "by_hand.py"}
    assert room.sync(foreign=True).foreign == ("by_hand.py",)
    assert set(room.remote()) == {"a.py"}


def test_files_that_are_there_already_are_adopted_without_an_upload(room: Room) -> None:
    room.local(a=DAG)
    room.s3.put_object(Bucket=room.bucket, Key="dags/a.py", Body=DAG.encode())
    plan = room.sync()
    assert (paths(plan), list(plan.adopt)) == ([], ["a.py"])
    versions = room.s3.list_object_versions(Bucket=room.bucket, Prefix="dags/")["Versions"]
    assert len(versions) == 1


def test_verify_mends_what_others_changed_or_removed(room: Room) -> None:
    room.local(a=DAG, b=DAG + "b", c=DAG + "c")
    room.sync()
    room.s3.put_object(Bucket=room.bucket, Key="dags/a.py", Body=b"tampered")
    room.s3.delete_object(Bucket=room.bucket, Key="dags/b.py")
    assert room.sync().is_empty
    assert paths(room.sync(verify=True)) == ["a.py", "b.py"]
    assert room.agrees()


def test_modules_arrive_before_the_dags_that_import_them(room: Room) -> None:
    room.local(a_dag=DAG + "import rules", rules="LIMIT = 1\n", z_dag=DAG)
    sent: list[str] = []

    class Recorder(Wire):
        def send(self, request: Any) -> Any:
            if request.method == "PUT":
                sent.append(request.url.split("?")[0].rsplit("/", 1)[1])
            return super().send(request)

    endpoint: Any = room.s3._endpoint  # type: ignore[attr-defined]
    plain = endpoint.http_session
    endpoint.http_session = Recorder(plain, None, 0)
    try:
        room.sync()
    finally:
        endpoint.http_session = plain
    assert sent[1] == "rules.py"
    assert set(sent[2:4]) == {"a_dag.py", "z_dag.py"}


def test_another_environments_path_is_refused(room: Room) -> None:
    room.local(a=DAG)
    room.sync()
    room.environment = "staging"
    room.local(b=DAG)
    with pytest.raises(RefusedError, match=r"environment prod, not of staging"):
        room.sync()
    assert set(room.remote()) == {"a.py"}


def test_an_unreadable_manifest_is_refused_before_anything_changes(room: Room) -> None:
    room.s3.put_object(Bucket=room.bucket, Key="mwaa-sync/dags.json", Body=b"{}")
    room.local(a=DAG)
    with pytest.raises(RefusedError, match=r"mwaa-sync/dags\.json"):
        room.sync()
    assert room.remote() == {}


def test_of_two_syncs_at_once_one_says_that_it_lost(room: Room) -> None:
    room.local(a=DAG)
    room.sync()
    store = ManifestStore(room.s3, room.bucket, OWNER, "dags/")
    mine, other = store.read("prod"), store.read("prod")
    store.write(other)
    with pytest.raises(FailedError, match="same time"):
        store.write(mine)


@pytest.mark.usefixtures("no_delay")
def test_a_lost_answer_to_the_manifest_is_not_taken_for_another_sync(room: Room) -> None:
    store = ManifestStore(room.s3, room.bucket, OWNER, "dags/")
    manifest = store.read("prod")
    with faulty(room.s3, Fault.LOST_ANSWER, at=1):
        store.write(manifest)
    store.write(manifest)


def test_a_bucket_without_versioning_is_refused(s3: "S3Client", bucket: str) -> None:
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})
    with pytest.raises(RefusedError, match="Suspended"):
        sync._require_versioning(Transfer(s3, bucket, OWNER, "dags/"))


@pytest.fixture
def no_delay(monkeypatch: pytest.MonkeyPatch) -> None:
    """Retries without their back-off."""
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _: None)


def before(room: Room) -> None:
    """A room in which a sync has to send, change and delete, beside a user's own file."""
    room.local(old=DAG, changed=DAG, same=DAG)
    room.sync()
    room.s3.put_object(Bucket=room.bucket, Key="dags/by_hand.py", Body=b"mine")
    room.local(changed=DAG + "now", same=DAG, new=DAG, lib__module="X = 1\n")


@pytest.mark.usefixtures("no_delay")
@pytest.mark.parametrize("fault", list(Fault))
def test_a_rerun_after_any_fault_at_any_request_converges(
    room: Room, s3: "S3Client", fault: Fault
) -> None:
    for at in range(1, 30):
        room.bucket = f"{fault.name.lower().replace('_', '-')}-{at}-{id(room)}"
        s3.create_bucket(Bucket=room.bucket)
        s3.put_bucket_versioning(Bucket=room.bucket, VersioningConfiguration={"Status": "Enabled"})
        before(room)
        with faulty(s3, fault, at) as wire:
            try:
                room.sync()
            except Killed:
                killed = True
            else:
                killed = False
        assert killed == (fault in {Fault.KILLED_BEFORE, Fault.KILLED_AFTER} and wire.count >= at)
        # An edit between the crash and the rerun must not leave the first attempt's file behind.
        room.local(changed=DAG + "now", same=DAG, lib__module="X = 1\n")
        room.sync()
        remote = room.remote()
        assert remote.pop("by_hand.py") == "mine"
        assert set(remote) == {"changed.py", "same.py", "lib/module.py"}
        assert remote["changed.py"] == DAG + "now"
        assert room.sync().is_empty
        if wire.count < at:
            break
    else:
        pytest.fail("a sync of four files needs fewer requests than this")
    assert at > 6


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    steps=st.lists(
        st.dictionaries(
            st.text(string.ascii_lowercase, min_size=1, max_size=2),
            st.sampled_from(["x", "y", DAG]),
            min_size=1,
            max_size=4,
        ),
        min_size=1,
        max_size=4,
    )
)
def test_any_history_of_folders_ends_in_agreement(room: Room, steps: list[dict[str, str]]) -> None:
    for step in steps:
        room.local(**step)
        room.sync()
        assert room.agrees()


def test_rubbish_and_secrets_stay_at_home(tmp_path: Path) -> None:
    for name in ("a.py", "__pycache__/a.pyc", ".git/config", ".env", "b.py~", ".airflowignore"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    assert set(scan(tmp_path)) == {"a.py", ".airflowignore"}


def test_a_link_to_a_file_is_sent_and_a_link_to_a_folder_is_not(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x")
    (tmp_path / "b.py").symlink_to("a.py")
    (tmp_path / "loop").symlink_to(".")
    assert set(scan(tmp_path)) == {"a.py", "b.py"}


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="is not there: give the folder"):
        dag_folder(tmp_path / "absent")
    (tmp_path / "file.py").touch()
    with pytest.raises(RefusedError, match="is a file: give the folder"):
        dag_folder(tmp_path / "file.py")


def test_the_dags_of_a_source_folder_are_sent_or_the_folder_of_dags_itself(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "a.py").write_text("x = 1")
    assert dag_folder(own) == own
    (own / "dags" / "dags").mkdir(parents=True)
    (own / "requirements.txt").touch()
    assert dag_folder(own) == own / "dags"
    assert dag_folder(own / "dags") == own / "dags", "a package may be called dags, too"
    (own / "a.py").write_text("from airflow import DAG")
    with pytest.raises(RefusedError, match="not clear which of the two is meant"):
        dag_folder(own)


def test_a_folder_of_dags_with_requirements_beside_them_is_still_one(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").touch()
    assert dag_folder(tmp_path) == tmp_path


def test_what_airflow_cannot_read_is_not_sent(tmp_path: Path) -> None:
    (tmp_path / "good.py").write_text("x = 1")
    (tmp_path / "notes.md").write_text("def (")
    require_python(scan(tmp_path).values())
    (tmp_path / "bad.py").write_text("x = 1\ndef (:\n")
    (tmp_path / "null.py").write_bytes(b"x = 1\0")
    with pytest.raises(RefusedError, match=r"--no-check:\n  bad\.py:2: .*\n  null\.py:"):
        require_python(scan(tmp_path).values())


def test_a_key_over_the_limit_is_refused(tmp_path: Path) -> None:
    folder = tmp_path
    for _ in range(5):
        folder = folder / ("d" * 220)
        folder.mkdir()
    (folder / "a.py").write_text("x")
    with pytest.raises(RefusedError, match=str(KEY_BYTES)):
        require_keys(scan(tmp_path), "dags/")


def test_a_file_over_the_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree, "FILE_BYTES", 3)
    monkeypatch.setattr(tree, "BLOCK_BYTES", 2)
    (tmp_path / "a.py").write_text("1234")
    with pytest.raises(RefusedError, match="every worker downloads"):
        scan(tmp_path)
