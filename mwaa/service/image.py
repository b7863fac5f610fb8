"""What the image of MWAA brings and does: its pins, modules, platform, limits and own variables.

Source unless told otherwise: https://github.com/aws/amazon-mwaa-docker-images at 9d2bebb of
2026-08-20, read 2026-11-27. It begins with Airflow 2.9.2. Options that the image forces are in
``airflow_options.py``, its Python and release days in ``versions.py``.
"""

import sys
from functools import cache
from typing import Final

# dags/ and plugins/ stand first on the import path: a module of this name hides the real one.
TAKEN = sys.stdlib_module_names | {
    *("airflow", "boto3", "botocore", "celery", "flask", "kombu", "pendulum", "sqlalchemy"),
}
GLIBC: Final = 34
"""Minor of the image's glibc 2: Amazon Linux 2023 (BillOfMaterials/System-Packages-BOM.txt)."""
PLATFORM: Final = "x86_64-manylinux_2_34"
"""The image's platform as uv names it; Fargate runs it on x86-64."""

HOME: Final = "/usr/local/airflow/"
PLUGINS_FOLDER: Final = HOME + "plugins"
DAGS_FOLDER: Final = HOME + "dags"
REQUIREMENTS_FOLDER: Final = HOME + "requirements"
LOCAL_SETTINGS: Final = "airflow_local_settings.py"
"""Executed by every component when it lies in dags/ or plugins/ (airflow_local_settings.py)."""

INSTALL_MINUTES: Final = 9
"""pip is stopped after this (python/mwaa/utils/user_requirements.py); the guide says ten."""
STARTUP_MINUTES: Final = 5
"""The startup script is stopped after this (python/mwaa/config/setup_environment.py)."""
TASK_HOURS: Final = 12
"""The visibility timeout of the Celery queue: after it SQS hands a task to a second worker."""
MOST_UNPACKED_BYTES: Final = 1024**3
"""https://docs.aws.amazon.com/mwaa/latest/userguide/configuring-dag-import-plugins.html"""

CONSTRAINTS_SEEN: Final = r"-c |--constraint "
"""What makes the image leave its own constraints away, anywhere in a line, in a comment too
(python/mwaa/utils/user_requirements.py)."""

