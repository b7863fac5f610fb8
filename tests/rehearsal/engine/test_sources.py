"""In which order an engine is looked for, and what is said when there is none."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from rehearsal.engine import EngineError, build, cache, find, installer, toolchain
from rehearsal.engine.model import VERSION


def quiet(line: str) -> None:
    """Progress that nobody reads."""


def script(file: Path, text: str) -> Path:
    """An executable shell script."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"#!/bin/sh\n{text}\n")
    file.chmod(0o755)
    return file


@pytest.fixture
def unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    """No official installer from here."""
    monkeypatch.setattr(installer, "PROBE", "raise SystemExit(1)")


def environment(tmp_path: Path, **more: str) -> dict[str, str]:
    """A shell with an empty cache and nothing but the system's tools and tmp_path/bin on PATH."""
    path = f"{tmp_path / 'bin'}:/usr/bin:/bin"
    return {"XDG_CACHE_HOME": str(tmp_path / "cache"), "PATH": path, **more}


GO = 'if [ "$1" = version ]; then echo go version go1.26.8 linux/amd64; exit; fi'


def test_a_built_engine_is_taken_from_the_cache(tmp_path: Path) -> None:
    binary = script(tmp_path / "cache" / "mwaa" / "engine" / VERSION / "pulumi", "true")
    engine = find(quiet, ours=tmp_path, environment=environment(tmp_path))
    assert (engine.path, engine.official) == (binary, False)


@pytest.mark.usefixtures("unreachable")
def test_the_build_is_published_whole_and_only_once(tmp_path: Path) -> None:
    # The stand-in compiler writes what -o names, and counts its runs.
    script(
        tmp_path / "bin" / "go",
        f'{GO}\necho run >> {tmp_path}/runs\nwhile [ "$1" != -o ]; do shift; done\n'
        'printf "#!/bin/sh\\n" > "$2"; chmod +x "$2"',
    )
    lines: list[str] = []
    found = []
    threads = [
        threading.Thread(
            target=lambda: found.append(
                find(lines.append, ours=tmp_path, environment=environment(tmp_path))
            )
        )
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [engine.path.name for engine in found] == ["pulumi", "pulumi"]
    assert (tmp_path / "runs").read_text().count("run") == 1
    assert any("about five minutes" in line for line in lines)
    assert not list((tmp_path / "cache").rglob("*.new"))


@pytest.mark.usefixtures("unreachable")
def test_a_failed_build_is_one_line_with_its_reason_and_its_log(tmp_path: Path) -> None:
    script(tmp_path / "bin" / "go", f"{GO}\necho 'go: no route to the module proxy' >&2; exit 1")
    with pytest.raises(EngineError) as raised:
        find(quiet, ours=tmp_path, environment=environment(tmp_path))
    message = str(raised.value)
    assert "no route to the module proxy" in message
    assert str(tmp_path / "cache" / "mwaa" / "engine" / f"build-{VERSION}.log") in message
    assert "\n" not in message
    assert not (tmp_path / "cache" / "mwaa" / "engine" / VERSION).exists()


@pytest.mark.usefixtures("unreachable")
def test_without_go_and_registry_the_message_names_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script(tmp_path / "bin" / "uv", "echo 'error: no connection to the registry' >&2; exit 2")
    monkeypatch.setattr(sys, "executable", str(tmp_path / "bin" / "python"))
    with pytest.raises(EngineError, match=r"no Go >= 1\.26\.6 .*no connection") as raised:
        toolchain.find(tmp_path / "home", quiet, {"PATH": str(tmp_path / "nothing")})
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("printed", "enough"),
    [
        ("go version go1.26.8 linux/amd64", True),
        ("go version go1.26.6 darwin/arm64", True),
        ("go version go1.27 linux/amd64", True),
        ("go version go1.26.5 linux/amd64", False),
        ("go version go1.21.0 linux/amd64", False),
        ("something else", False),
    ],
)
def test_go_is_new_enough_from_the_modules_own_minimum(
    tmp_path: Path, printed: str, enough: bool
) -> None:
    assert toolchain.new_enough(str(script(tmp_path / "go", f"echo {printed}"))) is enough


def test_the_minimum_is_that_of_the_module() -> None:
    text = (build.MODULE / "go.mod").read_text()
    assert f"\ngo {'.'.join(map(str, toolchain.MINIMUM))}\n" in text
    assert f"github.com/pulumi/pulumi/pkg/v3 v{VERSION}\n" in text


@pytest.mark.parametrize("choice", ["path", "installer"])
@pytest.mark.usefixtures("unreachable")
def test_a_forced_source_that_is_not_there_is_an_error(tmp_path: Path, choice: str) -> None:
    with pytest.raises(EngineError, match=f"MWAA_ENGINE={choice}"):
        find(quiet, ours=tmp_path, environment=environment(tmp_path, MWAA_ENGINE=choice))


def test_an_unknown_source_names_those_that_exist(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="'docker'; allowed: path"):
        find(quiet, ours=tmp_path, environment=environment(tmp_path, MWAA_ENGINE="docker"))


def test_an_installer_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installer, "PROBE", "import time; time.sleep(60)")
    monkeypatch.setattr(installer, "PROBE_SECONDS", 0.5)
    started = time.monotonic()
    assert installer.install(Path("unused"), quiet) is None
    assert time.monotonic() - started < 10


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"XDG_CACHE_HOME": "/c", "HOME": "/h"}, "/c/mwaa/engine"),
        ({"HOME": "/h"}, "/h/.cache/mwaa/engine"),
        ({"XDG_CACHE_HOME": "relative", "HOME": "/h"}, "/h/.cache/mwaa/engine"),
    ],
)
def test_the_cache_is_where_the_user_keeps_caches(variables: dict[str, str], expected: str) -> None:
    assert cache.home(variables) == Path(expected)


def test_the_lock_of_a_killed_build_blocks_nobody(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from rehearsal.engine import cache\n"
        "with cache.lock(Path(sys.argv[1]), print):\n    print('held', flush=True); time.sleep(60)"
    )
    root = Path(build.__file__).parents[2]
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, cwd=root
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        holder.kill()
    started = time.monotonic()
    with cache.lock(tmp_path, quiet):
        assert time.monotonic() - started < 5
