"""The files an environment takes beside its DAGs, and what stands in for one it no longer has.

MWAA cannot take a file away again, only point to an empty one:
https://docs.aws.amazon.com/mwaa/latest/userguide/working-dags-delete.html
"""

import io
import zipfile
from typing import Final

KEYS: Final = {
    "requirements": "requirements.txt",
    "plugins": "plugins.zip",
    "startupScript": "startup.sh",
}
"""Kind -> object key. The setting of a kind is ``<kind>File``, its outputs ``<kind>Key`` and
``<kind>Version``."""

_WHY = "No setting names a file here any more, and MWAA keeps an empty one instead of none."


def _archive(name: str, text: str) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        # The defaults of an entry are the same at every time; its system is not, on every machine.
        entry = zipfile.ZipInfo(name)
        entry.create_system = 3
        archive.writestr(entry, text)
    return written.getvalue()


EMPTY: Final = {
    "requirements": f"# {_WHY}\n".encode(),
    # unzip ends with an error on an archive without any entry.
    "plugins": _archive("README.txt", f"{_WHY}\n"),
    "startupScript": f"#!/bin/sh\n# {_WHY}\n".encode(),
}
"""Kind -> bytes of the stand-in, the same everywhere: nothing to install, to load, to run."""
