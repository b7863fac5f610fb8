"""The files of an environment, from its bucket: DAGs as they are, the others at their versions."""

from __future__ import annotations

import shutil
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

from rehearsal.airflow.place import Place
from rehearsal.airflow.specification import Specification


class Bucket:
    """Reads with ``s3``, a client of the execution role, into ``place``."""

    def __init__(self, s3: Any, spec: Specification, place: Place) -> None:
        self._s3 = s3
        self._spec = spec
        self._place = place
        self._seen: dict[str, str] = {}

    def sync_dags(self) -> int:
        """Bring the DAG folder in line with the bucket; how many files were written or removed."""
        prefix = self._spec.dags_prefix
        pages = self._s3.get_paginator("list_objects_v2").paginate(
            Bucket=self._spec.bucket, Prefix=prefix
        )
        found = {
            item["Key"].removeprefix(prefix): item["ETag"]
            for page in pages
            for item in page.get("Contents", [])
            if not item["Key"].endswith("/")
        }
        changed = [name for name, mark in found.items() if self._seen.get(name) != mark]
        for name in changed:
            self._write(self._inside(name), self._get(prefix + name))
        self._place.dags.mkdir(parents=True, exist_ok=True)
        gone = [
            file
            for file in self._place.dags.rglob("*")
            if file.is_file()
            and "__pycache__" not in file.parts
            and file.relative_to(self._place.dags).as_posix() not in found
        ]
        for file in gone:
            file.unlink(missing_ok=True)
        self._seen = found
        return len(changed) + len(gone)

    def fetch_artifacts(self) -> None:
        """The pinned requirements, plugins and startup script; what is not pinned any more goes."""
        shutil.rmtree(self._place.plugins, ignore_errors=True)
        self._place.plugins.mkdir(parents=True)
        archive = self._artifact("plugins")
        if archive is not None:
            with zipfile.ZipFile(BytesIO(archive)) as opened:
                opened.extractall(self._place.plugins)
        for kind, target in (
            ("requirements", self._place.requirements),
            ("startupScript", self._place.startup_script),
        ):
            content = self._artifact(kind)
            if content is None:
                target.unlink(missing_ok=True)
            else:
                self._write(target, content)

    def _artifact(self, kind: str) -> bytes | None:
        named = self._spec.artifact(kind)
        return self._get(*named) if named else None

    def _get(self, key: str, version: str | None = None) -> bytes:
        pinned = {"VersionId": version} if version else {}
        body: bytes = self._s3.get_object(Bucket=self._spec.bucket, Key=key, **pinned)[
            "Body"
        ].read()
        return body

    def _inside(self, name: str) -> Path:
        """Where an object belongs; a key such as ``dags/../x`` must not leave the folder."""
        target = (self._place.dags / name).resolve()
        if not target.is_relative_to(self._place.dags.resolve()):
            raise ValueError(f"the key {self._spec.dags_prefix}{name} leads out of the DAG folder")
        return target

    @staticmethod
    def _write(target: Path, content: bytes) -> None:
        """At once: Airflow reads the old file or the new one, never half of it."""
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_name(f".{target.name}.part")
        draft.write_bytes(content)
        draft.replace(target)