# etc/mwaa_essential_constraints.txt of each version: pip gets these in every case.
_ESSENTIAL: Final = {
    "2.9.2": (
        "flask-appbuilder==4.4.1 flask-babel==2.0.0 flask-bcrypt==1.0.1 flask-caching==2.3.0 "
        "flask-jwt-extended==4.6.0 flask-limiter==3.7.0 flask-login==0.6.3 "
        "flask-sqlalchemy==2.5.1 flask-session==0.5.0 flask-wtf==1.2.1 flask==2.2.5 "
        "gunicorn==22.0.0 billiard==4.2.0 celery==5.4.0 gevent==24.2.1 greenlet==3.0.3 "
        "kombu==5.3.7 vine==5.1.0 sqlalchemy-jsonfield==1.0.2 sqlalchemy-utils==0.41.2 "
        "sqlalchemy==1.4.52 statsd==4.0.1 watchtower==3.2.0 fluent-logger==0.11.1"
    ),
    "2.10.1": (
        "flask-appbuilder==4.5.0 flask-babel==2.0.0 flask-bcrypt==1.0.1 flask-caching==2.3.0 "
        "flask-jwt-extended==4.6.0 flask-limiter==3.8.0 flask-login==0.6.3 "
        "flask-sqlalchemy==2.5.1 flask-session==0.5.0 flask-wtf==1.2.1 flask==2.2.5 "
        "gunicorn==23.0.0 billiard==4.2.0 celery==5.4.0 gevent==24.2.1 greenlet==3.0.3 "
        "kombu==5.4.0 vine==5.1.0 sqlalchemy-jsonfield==1.0.2 sqlalchemy-utils==0.41.2 "
        "sqlalchemy==1.4.53 statsd==4.0.1 watchtower==3.3.1 fluent-logger==0.11.1"
    ),
    "2.10.3": (
        "flask-appbuilder==4.5.2 flask-babel==2.0.0 flask-bcrypt==1.0.1 flask-caching==2.3.0 "
        "flask-jwt-extended==4.6.0 flask-limiter==3.8.0 flask-login==0.6.3 "
        "flask-sqlalchemy==2.5.1 flask-session==0.5.0 flask-wtf==1.2.2 flask==2.2.5 "
        "gunicorn==23.0.0 billiard==4.2.1 celery==5.4.0 gevent==24.10.3 greenlet==3.1.1 "
        "kombu==5.4.2 vine==5.1.0 sqlalchemy-jsonfield==1.0.2 sqlalchemy-utils==0.41.2 "
        "sqlalchemy==1.4.54 statsd==4.0.1 watchtower==3.3.1 fluent-logger==0.11.1"
    ),
    "2.11.0": (
        "flask-appbuilder==4.5.3 flask-babel==2.0.0 flask-bcrypt==1.0.1 flask-caching==2.3.1 "
        "flask-jwt-extended==4.7.1 flask-limiter==3.12 flask-login==0.6.3 "
        "flask-sqlalchemy==2.5.1 flask-session==0.5.0 flask-wtf==1.2.2 flask==2.2.5 "
        "gunicorn==23.0.0 billiard==4.2.1 celery==5.5.2 gevent==25.5.1 greenlet==3.2.2 "
        "vine==5.1.0 sqlalchemy-jsonfield==1.0.2 sqlalchemy-utils==0.41.2 sqlalchemy==1.4.54 "
        "statsd==4.0.1 watchtower==3.4.0 fluent-logger==0.11.1"
    ),
    "2.11.2": (
        "flask-appbuilder==4.5.4 flask-babel==2.0.0 flask-bcrypt==1.0.1 flask-caching==2.3.1 "
        "flask-jwt-extended==4.7.1 flask-limiter==3.12 flask-login==0.6.3 "
        "flask-sqlalchemy==2.5.1 flask-session==0.8.0 flask-wtf==1.2.2 flask==2.3.3 "
        "gunicorn==25.1.0 billiard==4.2.4 celery==5.6.2 gevent==25.9.1 greenlet==3.3.2 "
        "vine==5.1.0 sqlalchemy-jsonfield==1.0.2 sqlalchemy-utils==0.42.1 sqlalchemy==1.4.54 "
        "statsd==4.0.1 watchtower==3.4.0 fluent-logger==0.11.1"
    ),
    "3.0.6": (
        "flask-appbuilder==4.6.3 flask-babel==2.0.0 flask-bcrypt==1.0.1 flask-caching==2.3.0 "
        "flask-jwt-extended==4.7.1 flask-limiter==3.12 flask-login==0.6.3 "
        "flask-sqlalchemy==2.5.1 flask-session==0.5.0 flask-wtf==1.2.2 flask==2.2.5 "
        "gunicorn==23.0.0 billiard==4.2.1 celery==5.5.2 gevent==25.5.1 greenlet==3.2.4 "
        "kombu==5.5.4 vine==5.1.0 sqlalchemy-jsonfield==1.0.2 sqlalchemy-utils==0.41.2 "
        "sqlalchemy==1.4.54 statsd==4.0.1 watchtower==3.4.0 fluent-logger==0.11.1"
    ),
    "3.2.1": (
        "flask-appbuilder==5.2.0 flask-babel==4.0.0 flask-bcrypt==1.0.1 flask-caching==2.3.0 "
        "flask-jwt-extended==4.7.1 flask-limiter==3.12 flask-login==0.6.3 "
        "flask-sqlalchemy==3.1.1 flask-session==0.8.0 flask-wtf==1.2.2 flask==3.1.3 "
        "gunicorn==25.3.0 billiard==4.2.4 celery==5.6.3 gevent==26.4.0 greenlet==3.4.0 "
        "kombu==5.6.2 vine==5.1.0 sqlalchemy-utils==0.42.1 sqlalchemy==2.0.49 statsd==4.0.1 "
        "watchtower==3.4.0 fluent-logger==0.11.1"
    ),
    "3.3.1": (
        "flask-appbuilder==5.2.2 flask-babel==4.0.0 flask-jwt-extended==4.7.4 "
        "flask-limiter==4.1.1 flask-login==0.6.3 flask-sqlalchemy==3.1.1 "
        "flask-session==0.8.0 flask-wtf==1.3.0 flask==3.1.3 gunicorn==26.0.0 billiard==4.2.4 "
        "celery==5.6.3 gevent==26.7.0 greenlet==3.5.4 kombu==5.6.2 vine==5.1.0 "
        "sqlalchemy-utils==0.42.1 sqlalchemy==2.0.51 statsd==4.0.1 watchtower==3.4.0 "
        "fluent-logger==0.11.1"
    ),
}


