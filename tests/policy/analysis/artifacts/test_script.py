"""Startup scripts as people write them, and what the rules on them find."""

import pytest

from mwaa.model.platform import ObjectVersion, Platform
from policy.rules.catalog import catalog
from tests.fixtures.changes import items, present, with_bucket, with_environment
from tests.fixtures.platforms import nat, no_internet

PREFIX = "mwaa-delivery-startup-script-"
RULES = [rule for rule in catalog() if rule.id.startswith(PREFIX)]
STARTS, OFFLINE, EXPORTS = "lets-containers-start", "offline", "exports-harmless"
SECRETS, EXITS, SHELL = "holds-no-secrets", "exits-zero", "is-shell"
PARSES = "parses"
PASSWORD = "hunter2" * 2


def platform(text: str, made: Platform) -> Platform:
    """The platform with this startup script."""
    script = ObjectVersion(key="s.sh", version="v", is_latest=True, text=f"#!/bin/bash\n{text}\n")
    made = with_bucket(made, objects=(*items(present(made.bucket).objects), script))
    return with_environment(made, startup_script_s3_path="s.sh")


def found(text: str, place: Platform | None = None) -> dict[str, str]:
    """What each rule finds in a script; rules that find nothing are left out. ``place`` is by
    default a platform without internet."""
    made = platform(text, place or no_internet())
    judged = {rule.id.removeprefix(PREFIX): rule.examine(made) for rule in RULES}
    return {
        rule: "; ".join(f.found for f in findings) for rule, findings in judged.items() if findings
    }


