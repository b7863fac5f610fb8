"""A real browser, where this machine has one: Chromium, or Chrome, without a window."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
UNFINISHED = ("location.hash.slice", "main-frame-error")
"""Of the page that logs in, and of the browser's own errors: a busy machine may get no further."""
ATTEMPTS = 4
LOADED_MILLISECONDS = 20_000
"""Of the page's own time, which passes while nothing is loaded; real seconds are fewer."""


def program() -> str | None:
    """Where it is."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def page(url: str, home: Path) -> str:
    """The document that stands at the end of all redirects and scripts, as HTML; the browser
    remembers nothing between two ``home`` folders."""
    found = program()
    assert found
    options = [
        *("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"),
        *(f"--user-data-dir={home}", f"--virtual-time-budget={LOADED_MILLISECONDS}"),
        *("--no-proxy-server", "--no-first-run"),
    ]
    for _ in range(ATTEMPTS):
        done = subprocess.run(
            [found, *options, "--dump-dom", url],
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        )
        if not any(one in done.stdout for one in UNFINISHED):
            break
    return done.stdout
