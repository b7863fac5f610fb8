"""Who comes in to Airflow 2's web server: the identity that the door vouches for.

On MWAA the web server trusts tokens of IAM; here it trusts the door of the environment, which knows
a secret and names user and role in headers. Runs inside the rehearsed Airflow: an authentication
backend of the REST API, and the security manager of the web pages.
"""

import hmac
import os
from functools import wraps

from airflow.providers.fab.auth_manager.security_manager.override import (
    FabAirflowSecurityManagerOverride,
)
from flask import Response, current_app, request
from flask_login import login_user

CLIENT_AUTH = None


def init_app(_):
    """Nothing to prepare; Airflow calls it of every backend."""


def vouched_user(manager):
    """The user of this request with the role that the door names, None where it is not the door."""
    given = request.headers.get("X-Mwaa-Door", "")
    if not hmac.compare_digest(given, os.environ["MWAA_DOOR_SECRET"]):
        return None
    role = manager.find_role(request.headers["X-Mwaa-Role"])
    name = request.headers["X-Mwaa-User"]
    user = manager.find_user(username=name)
    if user is None:
        return manager.add_user(name, name, "-", f"{name}@airflow.invalid", role) or None
    if user.roles != [role]:
        user.roles = [role]
        manager.update_user(user)
    return user


def requires_authentication(function):
    """Decorator of every function of the REST API."""

    @wraps(function)
    def decorated(*args, **kwargs):
        user = vouched_user(current_app.appbuilder.sm)
        if user is None:
            return Response("Unauthorized", 401, {"WWW-Authenticate": "Bearer"})
        login_user(user, remember=False)
        return function(*args, **kwargs)

    return decorated


class SecurityManager(FabAirflowSecurityManagerOverride):
    """Logs in whom the door vouches for."""

    def auth_user_remote_user(self, username):
        """Called by the login page; the name alone proves nothing."""
        return vouched_user(self)
