"""Reads a folder of files that are to be delivered as a ``mwaa.model.platform.Platform``.

The third reader beside ``policy/plan`` and ``ops/live``: its rules are those whose origins name
``artifacts``. What the folder does not hold, as ``ops/artifacts/source.py`` reads it, the
environment has not. All else is unknown.
"""

import time
from collections.abc import Iterator
from pathlib import Path

from mwaa.model.platform import (
    UNKNOWN,
    Account,
    Bucket,
    Environment,
    Maybe,
    ObjectVersion,
    Platform,
    RouteTable,
    Subnet,
    Trial,
    known,
)
from mwaa.service.artifacts import KEYS
from ops.artifacts import archive
from ops.artifacts.source import DAGS, dags_of
from policy.analysis.artifacts.archive import MOST_TEXT_BYTES, Archive, read_archive, with_archive
from policy.analysis.artifacts.text import TEXTS, decoded

# A subnet from which no route leads: what a folder of files knows of a network without internet.
_SUBNET = Subnet(id="the subnets", vpc="their VPC")


def read(
    source: Path,
    *,
    version: str,
    is_private: bool,
    is_closed: Maybe[bool] = UNKNOWN,
    region: str = "",
    installed_at: float | None = None,
    trial: Trial | None = None,
) -> Platform:
    """The files below ``source`` for Airflow ``version``. ``is_private``: no internet for the web
    server or for the subnets; ``is_closed``: none for the subnets. ``installed_at`` is when a
    running environment got its image."""
    plugins = _plugins(source)
    objects = [
        *(_text(source / KEYS[kind], KEYS[kind]) for kind in ("requirements", "startupScript")),
        with_archive(ObjectVersion(key=KEYS["plugins"], version=None), plugins),
    ]
    there = {kind: (source / KEYS[kind]).is_file() for kind in KEYS}
    there["plugins"] = there["plugins"] or (source / "plugins").is_dir()
    keys = {KEYS[kind] for kind, is_there in there.items() if is_there}
    # Where the internet is in reach there is no subnet without a way to it.
    subnets = ((_SUBNET.id,) if is_closed else ()) if known(is_closed) else UNKNOWN
    return Platform(
        origin="artifacts",
        environment=Environment(
            id=str(source),
            name=source.resolve().name,
            airflow_version=version,
            environment_class=UNKNOWN,
            webserver_access_mode="PRIVATE_ONLY" if is_private else "PUBLIC_ONLY",
            subnets=subnets if is_private else (),
            dag_s3_path=DAGS,
            created_at=installed_at,
            requirements_s3_path=KEYS["requirements"] if there["requirements"] else None,
            plugins_s3_path=KEYS["plugins"] if there["plugins"] else None,
            startup_script_s3_path=KEYS["startupScript"] if there["startupScript"] else None,
        ),
        account=Account(region=region or UNKNOWN, now=time.time()),
        subnets=(_SUBNET,),
        route_tables=(RouteTable(id=_SUBNET.id, subnets=(_SUBNET.id,)),),
        endpoints=UNKNOWN,
        bucket=Bucket(
            id=str(source),
            name=UNKNOWN,
            objects=(*(one for one in objects if one.key in keys), *_dags(dags_of(source))),
        ),
        trial=trial or Trial(),
    )


def _text(path: Path, key: str) -> ObjectVersion:
    return ObjectVersion(key=key, version=None, text=_content(path))


def _content(path: Path) -> Maybe[str]:
    try:
        if path.stat().st_size > MOST_TEXT_BYTES:
            return UNKNOWN
        return decoded(path.read_bytes(), path.name)
    except OSError:
        return UNKNOWN


def _plugins(source: Path) -> Maybe[Archive | None]:
    """The archive as it lies there, else as `mwaa build` would make it of its folder."""
    packed = source / KEYS["plugins"]
    if packed.is_file():
        with packed.open("rb") as file:
            return read_archive(file)
    if not (source / "plugins").is_dir():
        return UNKNOWN
    members = archive.collect(source / "plugins")
    contents = {n: _content(path) for n, path in members.items() if n.endswith(TEXTS)}
    return Archive(
        tuple(members),
        {name: text for name, text in contents.items() if isinstance(text, str)},
        sum(path.stat().st_size for path in members.values()),
    )


def _dags(folder: Path | None) -> Iterator[ObjectVersion]:
    if folder is None:
        return
    for name, path in archive.collect(folder).items():
        is_text = name.endswith(TEXTS)
        text = _content(path) if is_text else UNKNOWN
        yield ObjectVersion(key=f"{DAGS}/{name}", version=None, text=text)
