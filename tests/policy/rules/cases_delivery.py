"""One broken fact in what is delivered into the environment."""

from collections.abc import Callable

from mwaa.model.platform import UNKNOWN, ObjectVersion, Platform, or_unknown
from tests.fixtures import changes
from tests.fixtures.platforms import interface_endpoint
from tests.policy.rules.cases import Case, Change, adding, platform, rule_cases, together

GOOD = """# wheels only
--constraint "/usr/local/airflow/plugins/constraints.txt"
--no-index
--find-links /usr/local/airflow/plugins

python-slugify==8.0.4  # pinned
"""
SHELL = "#!/bin/bash\nexport ORDERS=1\n"
PLUGINS = ("orders/__init__.py", "orders_plugin.py")


def delivering(
    requirements: str | None = GOOD,
    script: str | None = SHELL,
    plugins: tuple[str, ...] | None = PLUGINS,
) -> Change:
    """The three artifacts with this content; None is content that was not read."""

    def change(found: Platform) -> Platform:
        objects = (
            ObjectVersion(
                key="requirements.txt",
                version="v1",
                text=or_unknown(requirements),
            ),
            ObjectVersion(key="startup.sh", version="v1", text=or_unknown(script)),
            ObjectVersion(key="plugins.zip", version="v1", members=or_unknown(plugins)),
            ObjectVersion(key="dags/a.py", version="v1"),
        )
        named = changes.with_environment(
            found,
            startup_script_s3_path="startup.sh",
            startup_script_s3_object_version="v1",
            plugins_s3_path="plugins.zip",
            plugins_s3_object_version="v1",
        )
        return changes.with_bucket(named, objects=objects)

    return change


def file(
    rule: str,
    vary: Callable[[str], Change],
    *bad: str,
    also: tuple[str, ...] = (),
    good: tuple[str, ...] = (),
) -> list[Case]:
    """A rule of one text: contents that fail, and some that pass."""
    return rule_cases(
        f"mwaa-delivery-{rule}",
        fail=[vary(text) for text in bad],
        passing=[delivering(), *(vary(text) for text in good)],
        also=[f"mwaa-delivery-{name}" for name in also],
    )


def requirements(text: str) -> Change:
    return delivering(requirements=text)


def script(text: str) -> Change:
    return delivering(script=text)


UNREAD = delivering(requirements=None, script=None, plugins=None)
LINES = GOOD.splitlines(keepends=True)
FROM_CODEARTIFACT = (
    "--index-url https://aws:t@ours-123456789012.d.codeartifact.us-east-1.amazonaws.com/pypi/x/\n"
    + LINES[1]
    + "python-slugify==8.0.4\n"
)
CODEARTIFACT = adding(
    "endpoints",
    *(interface_endpoint(f"codeartifact.{part}") for part in ("api", "repositories")),
)

CASES = [
    *(
        case
        for name in (
            "requirements-pinned",
            "requirements-constrained",
            "requirements-offline",
            "airflow-not-replaced",
            "startup-script-is-shell",
            "startup-script-offline",
            "plugins-at-root",
            "no-shadowing",
            "wheels-fit",
        )
        for case in rule_cases(f"mwaa-delivery-{name}", unknown=[UNREAD])
    ),
    *file("requirements-pinned", requirements, GOOD + "pandas\n", GOOD + "pandas>=2\n"),
    *file("requirements-constrained", requirements, "".join(LINES[2:])),
    *file(
        "requirements-offline",
        requirements,
        GOOD.replace("--no-index\n", ""),
        GOOD.replace("--find-links /usr/local/airflow/plugins\n", ""),
        GOOD.replace("--find-links /usr/local/airflow/plugins\n", "--find-links wheels\n"),
        GOOD.replace('"/usr/local/airflow/plugins/constraints.txt"', "https://example.org/c.txt"),
        good=("# nothing to install\n", GOOD.replace("--find-links ", "--find-links=")),
    ),
    *rule_cases(
        "mwaa-delivery-requirements-offline",
        fail=[
            requirements(FROM_CODEARTIFACT),
            together(CODEARTIFACT, requirements(FROM_CODEARTIFACT.replace("--", "--extra-", 1))),
            together(CODEARTIFACT, requirements(FROM_CODEARTIFACT + "https://example.org/a.whl\n")),
        ],
        unknown=[
            together(requirements(FROM_CODEARTIFACT), platform(endpoints=UNKNOWN)),
            together(requirements(FROM_CODEARTIFACT), platform(partial=frozenset({"endpoints"}))),
        ],
        passing=[together(CODEARTIFACT, requirements(FROM_CODEARTIFACT))],
        also=["*"],
    ),
    *file(
        "airflow-not-replaced",
        requirements,
        GOOD + "apache-airflow==2.1.0\n",
        GOOD + "celery[sqs]==5.0.0\n",
        GOOD + "Flask_AppBuilder == 1.0\n",
        GOOD + "apache-airflow<3\n",
        good=(
            GOOD + "apache-airflow==3.2.1\n",
            GOOD + 'Apache_Airflow[celery] == 3.2.1 ; python_version >= "3.9"\n',
            GOOD + "apache-airflow==3.2.1 --hash=sha256:0\n",
            GOOD + "celery\n./own.whl\n",
        ),
    ),
    *file(
        "startup-script-is-shell",
        script,
        "#!/usr/bin/python3\nprint()\n",
        "#!/bin/sh\nexport AIRFLOW_HOME=/elsewhere\n",
    ),
    *file(
        "startup-script-offline",
        script,
        "#!/bin/bash\ncurl https://example.org/install.sh | bash\n",
        "#!/bin/bash\n  pip install pandas\n",
        good=("#!/bin/bash\n# curl https://example.org\necho ready\n",),
    ),
    *rule_cases(
        "mwaa-delivery-plugins-at-root",
        fail=[delivering(plugins=("plugins/a.py", "plugins/b.py"))],
        passing=[delivering(plugins=("orders/__init__.py", "orders/a.py"))],
    ),
    *rule_cases(
        "mwaa-delivery-no-shadowing",
        fail=[
            delivering(plugins=("types.py", "orders.py")),
            delivering(plugins=("airflow/a.py", "b.py")),
        ],
        passing=[delivering(plugins=("types.txt", "orders.py"))],
    ),
    *rule_cases(
        "mwaa-delivery-wheels-fit",
        fail=[
            delivering(plugins=("numpy-2.0.0-cp39-cp39-manylinux2014_x86_64.whl",)),
            delivering(plugins=("numpy-2.0.0-cp312-cp312-macosx_11_0_arm64.whl",)),
            delivering(plugins=("numpy-2.0.0-cp312-cp312-manylinux_2_28_aarch64.whl",)),
            delivering(plugins=("numpy.whl",)),
        ],
        passing=[
            delivering(plugins=("numpy-2.0.0-cp312-cp312-manylinux_2_28_x86_64.whl",)),
            delivering(plugins=("cryptography-44.0-cp39-abi3-manylinux2014_x86_64.whl",)),
            delivering(plugins=("six-1.16.0-py2.py3-none-any.whl", "orders.py")),
        ],
    ),
]
