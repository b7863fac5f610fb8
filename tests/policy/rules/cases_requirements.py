"""One broken fact in requirements.txt, and what is right although it looks wrong."""

from mwaa.model.platform import UNKNOWN
from tests.fixtures.delivered import CODEARTIFACT, GOOD, UNREAD, delivering, tried
from tests.policy.rules.cases import (
    Case,
    Change,
    adding,
    bucket,
    environment,
    platform,
    rule_cases,
    together,
)


def requirements(text: str) -> Change:
    return delivering(requirements=text)


def file(
    rule: str, *bad: str | Change, also: tuple[str, ...] = (), good: tuple[str | Change, ...] = ()
) -> list[Case]:
    """A rule of the requirements: contents that fail, and some that pass."""

    def change(one: str | Change) -> Change:
        return requirements(one) if isinstance(one, str) else one

    return rule_cases(
        f"mwaa-delivery-{rule}",
        fail=[change(one) for one in bad],
        unknown=[UNREAD],
        passing=[delivering(), *(change(one) for one in good)],
        also=[f"mwaa-delivery-{name}" if name != "*" else "*" for name in also],
    )


LINES = GOOD.splitlines(keepends=True)
OFFLINE = "".join(LINES[2:4])
FREE = f"-c /dev/null\n{OFFLINE}"
INDEX = "ours-123456789012.d.codeartifact.us-east-1.amazonaws.com/pypi/x/simple/"
FROM_CODEARTIFACT = f"--index-url https://aws@{INDEX}\n{LINES[1]}python-slugify==8.0.4\n"
WITH_ENDPOINTS = adding("endpoints", *CODEARTIFACT)
GUIDE_SCRIPT = f"""#!/bin/sh
set -eu
TOKEN=$(aws codeartifact get-authorization-token --domain ours --output text)
export PIP_EXTRA_INDEX_URL="https://aws:$TOKEN@{INDEX}"
echo "index is set"
"""
OF_2_9_2 = "celery==5.3.0\nflask==2.2.5\n"


def included(content: str, *, by: str = "/usr/local/airflow/dags/more.txt") -> Change:
    """Requirements that include a file of the DAG folder."""
    return delivering(requirements=f"{GOOD}-r {by}\n", dags={"more.txt": content})


