"""Airflow 2's ``webserver_config.py`` of a rehearsal: nobody logs in by a password."""

from flask_appbuilder.const import AUTH_REMOTE_USER
from mwaa_identity import SecurityManager

AUTH_TYPE = AUTH_REMOTE_USER
AUTH_REMOTE_USER_ENV_VAR = "HTTP_X_MWAA_USER"
SECURITY_MANAGER_CLASS = SecurityManager
WTF_CSRF_ENABLED = True
WTF_CSRF_TIME_LIMIT = None
