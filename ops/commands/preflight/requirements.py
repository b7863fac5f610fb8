"""What a requirements.txt does to an MWAA environment, read without installing it.

Sources: https://docs.aws.amazon.com/mwaa/latest/userguide/best-practices-dependencies.html and
https://github.com/aws/amazon-mwaa-docker-images (how the image installs the file).
"""

import re
from collections.abc import Iterator
from pathlib import Path

from packaging.utils import canonicalize_name

from mwaa.service.endpoints import CODEARTIFACT, is_codeartifact
from ops.artifacts.image import ESSENTIAL, INSTALL_MINUTES, PLUGINS_FOLDER, Image
from ops.artifacts.problem import Problem, Weight
from ops.artifacts.requirements import Line, RequirementsFile
from ops.artifacts.wheels import local_path
from ops.errors import RefusedError

# Rough: fetching and unpacking a wheel on a small Fargate container, and compiling an sdist.
WHEEL_SECONDS = 1.5
SOURCE_SECONDS = 60.0
_CONSTRAINT_VERSION = re.compile(
    r"constraints-(?P<airflow>[\d.]+)/constraints-(?P<python>\d+\.\d+)"
)


def inspect_requirements(
    file: RequirementsFile, source: Path, image: Image, *, private: bool
) -> Iterator[Problem]:
    """Problems of ``file``; ``private`` when the web server or the subnets reach no internet."""
    yield from _constraint(file, source, image, private=private)
    for line in file.requirements:
        yield from _requirement(file, line, image, private=private)
    if private:
        yield from _offline(file)


def install_estimate(packages: int, from_source: int = 0) -> float:
    """Seconds that an install takes on the smallest class, roughly."""
    return packages * WHEEL_SECONDS + from_source * SOURCE_SECONDS


def install_time(file: RequirementsFile, packages: int) -> Iterator[Problem]:
    """A warning when installing ``packages`` comes near the service's limit."""
    minutes = install_estimate(packages) / 60
    if minutes > INSTALL_MINUTES / 2:
        yield _problem(
            *("requirements-install-time", Weight.WARNING, file, None),
            f"{packages} packages take about {minutes:.0f} min to install and the image stops "
            f"after {INSTALL_MINUTES}: require fewer, or move work into a container",
        )


def _constraint(
    file: RequirementsFile, source: Path, image: Image, *, private: bool
) -> Iterator[Problem]:
    values = [line for line in file.lines if line.option == "--constraint"]
    if not values:
        yield _problem(
            *("requirements-constraint", Weight.ERROR, file, None),
            f"no --constraint: MWAA then forces one of its own. Name the one of Airflow "
            f"{image.version} and Python {image.python}, best as a file in plugins.zip "
            f'(--constraint "{PLUGINS_FOLDER}/constraints.txt")',
        )
    for line in values:
        fits = _CONSTRAINT_VERSION.search(line.value)
        if fits and (fits["airflow"], fits["python"]) != (image.version, image.python):
            yield _problem(
                *("requirements-constraint-version", Weight.ERROR, file, line),
                f"the constraint is for Airflow {fits['airflow']} on Python {fits['python']}, the "
                f"environment runs {image.version} on {image.python}",
            )
        path = local_path(line.value, source)
        if path is None and private:
            yield _problem(
                *("requirements-constraint-offline", Weight.ERROR, file, line),
                "the constraint is a URL, which a private environment cannot read: put the file "
                f"into plugins/ and name {PLUGINS_FOLDER}/constraints.txt",
            )
        elif path is not None and not path.is_file():
            yield _problem(
                *("requirements-constraint-missing", Weight.ERROR, file, line),
                f"the constraint file is not in the project (looked for {path}); pip stops "
                "without it and installs nothing",
            )


def _requirement(
    file: RequirementsFile, line: Line, image: Image, *, private: bool
) -> Iterator[Problem]:
    if line.is_direct:
        yield _problem(
            *("requirements-direct", Weight.ERROR if private else Weight.WARNING, file, line),
            "a URL, repository or path is a different package tomorrow, and cannot be reached "
            "from a private network: build a wheel and require it by name and version",
        )
    elif not line.is_pinned:
        yield _problem(
            *("requirements-pinned", Weight.WARNING, file, line),
            "not pinned to one version (==): the next container may install another one",
        )
    wanted = line.requirement
    if wanted is None or line.name not in ESSENTIAL:
        return
    try:
        pinned = image.pins().get(canonicalize_name(wanted.name), "")
    except RefusedError:
        return  # without an index the resolution below is reported as unproven
    if pinned and not wanted.specifier.contains(pinned, prereleases=True):
        yield _problem(
            *("requirements-core", Weight.ERROR, file, line),
            f"the image of Airflow {image.version} has {wanted.name} {pinned} and does not let go "
            "of it: remove the line",
        )


def _offline(file: RequirementsFile) -> Iterator[Problem]:
    has_index = False
    for line in file.lines:
        if line.option not in {"--index-url", "--extra-index-url"}:
            continue
        weight, advice = Weight.ERROR, "use --no-index and --find-links"
        if is_codeartifact(line.value):
            # Which endpoints the VPC has is the plan's to judge.
            weight, advice = Weight.WARNING, f"the VPC must have {' and '.join(CODEARTIFACT)}"
            has_index = has_index or line.option == "--index-url"
        yield _problem(
            *("requirements-index", weight, file, line),
            "a private web server reaches no package index, unless it is CodeArtifact "
            f"behind its own endpoints: {advice}",
        )
    is_served = has_index or (file.is_offline and file.has("--find-links"))
    if file.requirements and not is_served:
        yield _problem(
            *("requirements-offline", Weight.ERROR, file, None),
            "the web server is private, so packages must come from plugins.zip: --no-index and "
            f"--find-links {PLUGINS_FOLDER}. `mwaa build --offline` makes both files",
        )


def _problem(
    rule: str, weight: Weight, file: RequirementsFile, line: Line | None, message: str
) -> Problem:
    return Problem(rule, weight, str(file.path), line.number if line else 0, message)
