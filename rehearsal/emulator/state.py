"""Carries the emulated account over a restart, in one file of the checkout.

The file has a readable first line with the versions it needs, then a pickle. A pickle can run
code when it is read: only a regular file that belongs to this user and that nobody else may write
is opened, and it is never taken from anywhere but the path the server was started with. It is a
cache for rehearsal and no format for exchange: other versions are refused, not converted.
"""

import hashlib
import io
import json
import os
import pickle
import platform
import stat
import threading
import time
from dataclasses import fields
from importlib.metadata import version
from pathlib import Path
from typing import Any

FORMAT = 2
_MARK = "emulated AWS state"


class StateError(RuntimeError):
    """The state file cannot be used; the message says why and what to do."""


class _Pickler(pickle.Pickler):
    """Knows the few things in moto's models that cannot be pickled as they are."""

    def reducer_override(self, obj: Any) -> Any:
        if isinstance(obj, type(threading.RLock())):
            return threading.RLock, ()
        if isinstance(obj, type(threading.Lock())):
            return threading.Lock, ()
        if type(obj).__module__.startswith("cryptography.") and hasattr(obj, "private_bytes"):
            return _private_key, (_pem(obj),)
        if type(obj).__name__ in ("AWSManagedPolicy", "IAMBackend"):
            from rehearsal.emulator.patches.iam.managed_policies import REDUCED

            # More than a thousand policies in every account.
            return REDUCED[type(obj).__name__](obj)
        return NotImplemented


def _pem(key: Any) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    pem: bytes = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return pem


def _private_key(pem: bytes) -> Any:
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    # Proving that a key of one's own making is prime takes longer than all the rest.
    return load_pem_private_key(pem, password=None, unsafe_skip_rsa_key_validation=True)


def needs() -> dict[str, str]:
    """The versions a state file is bound to, and the shape of our own records."""
    from rehearsal.emulator.mwaa.environment import (
        Airflow,
        Environment,
        Runtime,
        ServiceSide,
        Work,
    )

    shape = ";".join(
        f"{kind.__module__}.{kind.__name__}:{','.join(field.name for field in fields(kind))}"
        for kind in (Environment, ServiceSide, Work, Airflow, Runtime)
    )
    return {
        "format": str(FORMAT),
        "moto": version("moto"),
        "python": ".".join(platform.python_version_tuple()[:2]),
        "records": hashlib.sha256(shape.encode()).hexdigest()[:12],
    }


def save(path: Path, clock_offset: float) -> None:
    """Write all accounts to ``path``, as a whole or not at all."""
    body = dump(clock_offset)
    head = {_MARK: needs(), "sha256": hashlib.sha256(body).hexdigest()}
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(json.dumps(head).encode() + b"\n" + body)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def dump(clock_offset: float) -> bytes:
    """All accounts as they are, for ``restore`` in a process of the same versions."""
    from moto.core.base_backend import BackendDict

    accounts: dict[str, dict[str, dict[str, Any]]] = {}
    extras: dict[str, dict[str, Any]] = {}
    for backends in BackendDict._instances:  # type: ignore[misc]
        name = backends.service_name
        for account, region, backend in backends.iter_backends():
            accounts.setdefault(name, {}).setdefault(account, {})[region] = backend
        if hasattr(backends, "bucket_accounts"):  # S3 finds a bucket's owner there
            extras[name] = {"bucket_accounts": backends.bucket_accounts}
    buffer = io.BytesIO()
    _Pickler(buffer, protocol=5).dump(
        {"accounts": accounts, "extras": extras, "clock_offset": clock_offset}
    )
    return buffer.getvalue()


def load(path: Path) -> float | None:
    """Fill all accounts from ``path``; returns the clock's offset, None where there is no file.

    Raises StateError for a file that is foreign, damaged, or bound to other versions.
    """
    if not path.exists() and not path.is_symlink():
        return None
    _check_owner(path)
    head, _, body = path.read_bytes().partition(b"\n")
    advice = f"Stop using it: delete {path} and the rehearsal starts with an empty account."
    try:
        stated = json.loads(head)
        had, digest = stated[_MARK], stated["sha256"]
    except (ValueError, KeyError, TypeError):
        raise StateError(f"{path} is no state of the emulated AWS. {advice}") from None
    wanted = needs()
    other = [f"{name} {had.get(name)} (now {wanted[name]})" for name in wanted
             if had.get(name) != wanted[name]]  # fmt: skip
    if other:
        raise StateError(f"{path} was written with other versions: {', '.join(other)}. {advice}")
    if hashlib.sha256(body).hexdigest() != digest:
        raise StateError(f"{path} is damaged: its checksum does not match. {advice}")
    try:
        return restore(body)
    except Exception as problem:
        raise StateError(f"{path} cannot be read ({problem!r}). {advice}") from problem


def _check_owner(path: Path) -> None:
    found = path.lstat()
    if not stat.S_ISREG(found.st_mode) or found.st_uid != os.getuid():
        raise StateError(f"{path} is not a regular file of this user; it is not read.")
    if found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise StateError(f"{path} can be written by others; it is not read. chmod 600 it.")


def restore(body: bytes) -> float:
    """Put the accounts of ``dump`` in place; returns the clock's offset."""
    import moto.backends

    document = pickle.loads(body)  # noqa: S301 - made by this process, or checked by load
    for service, accounts in document["accounts"].items():
        backends: Any = moto.backends.get_backend(service)
        for account, regions in accounts.items():
            for region, backend in regions.items():
                backends[account][region] = backend
        for name, value in document["extras"].get(service, {}).items():
            setattr(backends, name, value)
    offset: float = document["clock_offset"]
    return offset


class Saver:
    """Saves soon after a change, in the background; ``lock`` keeps requests out meanwhile."""

    def __init__(self, path: Path, lock: Any, offset: Any, pause_seconds: float = 1.0) -> None:
        self._path, self._lock, self._offset, self._pause_seconds = (
            path,
            lock,
            offset,
            pause_seconds,
        )
        self._dirty = threading.Event()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True, name="save")
        self._thread.start()

    def note(self) -> None:
        """Something may have changed."""
        self._dirty.set()

    def close(self) -> None:
        """Save what is not saved, and end."""
        self._stopped.set()
        self._dirty.set()
        self._thread.join()

    def _run(self) -> None:
        pause_seconds = self._pause_seconds
        while not self._stopped.is_set():
            self._dirty.wait()
            if not self._stopped.is_set():
                self._stopped.wait(pause_seconds)  # many writes, one save
            self._dirty.clear()
            started = time.monotonic()
            with self._lock:
                save(self._path, self._offset())
            # A large account takes seconds to save, and requests must get the most of the time.
            pause_seconds = max(self._pause_seconds, 30 * (time.monotonic() - started))