# The script after its first line, and each rule that has something to say, with a word of it.
SCRIPTS: dict[str, tuple[str, dict[str, str]]] = {
    "output into a file": ("exec >/var/tmp/log 2>&1\necho a", {}),
    "output into a pipe": ("exec > >(tee -a /var/tmp/log) 2>&1", {}),
    "more descriptors": ("exec 3>&1 4>&2", {}),
    "another program": ("exec airflow scheduler", {STARTS: "exec"}),
    "another program under a name": ("exec -a x sleep 1", {STARTS: "exec"}),
    "another program in a function": ('run() { exec "$@"; }\nrun sleep 1', {STARTS: "exec"}),
    "another program in a subshell": ("(exec date)", {}),
    "another program behind": ("exec sleep 1 &", {}),
    "another program in a pipe": ("exec cat x | grep y", {}),
    "another program for its output": ("X=$(exec date)", {}),
    "nothing ends it": ("sleep infinity", {STARTS: "sleep infinity"}),
    "nothing waits for it": ("sleep infinity &\ntail -f /var/tmp/log &", {}),
    "a log that is followed": ("tail -F /var/tmp/log", {STARTS: "tail -F"}),
    "every failure ends it": ("set -Eeuo pipefail\nunzip x.zip", {STARTS: "unzip in line 3"}),
    "every failure ends it, in main": (
        'main() {\n set -e\n unzip x\n}\nmain "$@"',
        {STARTS: "unzip in line 4"},
    ),
    "failures in a subshell": ("(set -e; echo a)", {}),
    "failures until then": ("set -e\necho a\nset +e\nunzip x", {}),
    "a wait beyond its time": ("sleep 4m 90s", {STARTS: "waits 330 seconds"}),
    "a wait within its time": ("sleep 10\nsleep 1h &", {}),
    "an exit past the alias": ("\\exit 1", {STARTS: "line 2 exits past"}),
    "an exit of the builtin": ("[ -f x ] || builtin exit", {STARTS: "line 2 exits past"}),
    "an exit of another shell": ("(\\exit 1)\nbash -c 'exit 1'", {}),
    "a variable that is demanded": (': "${DB:?is missing}"', {STARTS: "where DB is not set"}),
    "one that a file may set": (". x.sh\necho ${DB?} $A", {STARTS: "where DB is not set"}),
    "one demanded of the image": (": ${MWAA_AIRFLOW_COMPONENT:?}", {}),
    "one in what a program reads": ("set -u\ncat > $A <<E\n$B ${C:?}\nE\ncat <<< $D", {}),
    "one demanded in a subshell": ("(: ${DB:?})\nX=$(echo ${DB:?})\necho ${DB:?} | cat", {}),
    "unset variables": ("set -u\necho $DB", {STARTS: "`set -u` line 3 ends it: DB"}),
    "unset variables, in full": ("set -o nounset\necho $DB", {STARTS: "DB is set nowhere"}),
    "unset variables later": ("echo $DB\nset -u\nset +u\necho $DB", {}),
    "variables that are set": (
        "set -u\nA=1\nread -r B C <x\nfor D in 1 2; do echo $A $B $C $D; done\n"
        'export E=${F:-} G=${H:=2}\nif [ -v I ]; then echo "$E$F$G$H$I$HOME$AWS_REGION$1"; fi',
        {},
    ),
    "variables of who is not called": ("set -u\nf() {\n echo $DB\n}", {}),
    "variables of who is called": ("set -u\nf() {\n echo $DB\n}\nf", {STARTS: "line 4"}),
    "Python without a first line": ("import os\nprint('x')", {PARSES: "line 3"}),
    "exit in a trap": ("trap 'exit 1' ERR", {EXITS: "exits with 1"}),
    "a file that is written": ("cat > /var/tmp/x.sh <<'EOF'\ncurl https://example.com\nEOF", {}),
    "a here-document of sudo bash": ("sudo bash <<EOF\nyum install -y x\nEOF", {OFFLINE: "yum"}),
    "a here-document of Python": (
        "python3 - <<'EOF'\nurlopen('https://example.com')\nEOF",
        {OFFLINE: "python3"},
    ),
    "a here-string": ("bash <<< 'pip install x'", {OFFLINE: "pip install"}),
    "a text for a shell": ("echo 'pip install x' | bash", {OFFLINE: "pip install"}),
    "a text for cat": ("echo 'pip install x' | cat", {}),
    "an installer": ("curl -LsSf https://astral.sh/uv/install.sh | sh", {OFFLINE: "curl"}),
    "a function nobody calls": ("install() { curl https://example.com; }", {}),
    "a function that retries": (
        'retry() { for i in 1 2 3; do "$@" && return; done; }\nretry pip install x',
        {OFFLINE: "pip install"},
    ),
    "a function around the program": (
        'pip() { command pip "$@" --quiet; }\npip install x',
        {OFFLINE: "pip install"},
    ),
    "a function in a trap": (
        "clean() { curl https://example.com; }\ntrap clean EXIT",
        {OFFLINE: "curl"},
    ),
    "a loop that nothing ends": ("while true; do sleep 60; done", {STARTS: "while true"}),
    "a loop that nothing ends, for": ("for ((;;)); do sleep 60; done", {STARTS: "for ((;;))"}),
    "a loop that ends": ("while :; do test -f /var/tmp/x && break; sleep 1; done", {}),
    "a loop that nobody waits for": ("while true; do sleep 60; done &", {}),
    "failures in a subshell alone": ("(set -e; cd /var/tmp)\nunzip x.zip", {}),
    "failures in a shell of its own": ("bash -c 'set -e; unzip x'\nunzip y", {}),
    "sudo with variables": ("sudo ACCEPT_EULA=Y yum install -y x", {OFFLINE: "yum install"}),
    "git elsewhere": ("git -C /var/tmp clone https://example.com/x", {OFFLINE: "git clone"}),
    "git that only looks": ("git -C /var/tmp status", {}),
    "packages of dbt": ("/var/tmp/v/bin/dbt deps", {OFFLINE: "dbt deps"}),
    "packages of Spark": ("spark-submit --packages a:b:1 x.py", {OFFLINE: "--packages"}),
    "a model of spaCy": ("python3 -m spacy download en_core_web_sm", {OFFLINE: "-m spacy"}),
    "a newer pip for an environment": (
        "python3 -m venv --upgrade-deps /var/tmp/v",
        {OFFLINE: "-m venv"},
    ),
    "uv run": ("uv run --with dbt-core dbt --version", {OFFLINE: "uv run"}),
    "uv sync": ("uv sync", {OFFLINE: "uv sync"}),
    "uv that only looks": ("uv --version\nuv venv /var/tmp/v\nuv python list", {}),
    "an index of its own network": (
        "pip install -i https://nexus.corp.internal/simple x\ncurl http://10.1.2.3/x -o y",
        {},
    ),
    "a secret for one command": (
        f'DD_API_KEY={PASSWORD} bash -c "true"',
        {SECRETS: "DD_API_KEY"},
    ),
    "a secret of the script": (f"TOKEN={PASSWORD}\necho", {SECRETS: "TOKEN"}),
    "a secret in .netrc": (
        f'echo "machine example.com login me password {PASSWORD}" > ~/.netrc',
        {SECRETS: ".netrc"},
    ),
    "sudo with options": ("sudo -H -E pip install x", {OFFLINE: "pip install"}),
    "sudo as another": ("sudo -u airflow -- pip install x", {OFFLINE: "pip install"}),
    "su": ('sudo su - airflow -c "curl https://example.com"', {OFFLINE: "curl"}),
    "bash -c": ("bash -c 'pip install x && unzip y'", {OFFLINE: "pip install"}),
    "bash -lc": ('bash -lc "dnf install -y jq"', {OFFLINE: "dnf install"}),
    "env": ("env X=1 pip install x", {OFFLINE: "pip install"}),
    "xargs": ("cat r.txt | xargs -n1 pip install", {OFFLINE: "pip install"}),
    "parallel": ("parallel pip install ::: a b", {OFFLINE: "pip install"}),
    "find": ("find . -name '*.txt' -exec pip install -r {} \\;", {OFFLINE: "pip install"}),
    "for": ("for p in a b; do pip install $p; done", {OFFLINE: "pip install"}),
    "while": ('while read -r p; do pip install "$p"; done < x', {OFFLINE: "pip install"}),
    "until": ("until curl -sf https://example.com; do sleep 1; done", {OFFLINE: "curl"}),
    "case": ("case $X in\n worker) pip install x;;\nesac", {OFFLINE: "pip install"}),
    "trap": ("trap 'curl https://example.com' EXIT", {OFFLINE: "curl"}),
    "a virtual environment": (
        'python3 -m venv "$HOME/v"\n"$HOME/v/bin/pip" install x',
        {OFFLINE: "pip install"},
    ),
    "only looking": ("pip --version\npip list\npip uninstall -y x\ncommand -v curl", {}),
    "only speaking": (": pip install x\necho pip install x\n# curl https://example.com", {}),
    "a wheel of the bucket": ("aws s3 cp s3://b/x.whl /var/tmp/\npip install /var/tmp/x.whl", {}),
    "a wheelhouse": ("pip install --no-index --find-links /var/tmp/w x", {}),
    "for one command": ("PIP_USER=1 python3 -m venv x", {}),
    "left": ("export PIP_USER=1", {EXPORTS: "PIP_USER"}),
    "left by a list": ("set -a\nPIP_USER=yes\nset +a", {EXPORTS: "PIP_USER"}),
    "left where one component starts": (
        'if [ "$MWAA_AIRFLOW_COMPONENT" = worker ]; then export PIP_USER=1; fi',
        {EXPORTS: "PIP_USER"},
    ),
    "taken back": ("export PIP_USER=1\nunset PIP_USER", {}),
    "taken back by a function": ("export PIP_USER=1\nf() { unset PIP_USER; }\nf", {}),
    "taken back by nobody": ("export PIP_USER=1\nf() { unset PIP_USER; }", {EXPORTS: "PIP_USER"}),
    "taken back elsewhere": ("export PIP_USER=1\n(unset PIP_USER)", {EXPORTS: "PIP_USER"}),
    "set again": ("export PIP_USER=1\nPIP_USER=0", {}),
    "of MWAA": ("declare -x AIRFLOW__CORE__EXECUTOR=X", {SHELL: "AIRFLOW__CORE__EXECUTOR"}),
    "a connection in JSON": (
        f'export AIRFLOW_CONN_DB=\'{{"conn_type": "x", "password": "{PASSWORD}"}}\'',
        {SECRETS: "AIRFLOW_CONN_DB"},
    ),
    "keywords of a backend": (
        f'export AIRFLOW__SECRETS__BACKEND_KWARGS=\'{{"api_key": "{PASSWORD}"}}\'',
        {SECRETS: "BACKEND_KWARGS"},
    ),
    "a connection as address": (
        f"export AIRFLOW_CONN_DB=postgres://u:{PASSWORD}@h/db",
        {SECRETS: "a password in a URL"},
    ),
    "a secret that is fetched": (
        "export AIRFLOW_CONN_DB=$(aws secretsmanager get-secret-value --secret-id x)",
        {},
    ),
}


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_as_people_write_it(name: str) -> None:
    text, wanted = SCRIPTS[name]
    findings = found(text)
    assert set(findings) == set(wanted), findings
    for rule, words in wanted.items():
        assert words in findings[rule]


