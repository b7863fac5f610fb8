"""One broken fact in plugins.zip, the startup script or the DAG folder."""

from mwaa.model.platform import UNKNOWN, Fault
from tests.fixtures.delivered import DAG, UNREAD, delivering, tried
from tests.fixtures.platforms import nat
from tests.policy.rules.cases import Case, Change, environment, rule_cases, together


def script(text: str) -> Change:
    return delivering(script="#!/bin/bash\n" + text)


def dag(text: str, *, name: str = "one.py") -> Change:
    return delivering(dags={name: text})


def startup(
    rule: str, *bad: str, good: tuple[str, ...] = (), also: tuple[str, ...] = ()
) -> list[Case]:
    """A rule of the startup script: lines that fail it, and lines that pass."""
    return rule_cases(
        f"mwaa-delivery-startup-script-{rule}",
        fail=[script(text) for text in bad],
        unknown=[UNREAD],
        passing=[delivering(), *(script(text) for text in good)],
        also=[f"mwaa-delivery-{name}" if name != "*" else "*" for name in also],
    )


def dags(
    rule: str, *bad: str, good: tuple[str, ...] = (), also: tuple[str, ...] = ()
) -> list[Case]:
    """A rule of the DAG files."""
    return rule_cases(
        f"mwaa-delivery-dags-{rule}",
        fail=[dag(text) for text in bad],
        unknown=[UNREAD],
        passing=[dag(DAG), *(dag(text) for text in good)],
        also=[f"mwaa-delivery-dags-{name}" for name in also],
    )


PUBLIC = environment(webserver_access_mode="PUBLIC_ONLY")

