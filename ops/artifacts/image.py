"""What the MWAA image of an Airflow version brings: its Python, platform, packages and limits.

AWS's own pins are in https://github.com/aws/amazon-mwaa-docker-images; here the image is resolved
from the public index as of the day Airflow was released. Compared with AWS's list for 2.10.3 the
core (celery, kombu, SQLAlchemy, Flask, the amazon provider) is equal and 19 of 179 pins differ.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from mwaa.service.versions import VERSIONS
from ops.artifacts import uv
from ops.errors import RefusedError

# Release days of apache-airflow, read from the package index on 2026-11-23.
RELEASED = {
    "2.7.2": date(2023, 10, 12),
    "2.8.1": date(2024, 1, 19),
    "2.9.2": date(2024, 6, 10),
    "2.10.1": date(2024, 9, 6),
    "2.10.3": date(2024, 11, 5),
    "2.11.0": date(2025, 5, 20),
    "2.11.2": date(2026, 3, 14),
    "3.0.6": date(2025, 8, 29),
    "3.2.1": date(2026, 4, 22),
    "3.3.1": date(2026, 8, 12),
}
# Fargate runs the image on x86-64; it is built on Amazon Linux 2023 (glibc 2.34).
PLATFORM = "x86_64-manylinux_2_28"
INSTALL_MINUTES = 9  # the image stops an install after this; the user guide says ten
PLUGINS_FOLDER = "/usr/local/airflow/plugins"
DAGS_FOLDER = "/usr/local/airflow/dags"
# A requirement may not contradict these: the image installs the user's file under its own pins.
ESSENTIAL = ("apache-airflow", "celery", "kombu", "sqlalchemy", "flask", "watchtower", "boto3")


@dataclass(frozen=True)
class Image:
    """The image of Airflow ``version``: minor of its ``python``, the day its index is read at."""

    version: str
    python: str
    index_day: date

    def requirements(self) -> str:
        """What the image installs, as lines of a requirements file."""
        return (
            f"apache-airflow[celery,statsd,amazon,postgres]=={self.version}\n"
            "apache-airflow-providers-amazon[aiobotocore]\ncelery[sqs]\n"
            "pycurl\npsycopg2-binary\nwatchtower\n"
        )

    def pins(self) -> dict[str, str]:
        """Package -> version of the image; resolved once, then read from the cache.

        Raises ``RefusedError`` when the index cannot be reached and nothing is cached.
        """
        cached = uv.cache_folder() / "images" / f"{self.version}.txt"
        if not cached.exists():
            cached.parent.mkdir(parents=True, exist_ok=True)
            source = cached.with_suffix(".in")
            source.write_text(self.requirements())
            made = cached.with_suffix(".part")
            ran = uv.run(
                *("pip", "compile", "--quiet", source, "--output-file", made, "--no-header"),
                *("--no-annotate", "--python-version", self.python, "--python-platform", PLATFORM),
                *("--exclude-newer", self.index_day.isoformat()),
            )
            if not ran.is_ok:
                raise RefusedError(
                    f"the packages of the Airflow {self.version} image could not be resolved: "
                    f"{ran.errors}. Is a package index reachable (UV_DEFAULT_INDEX)?"
                )
            made.replace(cached)
        lines = cached.read_text().split()
        return dict(line.split("==", 1) for line in lines if "==" in line)

    def constraints(self) -> Path:
        """A file that pins every package of the image, for ``--constraint``."""
        self.pins()
        return uv.cache_folder() / "images" / f"{self.version}.txt"


def image(version: str) -> Image:
    """The image of ``version``; ``RefusedError`` for one that MWAA has not or that is too old."""
    known = VERSIONS.get(version)
    if known is None or known.python is None:
        names = ", ".join(v.version for v in VERSIONS.values() if v.python)
        raise RefusedError(
            f"Airflow {version} is not a version whose image is known; known are {names}"
        )
    # The day after, because the index is read up to the start of a day.
    day = RELEASED.get(version, known.available) + timedelta(days=1)
    return Image(version, known.python, day)
