"""How Airflow's own web server is made to believe who comes: by version.

Airflow 2 trusts the door's secret (``inside/mwaa_identity.py``). Airflow 3 has its simple
authentication manager with one user for each role and passwords that only the door knows.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from rehearsal.airflow.door import Upstream
from rehearsal.airflow.place import Place
from rehearsal.airflow.tokens import ROLES, Token

LOWER = {role: role.lower() if role != "Public" else "viewer" for role in ROLES}
"""Role of MWAA -> the simple manager's, which has no public one."""


def variables(place: Place, is_airflow_3: bool) -> dict[str, str]:
    """What the web server is told."""
    if is_airflow_3:
        return {
            "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": ",".join(
                f"{role}:{lower}" for role, lower in LOWER.items()
            ),
            "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(place.home / "users.json"),
        }
    backends = ("airflow.api.auth.backend.session", "mwaa_identity")
    return {
        "MWAA_DOOR_SECRET": place.secret("door"),
        "AIRFLOW__API__AUTH_BACKENDS": ",".join(backends),
    }


def prepare(place: Place, is_airflow_3: bool) -> None:
    """Write the passwords of Airflow 3's users."""
    if is_airflow_3:
        file = place.home / "users.json"
        file.touch(mode=0o600)
        file.write_text(json.dumps({role: place.secret(role) for role in ROLES}), "utf-8")


def identify(place: Place, port: int, is_airflow_3: bool) -> Callable[[Token], Mapping[str, str]]:
    """The headers that a request of a token's owner goes on with."""

    def by_secret(token: Token) -> Mapping[str, str]:
        return {
            "X-Mwaa-Door": place.secret("door"),
            "X-Mwaa-User": token.name,
            "X-Mwaa-Role": token.role,
        }

    def by_password(token: Token) -> Mapping[str, str]:
        login = {"username": token.role, "password": place.secret(token.role)}
        kind = {"Content-Type": "application/json"}
        answer = Upstream(port, by_secret).ask(
            "POST", "/auth/token", kind, json.dumps(login).encode()
        )
        if answer.status >= 400:
            raise OSError(f"the login of {token.role} was refused ({answer.status})")
        return {"Authorization": f"Bearer {json.loads(answer.body)['access_token']}"}

    return by_password if is_airflow_3 else by_secret
