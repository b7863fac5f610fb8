"""The packages of the image of an Airflow version, as uv resolves them.

What the image is stands in ``mwaa/service/image.py``; here it is resolved from the public index as
of the day Airflow was released, bound by the image's essential pins. Compared with AWS's list for
2.10.3 19 of 179 other pins differ.
"""

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from mwaa.service.image import OLDER, PLATFORM, essential_pins
from mwaa.service.versions import VERSIONS
from ops.artifacts import uv
from ops.errors import RefusedError


@dataclass(frozen=True)
class Image:
    """The image of Airflow ``version``: minor of its ``python``, the day its index is read at."""

    version: str
    python: str
    index_day: date

    def requirements(self) -> str:
        """What the image installs, as lines of a requirements file."""
        older = OLDER.get(self.version, {})
        return "".join(f"{name}=={version}\n" for name, version in older.items()) + (
            f"apache-airflow[celery,statsd,amazon,postgres]=={self.version}\n"
            "apache-airflow-providers-amazon[aiobotocore]\ncelery[sqs]\n"
            "pycurl\npsycopg2-binary\nwatchtower\n"
        )

    def essential(self) -> str:
        """What binds every installation, as lines of a constraints file."""
        pins = essential_pins(self.version)
        return "".join(f"{name}=={version}\n" for name, version in pins.items())

    def pins(self) -> dict[str, str]:
        """Package -> version of the image; resolved once, then read from the cache.

        Raises ``RefusedError`` when the index cannot be reached and nothing is cached.
        """
        cached = self.cached
        if not cached.exists():
            cached.parent.mkdir(parents=True, exist_ok=True)
            source, limits = cached.with_suffix(".in"), cached.with_suffix(".limits")
            source.write_text(self.requirements())
            limits.write_text(self.essential())
            made = cached.with_suffix(".part")
            ran = uv.run(
                *("pip", "compile", "--quiet", source, "--output-file", made, "--no-header"),
                *("--no-annotate", "--python-version", self.python, "--python-platform", PLATFORM),
                *("--constraint", limits, "--exclude-newer", self.index_day.isoformat()),
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
        return self.cached

    @property
    def cached(self) -> Path:
        """Where the pins of the image are kept; the name changes with what they depend on."""
        asked = self.requirements() + self.essential() + PLATFORM + self.index_day.isoformat()
        digest = hashlib.sha256(asked.encode()).hexdigest()[:8]
        return uv.cache_folder() / "images" / f"{self.version}-{digest}.txt"


def image(version: str) -> Image:
    """The image of ``version``; ``RefusedError`` for one that MWAA has not or that is too old."""
    known = VERSIONS.get(version)
    if known is None or known.python is None:
        names = ", ".join(v.version for v in VERSIONS.values() if v.python)
        raise RefusedError(
            f"Airflow {version} is not a version whose image is known; known are {names}"
        )
    # The day after, because the index is read up to the start of a day.
    return Image(version, known.python, (known.released or known.available) + timedelta(days=1))