CASES = [
    *file(
        "requirements-pinned",
        FREE + "pandas\n",
        FREE + "pandas>=2\n",
        delivering(
            requirements=f"{FREE}-r /usr/local/airflow/dags/more.txt\n",
            dags={"more.txt": "pandas\n"},
        ),
        delivering(
            requirements=GOOD.replace("/plugins/c", "/dags/c") + "pandas\n",
            dags={"constraints.txt": "numpy==2.0.0\n"},
        ),
        good=(
            GOOD + "pandas<3\n",
            GOOD + "pandas~=2.1\n",
            included("pandas==2.2.3\n"),
            # Not for the image: its marker says so.
            GOOD + 'pywin32; sys_platform == "win32"\ntomli; python_version < "3.11"\n',
            # The constraints bound it, or the image does.
            delivering(
                requirements=GOOD.replace("/plugins/c", "/dags/c") + "pandas\n",
                dags={"constraints.txt": "pandas==2.2.3\n"},
            ),
            GOOD + "apache-airflow[oracle]\nflask\n",
            f"-c https://example.org/constraints-2.10.3/constraints-3.11.txt\n{OFFLINE}"
            "apache-airflow-providers-snowflake\n",
        ),
    ),
    *rule_cases(
        "mwaa-delivery-requirements-pinned",
        unknown=[
            # The constraints may bound it: their content is not known.
            requirements(GOOD + "pandas\n"),
            requirements("-c https://example.org/constraints-2.10.3/constraints-3.11.txt\nboto3\n"),
            delivering(
                requirements=f"{GOOD}-r /usr/local/airflow/dags/x.txt\n", dags={"x.txt": None}
            ),
        ],
    ),
    *file(
        "requirements-constrained",
        "".join(LINES[2:]),
        # The image looks for a space after the option, and then adds its own constraints too.
        GOOD.replace("--constraint ", "--constraint="),
        good=(
            f'# --constraint "https://example.org/c.txt"\n{OFFLINE}python-slugify==8.0.4\n',
            f"-c /dev/null\n{OFFLINE}python-slugify==8.0.4\n",
        ),
    ),
    *file(
        "requirements-constraints-match",
        delivering(plugins=("constraints.txt",), texts={"constraints.txt": OF_2_9_2}),
        delivering(
            requirements=GOOD.replace("/plugins/c", "/dags/c"), dags={"constraints.txt": OF_2_9_2}
        ),
        good=(
            delivering(plugins=("constraints.txt",), texts={"constraints.txt": "boto3==1.0\n"}),
            GOOD.replace('"/usr/local/airflow/plugins/constraints.txt"', "/dev/null"),
        ),
    ),
    *rule_cases(
        "mwaa-delivery-requirements-constraints-match",
        fail=[
            requirements(f"-c https://x.org/constraints-{versions}.txt\n{OFFLINE}a==1\n")
            for versions in ("2.9.2/constraints-3.11", "3.2.1/constraints-3.9")
        ],
        passing=[
            requirements(f"-c https://x.org/constraints-{versions}.txt\n{OFFLINE}a==1\n")
            for versions in ("3.2.1/constraints-3.12", "3.2.1/constraints-no-providers-3.12")
        ],
        also=["mwaa-delivery-requirements-offline"],
    ),
    *file(
        "requirements-files-present",
        GOOD.replace("/plugins/constraints.txt", "/plugins/absent.txt"),
        GOOD.replace("/plugins/constraints.txt", "/dags/constraints.txt"),
        GOOD.replace('"/usr/local/airflow/plugins/constraints.txt"', "constraints.txt"),
        GOOD + "-r /usr/local/airflow/dags/absent.txt\n",
        GOOD + "./own.whl\n",
        GOOD + "-r s3://orders-dags/more.txt\n",
        GOOD + "-r file:///usr/local/airflow/dags/absent.txt\n",
        GOOD + "-r ${AIRFLOW_HOME}/dags/absent.txt\n",
        GOOD + "/usr/local/airflow/plugins/own-1.0-py3-none-any.whl\n",
        good=(
            GOOD.replace('"/usr/local/airflow/plugins/constraints.txt"', "/dev/null"),
            GOOD.replace("/plugins/constraints", "/dags/../plugins/constraints"),
            included("pandas==2.2.3\n"),
            delivering(
                requirements=GOOD.replace("/plugins/c", "/dags/team/c"),
                dags={"team/constraints.txt": ""},
            ),
        ),
    ),
    *rule_cases(
        "mwaa-delivery-requirements-files-present",
        unknown=[
            together(requirements(GOOD.replace("/plugins/c", "/dags/c")), bucket(partial=True)),
            requirements(GOOD + "-r /opt/made-by-the-startup-script.txt\n"),
            # As conda's `pip freeze` writes it.
            requirements(GOOD + "pandas @ file:///croot/pandas\n"),
        ],
    ),
    *file(
        "requirements-readable",
        GOOD + "pandas 2.2.3\n",
        GOOD + "--no-such-option\n",
        GOOD + "pandas===\n",
        included("!!\n"),
        # One hash asks for all, and for exact versions.
        FREE + "pandas==2.2.3 --hash=sha256:0\nnumpy==2.0\n",
        FREE + "pandas<3 --hash=sha256:0\n",
        FREE + "--require-hashes\npandas==2.2.3\n",
        good=(
            FREE + "pandas==2.2.3 --hash=sha256:0\n",
            FREE + "a==1 \\\n  --hash=x\nb==2 --hash=y\nc==1; sys_platform == 'win32'\n",
        ),
    ),
    *file(
        "requirements-from-index",
        delivering(requirements="-c /dev/null\na @ https://example.org/a-1-py3-none-any.whl\n"),
        delivering(requirements="-c /dev/null\n-e git+https://example.org/a.git#egg=a\n"),
        also=("requirements-offline",),
        good=(GOOD + "/usr/local/airflow/plugins/a-1-py3-none-any.whl\n",),
    ),
    *file(
        "requirements-hold-no-secrets",
        GOOD + f"--extra-index-url https://aws:eyJ2ZXIiOjF9@{INDEX}\n",
        GOOD + "--extra-index-url https://me:hunter2hunter2@example.org/simple\n",
        GOOD + "git+https://ghp_" + "a" * 36 + "@example.org/x.git\n",
        also=("*",),
        good=(
            GOOD + "--extra-index-url https://aws:${TOKEN}@example.org/simple\n",
            GOOD + "--extra-index-url https://example.org/simple\n",
        ),
    ),
    *file(
        "requirements-offline",
        GOOD.replace("--no-index\n", ""),
        GOOD.replace("--find-links /usr/local/airflow/plugins\n", ""),
        GOOD.replace('"/usr/local/airflow/plugins/constraints.txt"', "https://example.org/c.txt"),
        f"-c /dev/null\n--index-url https://aws@{INDEX}\npython-slugify==8.0.4\n",
        good=(
            "# nothing to install\n",
            GOOD.replace("--find-links ", "--find-links="),
            # With --no-index pip asks none, wherever the line stands.
            GOOD + "--extra-index-url https://example.org/simple\n",
            "-i https://example.org/simple\n" + GOOD,
            delivering(
                requirements="-c /dev/null\npandas==2.2.3\n",
                script="export PIP_NO_INDEX=1\nexport PIP_FIND_LINKS=/usr/local/airflow/plugins\n",
            ),
            delivering(
                requirements="-c /dev/null\n-r /usr/local/airflow/dags/index.txt\na==1\n",
                dags={"index.txt": OFFLINE},
            ),
        ),
    ),
    *rule_cases(
        "mwaa-delivery-requirements-offline",
        fail=[
            requirements(FROM_CODEARTIFACT),
            delivering(requirements="-c /dev/null\na==1\n", script=GUIDE_SCRIPT),
            together(WITH_ENDPOINTS, requirements(FROM_CODEARTIFACT.replace("--", "--extra-", 1))),
            together(
                WITH_ENDPOINTS, requirements(FROM_CODEARTIFACT + "https://example.org/a.whl\n")
            ),
            delivering(
                requirements="-c /dev/null\na==1\n",
                script="export PIP_INDEX_URL=https://pypi.example.org/simple\n",
            ),
            requirements(GOOD.replace("--find-links /usr/local/airflow/plugins\n", "-f wheels\n")),
        ],
        unknown=[
            together(requirements(FROM_CODEARTIFACT), platform(endpoints=UNKNOWN)),
            together(requirements(FROM_CODEARTIFACT), platform(partial=frozenset({"endpoints"}))),
            # Indexes and files of one's own network, and of S3: nobody sees whether they answer.
            requirements("-c /dev/null\n--index-url https://nexus.corp.internal/simple\na==1\n"),
            requirements("-c /dev/null\n-i https://10.20.0.4:8443/simple\na==1\n"),
            requirements(GOOD + "https://dags.s3.us-east-1.amazonaws.com/a-1-py3-none-any.whl\n"),
            delivering(
                requirements="-c /dev/null\na==1\n",
                script="export PIP_INDEX_URL=https://pypi.corp/simple\n",
            ),
            delivering(
                requirements="-c /dev/null\n-r /usr/local/airflow/dags/index.txt\n",
                dags={"index.txt": None},
            ),
        ],
        passing=[
            together(WITH_ENDPOINTS, requirements(FROM_CODEARTIFACT)),
            together(
                WITH_ENDPOINTS,
                delivering(requirements="-c /dev/null\na==1\n", script=GUIDE_SCRIPT),
            ),
            together(
                WITH_ENDPOINTS,
                delivering(
                    requirements="-c /dev/null\n-r /usr/local/airflow/dags/index.txt\na==1\n",
                    dags={"index.txt": f"--index-url https://aws@{INDEX}\n"},
                ),
            ),
        ],
        also=["*"],
    ),
    *file(
        "airflow-not-replaced",
        GOOD + "apache-airflow==2.1.0\n",
        GOOD + "celery[sqs]==5.0.0\n",
        GOOD + "Flask_AppBuilder == 1.0\n",
        GOOD + "apache-airflow<3\n",
        GOOD + "gunicorn<20\n",
        GOOD + "watchtower~=2.0\n",
        included("sqlalchemy<2\n"),
        GOOD + "apache-airflow-core==3.0.6\n",
        good=(
            GOOD + "apache-airflow==3.2.1\n",
            GOOD + "apache-airflow-core==3.2.1\n",
            GOOD + 'Apache_Airflow[celery] == 3.2.1 ; python_version >= "3.9"\n',
            FREE + "apache-airflow==3.2.1 --hash=sha256:0\n",
            GOOD + "celery<6\n",
            # Not pinned by the image: the user's to choose.
            GOOD + "boto3==1.0\n",
            GOOD + "apache-airflow-providers-amazon==9.5.0\n",
        ),
    ),
    *rule_cases(
        "mwaa-delivery-requirements-resolve",
        fail=[tried(conflict="a==1 needs b<2, the image has b==3")],
        unknown=[tried(), tried(untried={"conflict": "no package index could be read"})],
        passing=[tried(conflict=None), tried(environment(requirements_s3_path=None))],
    ),
    *rule_cases(
        "mwaa-delivery-requirements-complete",
        fail=[tried(packages={"python-slugify": "8.0.4", "text-unidecode": "1.3"})],
        unknown=[tried(), tried(delivering(plugins=None), packages={"python-slugify": "8.0.4"})],
        passing=[
            tried(
                delivering(plugins=("wheels/python_slugify-8.0.4-py2.py3-none-any.whl",)),
                packages={"python-slugify": "8.0.4"},
            ),
            tried(requirements("-c /dev/null\na==1\n"), packages={"a": "1"}),
        ],
        also=["*"],
    ),
    *rule_cases(
        "mwaa-delivery-requirements-install-in-time",
        fail=[tried(packages={f"p{n}": "1" for n in range(300)})],
        unknown=[tried()],
        passing=[tried(packages={f"p{n}": "1" for n in range(50)})],
        also=["*"],
    ),
]
