"""A wheel holds one top-level package, and works beside a user's own `policy` and `components`."""

import subprocess
import sys
import zipfile
from email import message_from_string
from os import environ
from pathlib import Path
from shutil import copy, copytree, ignore_patterns

import pytest
from google.protobuf import empty_pb2
from packaging.requirements import Requirement

import components
from ops.cli import VERBS
from policy.pack import WAIVERS
from policy.rules.catalog import catalog
from tests.fixtures.packs import serving

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.copy
ROOMS = ("components", "policy", "ops")
# As `python -m build` and pip do: a wheel is made of the source distribution, and its metadata are
# asked for first.
BUILD = """
from os import chdir, mkdir
from shutil import unpack_archive
from setuptools import build_meta
source = build_meta.build_sdist('dist')
unpack_archive(f'dist/{source}')
chdir(source.removesuffix('.tar.gz'))
mkdir('metadata')
name = build_meta.prepare_metadata_for_build_wheel('metadata')
print(build_meta.build_wheel('../dist', metadata_directory=f'metadata/{name}'))
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of a copy of the checkout, unpacked as an installer does, without a registry."""
    place = tmp_path_factory.mktemp("wheel")
    for room in ("mwaa", *ROOMS):
        copytree(ROOT / room, place / room, ignore=ignore_patterns("__pycache__"))
    for file in ("pyproject.toml", "setup.py", "MANIFEST.in", "requirements.txt"):
        copy(ROOT / file, place)
    # What an earlier version left in the build folder must not travel along.
    (place / "build" / "lib" / "day2").mkdir(parents=True)
    (place / "build" / "lib" / "day2" / "__init__.py").touch()
    done = subprocess.run(
        [sys.executable, "-c", BUILD], cwd=place, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(place / "dist" / done.stdout.splitlines()[-1]) as wheel:
        wheel.extractall(place / "site")
    return place / "site"


@pytest.fixture(scope="module")
def user(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with packages of the user's own, which nothing of ours may load."""
    folder = tmp_path_factory.mktemp("user")
    for room in (*ROOMS, "rehearsal"):
        (folder / room).mkdir()
        (folder / room / "__init__.py").write_text(f'raise SystemExit("loaded the user\'s {room}")')
    return folder


def run(site: Path, user: Path, *arguments: str) -> str:
    """What Python prints in the user's folder, whose packages come first on its path."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=user,
        env={**environ, "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_one_top_level_package_holds_every_module(site: Path) -> None:
    assert [path.name for path in site.iterdir() if not path.name.endswith(".dist-info")] == [
        "mwaa"
    ]
    (top,) = site.glob("*.dist-info/top_level.txt")
    assert top.read_text(encoding="utf-8").split() == ["mwaa"]
    wanted = {
        (path.relative_to(ROOT) if room == "mwaa" else Path("mwaa") / path.relative_to(ROOT))
        for room in ("mwaa", *ROOMS)
        for path in (ROOT / room).rglob("*.py")
    }
    found = {path.relative_to(site) for path in site.rglob("*.py")}
    # The bundle is made of a checkout's files.
    assert wanted - found == {Path("mwaa/policy/bundle.py")} and found <= wanted


def test_what_it_needs_admits_the_pins_and_no_tools(site: Path) -> None:
    (metadata,) = site.glob("*.dist-info/METADATA")
    lines = message_from_string(metadata.read_text(encoding="utf-8")).get_all("Requires-Dist") or []
    needed = {r.name.lower(): r.specifier for r in map(Requirement, lines)}
    pins = {
        r.name.lower(): str(r.specifier).removeprefix("==")
        for line in (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
        if (text := line.split("#")[0].strip())
        for r in [Requirement(text)]
    }
    assert needed.keys() == pins.keys() - {"pytest"}
    assert all(specifier.contains(pins[name]) for name, specifier in needed.items())


def test_the_components_are_those_of_the_checkout(site: Path, user: Path) -> None:
    text = run(
        site,
        user,
        "-c",
        "import mwaa.components as c\n"
        "print(*(getattr(c, n).__module__ for n in c.__all__ if n != 'CLASSES'))\n"
        "print(*c.__all__)",
    )
    modules, names = text.splitlines()
    assert names.split() == components.__all__
    assert all(module.startswith("mwaa.") for module in modules.split())


def test_the_command_works(site: Path, user: Path) -> None:
    start = (
        "from importlib.metadata import distribution\n"
        "distribution('mwaa').entry_points['mwaa'].load()()"
    )
    listed = run(site, user, "-c", start, "--help")
    assert all(f"\n  {verb} " in listed for verb in VERBS)
    assert "mwaa doctor" in run(site, user, "-c", start, "doctor", "--help")
    everyone = "from mwaa.ops.cli import VERBS, help_text\nprint(*map(help_text, VERBS))"
    text = run(site, user, "-c", everyone)
    assert all(f"mwaa {verb}" in text for verb in VERBS)


def test_the_catalog_is_that_of_the_checkout(site: Path, user: Path) -> None:
    text = run(
        site,
        user,
        "-c",
        "from mwaa.policy.rules.catalog import catalog\nprint(*(r.id for r in catalog()))",
    )
    assert text.split() == [rule.id for rule in catalog()]
    assert "no-internet.json" in {p.name for p in (site / "mwaa/policy/profiles").iterdir()}


def test_a_pack_of_the_users_starts_with_its_rules(site: Path, user: Path) -> None:
    pack = user / "pack"
    pack.mkdir()
    (pack / "PulumiPolicy.yaml").write_text("runtime: python\n")
    (pack / "__main__.py").write_text("from mwaa.policy.pack import serve\n\nserve()\n")
    for room in ROOMS:
        copytree(user / room, pack / room)
    with serving(pack, PYTHONPATH=str(site)) as client:
        info = client.GetAnalyzerInfo(empty_pb2.Empty())
    rules = {rule.id for rule in catalog() if "plan" in rule.origins}
    assert {policy.name for policy in info.policies} == {*rules, WAIVERS}
