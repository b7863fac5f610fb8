"""Where one environment's Airflow keeps its things on this machine."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import tempfile
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from pathlib import Path

from mwaa.service.image import HOME
from rehearsal.cli.workspace import Workspace


@dataclass(frozen=True)
class Place:
    """``home`` stands for the image's ``/usr/local/airflow``: the folders in it have its names."""

    home: Path

    @classmethod
    def of(cls, workspace: Workspace, stack: str) -> Place:
        """The place of a stack's environment."""
        return cls(workspace.home / "airflow" / stack)

    @property
    def dags(self) -> Path:
        return self.home / "dags"

    @property
    def plugins(self) -> Path:
        return self.home / "plugins"

    @property
    def requirements(self) -> Path:
        return self.home / "requirements" / "requirements.txt"

    @property
    def startup_script(self) -> Path:
        return self.home / "startup" / "startup.sh"

    @property
    def logs(self) -> Path:
        """What each process printed, beside Airflow's own files."""
        return self.home / "logs"

    @property
    def python(self) -> Path:
        """The virtual environment that the requirements are installed into."""
        return self.home / "python"

    @property
    def state(self) -> Path:
        return self.home / "state.json"

    @property
    def snapshot(self) -> Path:
        """The database as it was before another version of Airflow, until that runs."""
        return self.home / "snapshot.sql"

    @property
    def database(self) -> Path:
        """PostgreSQL's files and socket: a short path, because a socket's may have 100 bytes."""
        digest = hashlib.sha256(str(self.home.resolve()).encode()).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"mwaa-airflow-{os.getuid()}-{digest}"

    def here(self, text: str) -> str:
        """``text`` with the image's paths as they are on this machine."""
        return text.replace(HOME, f"{self.home}/")

    def secret(self, name: str) -> str:
        """A secret of this environment, made when it is first asked for and then kept."""
        self.home.mkdir(parents=True, exist_ok=True)
        file = self.home / "secrets.json"
        known = json.loads(file.read_text("utf-8")) if file.exists() else {}
        if name not in known:
            # 32 bytes in URL-safe base64: what Fernet wants, and good for all else.
            known[name] = urlsafe_b64encode(secrets.token_bytes(32)).decode()
            draft = file.with_suffix(".part")
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT, 0o600), "w") as written:
                json.dump(known, written)
            draft.replace(file)
        return str(known[name])
