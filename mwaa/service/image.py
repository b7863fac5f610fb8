"""Names of Python modules and wheels in the image: what a delivered file may not be called."""

import sys
from functools import cache

# dags/ and plugins/ stand first on the import path: a module of this name hides the real one.
TAKEN = sys.stdlib_module_names | {
    *("airflow", "boto3", "botocore", "celery", "flask", "kombu", "pendulum", "sqlalchemy"),
}
# The image is built on Amazon Linux 2023, whose glibc is 2.34, for x86-64.
GLIBC = 34


@cache
def _tags(python: str) -> frozenset[str]:
    from packaging.tags import compatible_tags, cpython_tags

    version = tuple(int(part) for part in python.split("."))
    platforms = [f"manylinux_2_{minor}_x86_64" for minor in range(GLIBC, 4, -1)]
    platforms += ["manylinux2014_x86_64", "manylinux2010_x86_64", "manylinux1_x86_64"]
    platforms += ["linux_x86_64"]
    found = [*cpython_tags(version, platforms=platforms)]
    found += compatible_tags(
        version, interpreter=f"cp{version[0]}{version[1]}", platforms=platforms
    )
    return frozenset(map(str, found))


def wheel_fits(file: str, python: str) -> bool:
    """Whether pip in an image with this minor of Python (``3.11``) takes a wheel of this name.

    https://packaging.python.org/en/latest/specifications/binary-distribution-format/
    """
    from packaging.utils import InvalidWheelFilename, parse_wheel_filename

    try:
        tags = parse_wheel_filename(file)[3]
    except InvalidWheelFilename:
        return False
    return any(str(tag) in _tags(python) for tag in tags)
