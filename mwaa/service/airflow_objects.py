"""What Airflow's REST API holds beside DAGs: variables, pools, connections, roles.

Sources (read 2026-11-27):
https://airflow.apache.org/docs/apache-airflow/2.10.3/stable-rest-api-ref.html,
https://airflow.apache.org/docs/apache-airflow/3.2.1/stable-rest-api-ref.html,
https://docs.aws.amazon.com/mwaa/latest/API/API_InvokeRestApi.html
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias
from urllib.parse import quote

Form: TypeAlias = Literal["text", "number", "flag", "json", "pairs"]

PATH_LENGTH: Final = 64
"""Characters that InvokeRestApi takes of a path."""

DEFAULT_POOL: Final = "default_pool"
"""Every Airflow has it and cannot be without it."""

BUILT_IN_ROLES: Final = frozenset({"Admin", "Op", "User", "Viewer", "Public"})
"""Every Airflow has them, with rights that follow its version."""

EMPTY: Final[dict[Form, Any]] = {"text": "", "number": None, "flag": False, "json": "{}"}
"""What a member holds that nobody set, in a form that both versions of the API take."""

CONNECTION_ID: Final = re.compile(r"[\w.-]+")
"""The API makes no connection of another name; the web interface of Airflow 2 does."""

# https://airflow.apache.org/docs/apache-airflow/stable/security/secrets/mask-sensitive-values.html
# versions 2.10.3 and 3.2.1 together
SECRET_NAMES: Final = frozenset(
    {"access_key", "access_token", "api_key", "apikey", "authorization", "connection_string"}
    | {"passphrase", "passwd", "password", "private_key", "proxy", "proxies", "secret", "token"}
    | {"keyfile_dict", "service_account"}
)
"""What has one of these in its name is a secret to Airflow."""


@dataclass(frozen=True)
class Kind:
    """One collection: the member that names an object, and the others with their forms.

    ``secret`` are members that may hold secrets, ``required`` those without which Airflow makes no
    object.
    """

    word: str
    key: str
    members: dict[str, Form]
    required: tuple[str, ...]
    secret: frozenset[str] = frozenset()


KINDS: Final[dict[str, Kind]] = {
    "pools": Kind(
        "pool",
        "name",
        {"slots": "number", "description": "text", "include_deferred": "flag"},
        required=("slots",),
    ),
    "variables": Kind(
        "variable",
        "key",
        {"value": "text", "description": "text"},
        required=("value",),
        secret=frozenset({"value"}),
    ),
    "connections": Kind(
        "connection",
        "connection_id",
        {
            "conn_type": "text",
            "description": "text",
            "host": "text",
            "login": "text",
            "schema": "text",
            "port": "number",
            "password": "text",
            "extra": "json",
        },
        required=("conn_type",),
        secret=frozenset({"password", "extra"}),
    ),
    "roles": Kind("role", "name", {"actions": "pairs"}, required=("actions",)),
}
"""By the name of the collection."""


# Seen (2.10.3, 3.2.1): every other path with a slash in the name is answered with 404.
_SLASHES: Final = {False: frozenset({"variables"}), True: frozenset({"variables", "pools"})}


def item_path(collection: str, name: str, *, is_3: bool) -> str:
    """The path of one item; empty where none leads to it: InvokeRestApi takes no longer one, and
    Airflow ``is_3`` or 2 finds no such name."""
    path = f"/{collection}/{quote(name, safe='')}"
    is_found = "\n" not in name and ("/" not in name or collection in _SLASHES[is_3])
    return path if is_found and len(path) <= PATH_LENGTH else ""


def rights_of(role: Mapping[str, Any]) -> list[list[str]]:
    """Action and resource of each right of a role as Airflow's API gives it, sorted."""
    rights = role.get("actions") or ()
    return sorted([one["action"]["name"], one["resource"]["name"]] for one in rights)


def is_secret_name(name: str, more: frozenset[str] = frozenset()) -> bool:
    """Whether Airflow takes what has this name for a secret; ``more`` are names of one Airflow."""
    lower = name.strip().lower()
    return any(one in lower for one in SECRET_NAMES | more)