OLDER: Final = {"2.11.2": {"apache-airflow-providers-celery": "3.15.2"}}
"""Version -> packages of the image (etc/airflow_constraints.txt) that were older than the public
index had on its release day, where that matters: the provider 3.17.1 sends tasks under a name that
the workers of Airflow 2.11 do not know (KeyError 'execute_command', seen 2026-11-27)."""


def essential_pins(version: str) -> dict[str, str]:
    """Package -> version that pip is bound to in the image of Airflow ``version``, and no more.

    Of a version whose image is not public, Airflow itself is the only pin that is known.
    """
    pins = (pin.partition("==") for pin in _ESSENTIAL.get(version, "").split())
    return {"apache-airflow": version} | {name: pinned for name, _, pinned in pins}


def own_parts(version: str) -> dict[str, str]:
    """Package -> version of what Airflow ``version`` is made of beside its own package.

    The image binds none of them, and pip keeps no package for one that is installed already.
    https://pypi.org/project/apache-airflow/3.2.1/ requires apache-airflow-core==3.2.1 (read
    2026-11-27).
    """
    return {} if version.startswith(("1.", "2.")) else {"apache-airflow-core": version}


# python/mwaa/config/setup_environment.py and environ.py: set again after the startup script.
PROTECTED_VARIABLES: Final = frozenset(
    {
        *("AIRFLOW_ENV_ID", "AIRFLOW_ENV_NAME", "AIRFLOW_HOME", "AIRFLOW_TASK_REVISION_ID"),
        *("AIRFLOW_VERSION", "AIRFLOW__AWS_MWAA__REDIRECT_URL", "JWT_PUBLIC_KEY"),
        *("AIRFLOW__WEBSERVER__BASE_URL", "AIRFLOW__API__BASE_URL"),
        *("AWS_DEFAULT_REGION", "AWS_REGION", "CUSTOMER_ACCOUNT_ID", "AWS_EXECUTION_ENV"),
        *("ECS_AGENT_URI", "ECS_CONTAINER_METADATA_URI", "ECS_CONTAINER_METADATA_URI_V4"),
        *("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "PYTHONPATH", "PYTHONUNBUFFERED"),
        *("WATCHTOWER_VERSION", "USE_NON_CRITICAL_LOGGING", "MWAA_AIRFLOW_COMPONENT"),
        *("MWAA_COMMAND", "AIRFLOW__CORE__DATABASE_ACCESS_ISOLATION"),
    }
)

HARMFUL_VARIABLES: Final = {
    "PIP_USER": "virtual environments of tasks then install into Airflow's own packages",
    "PIP_TARGET": "packages are installed where Airflow does not look",
    "PIP_PREFIX": "packages are installed where Airflow does not look",
    "PIP_ROOT": "packages are installed where Airflow does not look",
    "PIP_REQUIRE_VIRTUALENV": "the image's own pip then refuses to install the requirements",
    "PIP_NO_DEPS": "what the requirements need is not installed",
    "PIP_DRY_RUN": "nothing of the requirements is installed",
    "PYTHONHOME": "Python then looks for its own library elsewhere",
    "PYTHONUSERBASE": "Airflow's packages are under the old one",
    "PYTHONNOUSERSITE": "Airflow's packages are in the user's site",
    "HOME": "the containers find their files below it",
}
"""Variable -> what it does when a startup script leaves it behind: all that the script exports
stays for pip and for Airflow. Read 2026-11-27: https://pip.pypa.io/en/stable/topics/configuration/,
and of PIP_USER https://github.com/astronomer/astronomer-cosmos/issues/1883."""


def is_protected(variable: str) -> bool:
    """Whether the image sets this variable again after the startup script."""
    return variable.startswith("MWAA__") or variable in PROTECTED_VARIABLES


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
