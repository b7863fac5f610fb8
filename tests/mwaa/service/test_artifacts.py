"""The stand-ins for files that an environment no longer has."""

import hashlib
import io
import subprocess
import zipfile

from mwaa.service.artifacts import EMPTY, KEYS


def test_every_kind_has_a_stand_in() -> None:
    assert EMPTY.keys() == KEYS.keys()


def test_the_bytes_are_the_same_everywhere() -> None:
    # Other bytes would be an update of every environment that has one.
    digests = {kind: hashlib.sha256(content).hexdigest()[:12] for kind, content in EMPTY.items()}
    assert digests == {
        "requirements": "146ba312dbdc",
        "plugins": "2c1813f73058",
        "startupScript": "8796d0eba7c5",
    }


def test_nothing_is_installed_loaded_or_run() -> None:
    lines = EMPTY["requirements"].decode().splitlines()
    assert [line for line in lines if not line.startswith("#")] == []
    with zipfile.ZipFile(io.BytesIO(EMPTY["plugins"])) as archive:
        assert archive.testzip() is None
        assert [name for name in archive.namelist() if name.endswith((".py", ".whl"))] == []
    ran = subprocess.run(
        ["sh", "-eux"], input=EMPTY["startupScript"], capture_output=True, check=False
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, b"", b"")