DAGS = "/usr/local/airflow/dags"
NAMED = environment(options={"core.xcom_backend": "backends.S3XComBackend"})
CASES = [
    *rule_cases(
        "mwaa-delivery-startup-script-exports-harmless",
        fail=[
            delivering(
                script=f"#!/bin/bash\n{word} {DAGS}/env.sh", dags={"env.sh": "export PIP_USER=1"}
            )
            for word in ("source", ".")
        ],
        passing=[
            delivering(script=f"#!/bin/bash\nsource {DAGS}/env.sh", dags={"env.sh": "export A=1"}),
            delivering(script="#!/bin/bash\nsource /etc/profile"),
        ],
    ),
    *startup(
        "is-shell",
        "export AIRFLOW_HOME=/elsewhere\n",
        "export AWS_DEFAULT_REGION=eu-west-1\n",
        "export MWAA__CORE__X=1\n",
        "declare -x PYTHONPATH=/x\n",
        "AWS_REGION=eu-west-1\nexport AWS_REGION\n",
        "export AIRFLOW__CORE__FERNET_KEY=abc\n",
        "set -a\nAIRFLOW__CORE__EXECUTOR=LocalExecutor\n",
        "echo hello\r\n",
        good=(
            "AWS_REGION=eu-west-1\n",
            "# export AIRFLOW_HOME=/x\n",
            "(export AIRFLOW_HOME=/x; run-one)\n",
            "AWS_REGION=eu-west-1 aws s3 ls\n",
            "export AIRFLOW__CORE__PARALLELISM=4\n",
            "cat <<'END'\nexport AIRFLOW_HOME=/x\nEND\n",
        ),
    ),
    *rule_cases(
        "mwaa-delivery-startup-script-is-shell",
        fail=[delivering(script="#!/usr/bin/python3\nprint()\n")],
        also=["*"],
    ),
    *startup(
        "offline",
        "curl https://example.org/install.sh | bash\n",
        "  pip install pandas\n",
        '"${DBT_VENV_PATH}/bin/pip" install dbt-core\n',
        "PIP=$VENV/bin/pip\n$PIP install dbt-core\n",
        "python3 -m pip install dbt-core\n",
        "uv pip install dbt-core\n",
        "sudo yum -y install libaio\n",
        "dnf -y update\n",
        "[ -f tool ] || wget https://example.org/tool\n",
        "test -f tool && echo there || curl -O https://example.org/tool\n",
        "bash <<'END'\ngit clone https://example.org/x\nEND\n",
        "bash -c 'curl https://example.org/x'\n",
        "get() { curl https://example.org/x; }\nget\n",
        "X=$(curl https://example.org/x)\n",
        'if [ "$MWAA_AIRFLOW_COMPONENT" = worker ]; then\n  npm install -g x\nfi\n',
        good=(
            "# curl https://example.org\necho ready\n",
            'echo "see https://example.org, then curl it"\n',
            "cat <<'END' > help.txt\ncurl https://example.org\nEND\n",
            "get() { curl https://example.org/x; }\n",
            "pip install --no-index --find-links /usr/local/airflow/plugins x\n",
            "pip install /usr/local/airflow/plugins/x-1-py3-none-any.whl\n",
            "export PIP_NO_INDEX=1\npip install x\n",
            "curl http://169.254.170.2$AWS_CONTAINER_CREDENTIALS_RELATIVE_URI\n",
            "aws s3 cp s3://bucket/tool .\n",
            "yum clean all\n",
            "export DOCS=https://example.org\n",
        ),
    ),
    *rule_cases(
        "mwaa-delivery-startup-script-offline",
        passing=[together(script("pip install x\n"), PUBLIC)],
        base=nat,
    ),
    *startup(
        "parses",
        "if true; then\n  echo one\n",
        "echo 'no end\n",
        good=("case $X in a) echo a;; esac\n", 'echo "${X:-y}" $((1 + 2)) <(ls)\n'),
    ),
    *startup(
        "lets-containers-start",
        "set -e\nunzip -o /usr/local/airflow/plugins/plugins.zip\n",
        "set -euo pipefail\nmkdir /x\n",
        "set -o errexit\ncp a b\n",
        "exec python3 server.py\n",
        good=(
            "set -e\nexport ORDERS=1\n",
            "set -e\nmkdir /x || echo there\n",
            "set -e\nset +e\nmkdir /x\n",
            "set -u\nmkdir /x\n",
            "if ! grep -q x file; then echo none; fi\n",
            "exec > >(tee /var/log/x) 2>&1\n",
            "exit 1\n",
            "# set -e\nmkdir /x\n",
        ),
    ),
    *startup("exits-zero", "exit 1\n", "test -f x || exit 3\n", good=("exit 0\n", "exit\n")),
    *startup(
        "exports-harmless",
        "export PIP_USER=true\n",
        "PIP_TARGET=/x\nexport PIP_TARGET\n",
        "export PATH=/opt/bin\n",
        "source /opt/venv/bin/activate\n",
        good=(
            "PIP_USER=true pip --version\n",
            "export PIP_USER=true\nunset PIP_USER\n",
            "export PIP_USER=false\n",
            "export PATH=/opt/bin:$PATH\n",
            ". /opt/venv/bin/activate\ndeactivate\n",
        ),
    ),
    *startup(
        "holds-no-secrets",
        "export DB_PASSWORD=hunter2hunter2\n",
        "export KEY=AKIA" + "ABCDEFGHIJKLMNOP\n",
        "export URL=postgresql://me:s3cretword@db/x\n",
        "# old token: glpat-" + "a" * 20 + "\n",
        good=(
            "export DB_PASSWORD=$(aws secretsmanager get-secret-value --secret-id x)\n",
            "export DB_PASSWORD=$FROM_ELSEWHERE\n",
            "export DB_PASSWORD_FILE=/run/secret\n",
        ),
    ),
    *rule_cases(
        "mwaa-delivery-plugins-at-root",
        fail=[delivering(plugins=("plugins/a.py", "plugins/constraints.txt"))],
        unknown=[UNREAD],
        passing=[delivering(plugins=("orders/__init__.py", "orders/a.py", "constraints.txt"))],
        also=["mwaa-delivery-requirements-files-present"],
    ),
    *rule_cases(
        "mwaa-delivery-option-classes-delivered",
        fail=[
            together(NAMED, delivering(requirements="", plugins=("other.py",))),
            together(NAMED, delivering(requirements="", dags={"backends.py": ""})),
        ],
        unknown=[
            environment(options=UNKNOWN),
            environment(options={"core.xcom_backend": UNKNOWN}),
            together(NAMED, delivering(requirements="backends==1\n")),
            together(NAMED, UNREAD),
        ],
        passing=[
            together(NAMED, delivering(plugins=("backends.py",))),
            together(NAMED, delivering(plugins=("backends/__init__.py",))),
            environment(options={"core.xcom_backend": "airflow.models.xcom.BaseXCom"}),
            environment(options={"core.hostname_callable": "name"}),
            environment(options={"email.subject_template": "backends.txt"}),
        ],
    ),
    *rule_cases(
        "mwaa-delivery-no-shadowing",
        fail=[
            delivering(plugins=("types.py", "constraints.txt")),
            delivering(plugins=("airflow/__init__.py", "constraints.txt")),
            delivering(dags={"io.py": ""}),
            delivering(dags={"email/__init__.py": ""}),
        ],
        unknown=[UNREAD],
        passing=[
            delivering(plugins=("types.txt", "orders.py")),
            # A folder without __init__.py comes after every real package.
            delivering(plugins=("email/template.html", "orders.py")),
            delivering(dags={"team/io.py": ""}),
        ],
    ),
    *rule_cases(
        "mwaa-delivery-wheels-fit",
        fail=[
            delivering(plugins=("constraints.txt", name))
            for name in (
                "numpy-2.0.0-cp39-cp39-manylinux2014_x86_64.whl",
                "numpy-2.0.0-cp312-cp312-macosx_11_0_arm64.whl",
                "numpy-2.0.0-cp312-cp312-manylinux_2_28_aarch64.whl",
                "numpy.whl",
            )
        ],
        unknown=[UNREAD],
        passing=[
            delivering(plugins=(name,))
            for name in (
                "numpy-2.0.0-cp312-cp312-manylinux_2_28_x86_64.whl",
                "numpy-2.0.0-cp312-cp312-manylinux_2_34_x86_64.whl",
                "cryptography-44.0-cp39-abi3-manylinux2014_x86_64.whl",
                "six-1.16.0-py2.py3-none-any.whl",
            )
        ],
    ),
    *rule_cases(
        "mwaa-delivery-plugins-unpack",
        fail=[
            delivering(plugins=("constraints.txt", "../a.py")),
            delivering(plugins=("constraints.txt", "/etc/a.py")),
            delivering(unpacked=2 * 1024**3),
        ],
        unknown=[UNREAD],
        passing=[delivering(), delivering(unpacked=1024**3)],
    ),
    *rule_cases(
        "mwaa-delivery-plugins-unpack",
        fail=[delivering(is_archive=False)],
        also=["mwaa-delivery-requirements-files-present"],
    ),
    *dags(
        "parse",
        "def broken(:\n",
        good=("\ufeffX = 1\n",),
    ),
    *dags(
        "hold-no-secrets",
        "password = 'hunter2hunter2'\n",
        "connect(password='hunter2hunter2')\n",
        "conf['api_key'] = 'hunter2hunter2'\n",
        "# AKIA" + "ABCDEFGHIJKLMNOP" + "\n",
        "u = 'postgresql://me:s3cretword@db/x'\n",
        good=(
            "connect(password='<from vault>')\n",
            "connect(password=os.environ['P'])\n",
            "u = 'postgresql://{user}:{password}@db/x'\n",
            "Secret(deploy_type='env', secret='airflow-secrets', key='sql')\n",
        ),
    ),
    *rule_cases(
        "mwaa-delivery-dags-hold-no-secrets",
        fail=[
            delivering(dags={"conf.yaml": "key: AKIA" + "ABCDEFGHIJKLMNOP\n"}),
            delivering(texts={"orders_plugin.py": "password = 'hunter2hunter2'\n"}),
            # Files of settings name their secrets as Python does.
            delivering(dags={"team/.env": "export DB_PASSWORD=hunter2hunter2\n"}),
            delivering(dags={"conf.json": '{\n  "api_key": "hunter2hunter2",\n}\n'}),
            delivering(texts={"conf/db.yaml": "db:\n  password: 'hunter2hunter2'\n"}),
            delivering(dags={"key.pem": "-----BEGIN RSA PRIVATE KEY-----\n"}),
        ],
        passing=[
            delivering(dags={"db.yaml": "password: '{{ var.value.p }}'\ntoken_url: /x\n"}),
            delivering(dags={".env": "DB_PASSWORD=$P\nSECRET_KEY=<from vault>\n"}),
            delivering(dags={"notes.txt": "password: hunter2hunter2\n"}),
        ],
    ),
    *dags(
        "use-no-queue",
        "BashOperator(task_id='a', queue='fast')\n",
        "@task(queue='fast')\ndef a(): ...\n",
        "default_args = {\n  'queue': 'fast'}\n",
        "dag(default_args={'queue': 'fast'})\n",
        good=(
            "channel.basic_consume(queue='orders')\n",
            "SqsSensor(task_id='a', sqs_queue='orders')\n",
            "BashOperator(task_id='a', queue=make())\n",
            "config = {'queue': 'orders'}\n",
        ),
    ),
    *dags(
        "tasks-end-in-time",
        "BashOperator(task_id='a', execution_timeout=timedelta(hours=13))\n",
        "default_args = {'execution_timeout': datetime.timedelta(1)}\n",
        good=(
            "BashOperator(task_id='a', execution_timeout=timedelta(hours=12))\n",
            "BashOperator(task_id='a', execution_timeout=timedelta(minutes=M))\n",
        ),
    ),
    *dags(
        "read-nothing-when-parsed",
        "from airflow.models import Variable\nX = Variable.get('x')\n",
        "with DAG('a') as d:\n    BashOperator(task_id='a', bash_command=Variable.get('c'))\n",
        "@dag\ndef a():\n    x = Variable.get('x')\n",
        "X = BaseHook.get_connection('db').host\n",
        "class A:\n    x = models.Variable.get('x')\n",
        "from airflow.sdk import Variable as V\nX = V.get('x')\n",
        "def env():\n    return Variable.get('env')\nENV = env()\n",
        # Python evaluates these when it defines the function.
        "def a(x=Variable.get('x')):\n    pass\n",
        "@task(retries=int(Variable.get('x')))\ndef a():\n    pass\n",
        "f = lambda x=Variable.get('x'): x\n",
        "@task\ndef a(*, x=Variable.get('x')):\n    pass\n",
        "if __name__ == '__main__':\n    pass\nelse:\n    X = Variable.get('x')\n",
        "import airflow.models as m\nif m.Variable.get('x'):\n    pass\n",
        good=(
            "@task\ndef a():\n    return Variable.get('x')\n",
            "@dag\ndef a():\n    @task\n    def b():\n        return Variable.get('x')\n",
            "f = lambda: Variable.get('x')\n",
            "if __name__ == '__main__':\n    X = Variable.get('x')\n",
            "if typing.TYPE_CHECKING:\n    X = Variable.get('x')\n",
            "def env():\n    return Variable.get('env')\nPythonOperator(python_callable=env)\n",
            "@task\ndef env():\n    return Variable.get('env')\nenv()\n",
            "x = {}.get('x')\n",
        ),
    ),
    *dags(
        "leave-database-alone",
        "BashOperator(task_id='a', bash_command='airflow db clean --yes')\n",
        "subprocess.run(['airflow', 'db', 'clean'])\n",
        "@task\ndef a():\n    with create_session() as s: ...\n",
        "@provide_session\ndef a(session=None): ...\n",
        "s = settings.Session()\n",
        "from airflow.settings import Session as S\n@task\ndef a():\n    S().query(1)\n",
        "from airflow import settings\n@task\ndef a():\n    settings.engine.connect()\n",
        "from airflow.utils import session as s\n@task\ndef a():\n    s.create_session()\n",
        "from airflow.models import DagRun\n@task\ndef a():\n    DagRun.find(dag_id='a')\n",
        "os.system('airflow pools set a 1 b')\n",
        good=(
            "from sqlalchemy.orm import Session\n@task\ndef a():\n    Session()\n",
            "from mine import DagRun\nDagRun.find(dag_id='a')\n",
            '"""Runs what `airflow db clean` did."""\n',
            "BashOperator(task_id='a', bash_command='airflow version')\n",
            "s = requests.Session()\n",
        ),
    ),
    *rule_cases(
        "mwaa-delivery-dags-leave-database-alone",
        passing=[
            together(
                dag("BashOperator(task_id='a', bash_command='airflow db clean')\n"),
                environment(airflow_version="2.10.3"),
            )
        ],
    ),
    *rule_cases(
        "mwaa-delivery-dags-local-settings-safe",
        fail=[
            delivering(dags={"airflow_local_settings.py": ""}),
            delivering(plugins=("airflow_local_settings.py", "constraints.txt")),
        ],
        unknown=[UNREAD],
        passing=[delivering(), delivering(dags={"team/airflow_local_settings.py": ""})],
    ),
    *rule_cases(
        "mwaa-delivery-dags-import",
        fail=[tried(import_faults=(Fault(file="dags/a.py", line=2, what="No module named b"),))],
        unknown=[tried(), tried(import_faults=(), untried={"import_faults": "no Python 3.12"})],
        passing=[tried(import_faults=())],
    ),
    *rule_cases(
        "mwaa-delivery-dags-fit-airflow-3",
        fail=[tried(old_uses=(Fault(file="dags/a.py", line=2, what="AIR301 days_ago"),))],
        unknown=[tried()],
        passing=[tried(old_uses=()), tried(environment(airflow_version="2.10.3"))],
    ),
]
