"""Gathers the wheels that requirements need on MWAA, and proves that they suffice offline.

What the image brings (Airflow itself) is left out; everything else the requirements need, directly
or not, becomes a wheel for the image's Python and platform, fixed by hash in a lock file.
"""

import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from packaging.utils import canonicalize_name

from mwaa.service.image import GLIBC, PLATFORM, PLUGINS_FOLDER
from ops.artifacts import uv
from ops.artifacts.image import Image
from ops.artifacts.requirements import limits, wanted
from ops.errors import RefusedError
from policy.analysis.artifacts.requirements import RequirementsFile

# The image's own: a wheel of these would replace the Airflow that AWS tested.
OF_THE_IMAGE = "apache-airflow\napache-airflow-core\napache-airflow-task-sdk\n"
PIP_PLATFORMS = (f"manylinux_2_{GLIBC}_x86_64", "manylinux_2_28_x86_64", "manylinux2014_x86_64")
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)", re.MULTILINE)


@dataclass(frozen=True)
class Sources:
    """Where packages come from: folders of own wheels, and whether an index is used besides."""

    find_links: Sequence[Path] = ()
    no_index: bool = False

    def options(self) -> list[str]:
        """The options that uv and pip spell alike."""
        links = [word for folder in self.find_links for word in ("--find-links", str(folder))]
        return links + (["--no-index"] if self.no_index else [])


def lock(
    file: RequirementsFile, source: Path, image: Image, target: Path, sources: Sources
) -> dict[str, str]:
    """Resolve into ``target`` (pins with hashes); returns package -> version.

    An existing ``target`` is kept as far as it fits, so a rebuild a year later gives the same.
    Raises ``RefusedError`` with uv's explanation of a conflict.
    """
    work = target.parent
    asked = work / "wanted.in"
    asked.write_text("".join(f"{line.text}\n" for line in wanted(file, source)))
    own = work / "image.exclude"
    own.write_text(OF_THE_IMAGE)
    if not target.exists():
        # uv keeps what is there as far as it fits: the image's own versions first.
        target.write_text(image.constraints().read_text())
    ran = uv.run(
        *("pip", "compile", "--quiet", asked, "--output-file", target, "--generate-hashes"),
        *("--no-header", "--no-annotate", "--excludes", own, "--only-binary", ":all:"),
        *("--python-version", image.python, "--python-platform", PLATFORM),
        *limits(file, source, image, work),
        *sources.options(),
    )
    if not ran.is_ok:
        raise RefusedError(
            f"{file.name} cannot be resolved with the packages of Airflow {image.version} "
            f"(Python {image.python}):\n{ran.errors}"
        )
    return {canonicalize_name(name): version for name, version in pins(target).items()}


def pins(path: Path) -> dict[str, str]:
    """Package -> version of every ``name==version`` line."""
    return dict(_PIN.findall(path.read_text()))


def gather(locked: Path, image: Image, folder: Path, sources: Sources) -> list[Path]:
    """Download the wheels of ``locked`` into ``folder``; each is checked against its hash."""
    platforms = [word for platform in PIP_PLATFORMS for word in ("--platform", platform)]
    ran = uv.run(
        *("tool", "run", "--quiet", "pip", "download", "--quiet", "--no-deps"),
        *("--require-hashes", "--only-binary", ":all:", "--implementation", "cp", *platforms),
        *("--python-version", image.python, "--dest", folder, "--requirement", locked),
        *("--disable-pip-version-check", *sources.options()),
    )
    if not ran.is_ok:
        raise RefusedError(
            "a wheel for the image could not be had; a package without one for Python "
            f"{image.python} on x86-64 Linux must be built and given with --find-links:\n"
            f"{ran.errors}"
        )
    return sorted(folder.glob("*.whl"))


@dataclass(frozen=True)
class OfflineProof:
    """Whether the built pair installs without a network; ``why`` says what was or was not shown."""

    is_proven: bool
    why: str


def prove(requirements: str, archive: Path, image: Image, work: Path) -> OfflineProof:
    """Unpack ``archive`` as MWAA does and install ``requirements`` from it, without a network.

    Raises ``RefusedError`` when the install fails.
    """
    python = uv.python(image.python)
    if python is None:
        return OfflineProof(False, f"not proven: no Python {image.python} on this machine")
    unpacked = work / "unpacked"
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(unpacked)
    wanted = work / "proof.txt"
    wanted.write_text(requirements.replace(PLUGINS_FOLDER, str(unpacked)))
    own = work / "image.exclude"
    own.write_text(OF_THE_IMAGE)
    made = uv.run("venv", "--quiet", "--python", python, work / "proof", offline=True)
    isolation = uv.isolation()
    ran = (
        made
        if not made.is_ok
        else uv.run(
            *("pip", "install", "--quiet", "--python", work / "proof", "--requirement", wanted),
            *("--excludes", own, "--only-binary", ":all:", "--no-cache"),
            offline=True,
            wrapper=isolation,
        )
    )
    if not ran.is_ok:
        raise RefusedError(f"the built files do not install without a network:\n{ran.errors}")
    how = "with its network taken away" if isolation else "with uv --offline"
    return OfflineProof(True, f"proven: installed on Python {image.python} {how}")