def test_no_finding_holds_a_secret() -> None:
    said = [found(text) for text, wanted in SCRIPTS.values() if SECRETS in wanted]
    assert said and PASSWORD not in str(said)


COMPONENT = "${MWAA_AIRFLOW_COMPONENT}"
# What installs, and whether the web server comes to it.
BRANCHES: dict[str, tuple[str, bool]] = {
    "not there": (f'if [[ "{COMPONENT}" != "webserver" ]]; then yum install -y x; fi', False),
    "elsewhere": (f"if [ {COMPONENT} = worker ]; then yum install -y x; fi", False),
    "on two": (
        f'if [[ "{COMPONENT}" == "worker" || "{COMPONENT}" == "scheduler" ]]\n'
        "then yum install -y x; fi",
        False,
    ),
    "by pattern": (f"[[ {COMPONENT} =~ ^(worker|scheduler)$ ]] && yum install -y x", False),
    "or": (f'[ "{COMPONENT}" = webserver ] || yum install -y x', False),
    "left before": (f'if [ "{COMPONENT}" == webserver ]; then exit 0; fi\nyum install -y x', False),
    "left in one line": (f'[[ "{COMPONENT}" != worker ]] && exit\nyum install -y x', False),
    "else": (f"if [ {COMPONENT} = webserver ]; then echo; else yum install -y x; fi", False),
    "elif": (
        f"if [ {COMPONENT} = worker ]; then echo\n"
        f"elif [ {COMPONENT} = webserver ]; then yum install -y x; fi",
        True,
    ),
    "else of a worker": (
        f"if [ {COMPONENT} = worker ]; then echo; else yum install -y x; fi",
        True,
    ),
    "case": (f'case "{COMPONENT}" in\n worker|scheduler) yum install -y x;;\nesac', False),
    "any other case": (
        f"case {COMPONENT} in\n webserver) echo;;\n *) yum install -y x;;\nesac",
        False,
    ),
    "the same case": (f"case {COMPONENT} in\n web*) yum install -y x;;\nesac", True),
    "by another name": (
        f"C={COMPONENT}\nif test $C = worker; then yum install -y x; fi",
        False,
    ),
    "in a function": (
        f"java() {{ yum install -y x; }}\nif [ {COMPONENT} = worker ]; then java; fi",
        False,
    ),
    "in a function that leaves": (
        f"java() {{\n [ {COMPONENT} = webserver ] && return\n yum install -y x\n}}\njava",
        False,
    ),
    "with another question": (
        f"if [ {COMPONENT} = worker ] && [ ! -f /x ]; then yum install -y x; fi",
        False,
    ),
    "or another question": (
        f"if [ {COMPONENT} = worker ] || [ ! -f /x ]; then yum install -y x; fi",
        True,
    ),
    "on another question": ('if [ "$STAGE" != prod ]; then yum install -y x; fi', True),
    "left perhaps": ("if [ -f /x ]; then exit 0; fi\nyum install -y x", True),
    "everywhere": ("yum install -y x", True),
}


@pytest.mark.parametrize("name", BRANCHES)
def test_what_the_web_server_does_not_run_may_fetch_by_nat(name: str) -> None:
    text, is_found = BRANCHES[name]
    closed, open_ = found(text), found(text, nat())
    assert "yum install" in closed[OFFLINE]
    assert (OFFLINE in open_) is is_found
